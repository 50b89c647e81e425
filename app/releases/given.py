"""Notes which debts a release gave to its recipient: those of its lines, and those that its Warnings Index file alone names."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.core.db import among
from app.debts.models import DebtEvent
from app.disclosures import service as disclosures
from app.disclosures.lines import Lines
from app.disclosures.service import Giving
from app.releases.models import CarriedDebt, Release
from app.releases.writing import Files


def note(db: Session, actor: Actor, found: Release, lines: Lines, files: Files) -> None:
    """What the Warnings Index file alone names goes as it was shown before, so of later corrections it tells nothing."""
    giving = Giving(
        disclosures.RELEASE, found.recipient, found.purpose, found.as_at, actor.id, found.seen, about=found.id
    )
    disclosures.note(db, giving, lines)
    if files.ended or files.ended_before:
        seen = min(_seen(db, found.recipient_key, files), default=0)
        disclosures.note(db, replace(giving, seen=seen), Lines((*files.ended, *files.ended_before)))


def _seen(db: Session, recipient_key: str, files: Files) -> Iterator[int]:
    """Which events the oldest of these persons, as they were shown, knows of."""
    carried = (
        select(func.min(Release.seen))
        .join(CarriedDebt, col(CarriedDebt.release_id) == col(Release.id))
        .where(col(CarriedDebt.recipient_key) == recipient_key, among(db, col(CarriedDebt.debt_id), files.ended))
    )
    loaded = select(func.min(DebtEvent.id)).where(among(db, col(DebtEvent.debt_id), files.ended_before))
    for query in (carried, loaded):
        if (seen := db.execute(query).scalar()) is not None:
            yield seen
