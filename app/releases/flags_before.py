"""Flags from the time before this service, of debts that no release has carried to a recipient: what it was told of them.

The loading of the old register notes one addition in the feed for each flag that was on: that is how they were shown.
"""

from collections.abc import Collection, Iterator, Set
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlmodel import Session, col

from app.core.db import among
from app.core.many_rows import insert_columns
from app.debts.models import Debt, DebtEvent, RegisterImport, WarningsIndexEvent
from app.debts.warnings_index import ADD, IDENTITY, SHOWN
from app.releases.lines import A_PART, Line
from app.releases.models import CarriedDebt, Change, ImportedFlagEnded, Release, ReleaseLine

_PERSON = ("invoice_number", *IDENTITY)
_ENDED: Any = ImportedFlagEnded.__table__  # type: ignore[attr-defined]  # SQLModel adds it
_WHAT = [getattr(WarningsIndexEvent, key) for key in ("debt_id", "reference", "organisation_code", *_PERSON)]


def are_any(db: Session) -> bool:
    return db.execute(select(col(RegisterImport.id)).limit(1)).first() is not None


def shown_before(db: Session, recipient_key: str, found: Collection[Line]) -> dict[str, Line]:
    """By debt the line as it stood with the recipient, of those that no release has carried to it: `shown` where a flag
    was on before this service and no file has taken it off since.
    """
    if not found:
        return {}
    ended = and_(col(ImportedFlagEnded.debt_id) == col(Debt.id), col(ImportedFlagEnded.recipient_key) == recipient_key)
    event = WarningsIndexEvent
    added = and_(col(event.debt_id) == col(Debt.id), col(event.action) == ADD, col(event.at).in_(_loadings()))
    query = (
        select(col(Debt.id), col(event.id), col(ImportedFlagEnded.debt_id), *[getattr(event, key) for key in _PERSON])
        .select_from(Debt)
        .join(event, added, isouter=True)
        .join(ImportedFlagEnded, ended, isouter=True)
        .where(among(db, col(Debt.id), [line.debt_id for line in found]), ~_is_carried(recipient_key))
        .where(or_(col(Debt.import_id).is_not(None), col(event.id).is_not(None)))
    )
    lines, known = {line.debt_id: line for line in found}, {}
    for debt_id, event_id, ended_id, *person in db.execute(query.order_by(col(event.id))):
        said = dict(zip(_PERSON, person, strict=True)) if event_id is not None else {}
        line = lines[debt_id]
        known[debt_id] = msgspec.structs.replace(
            line, change=Change.SAME.value, shown=event_id is not None and ended_id is None, values=line.values | said
        )
    return known


def ended_now(db: Session, release: Release, without: Set[int]) -> Iterator[Line]:
    """The flags that the file of this release takes off without a line, as they were shown: each once."""
    last = ""
    for number, *event in db.execute(_ended(release), execution_options={"yield_per": A_PART}):
        said = dict(zip(("debt_id", "reference", "organisation_code", *_PERSON), event, strict=True))
        if said["debt_id"] != last and (number is None or number in without):
            last = said["debt_id"]
            values = {key: said[key] for key in _PERSON}
            yield Line(0, last, said["reference"], said["organisation_code"], Change.SAME.value, values)


def note_ended(db: Session, release: Release, debt_ids: Collection[str]) -> None:
    """The release is released: its file has told that the flags of these debts are off, whatever became of their holds."""
    there = sorted(db.execute(select(col(Debt.id)).where(among(db, col(Debt.id), debt_ids))).scalars())
    if there:
        key, told_by = [release.recipient_key] * len(there), [release.id] * len(there)
        insert_columns(db, _ENDED, {"recipient_key": key, "debt_id": there, "release_id": told_by})


def ended_before(db: Session, recipient_key: str) -> set[str]:
    """Debts of which this recipient was told that their flag from before is off."""
    query = select(col(ImportedFlagEnded.debt_id)).where(col(ImportedFlagEnded.recipient_key) == recipient_key)
    return set(db.execute(query).scalars())


def _ended(release: Release) -> Select[Any]:
    """The line here, if any, and the addition, of each debt that does not belong on the list. A held debt has no line that
    leaves; another has none when the old register had it so already, and then nothing has happened to it since.
    """
    event = WarningsIndexEvent
    here = and_(col(ReleaseLine.release_id) == release.id, col(ReleaseLine.debt_id) == col(Debt.id))
    told = select(col(ImportedFlagEnded.debt_id)).where(
        col(ImportedFlagEnded.recipient_key) == release.recipient_key, col(ImportedFlagEnded.debt_id) == col(Debt.id)
    )
    since = select(col(DebtEvent.id)).where(col(DebtEvent.debt_id) == col(Debt.id), col(DebtEvent.id) > release.seen)
    not_shown = col(Debt.status).not_in([status.value for status in SHOWN])
    as_loaded = and_(not_shown, col(ReleaseLine.line).is_(None), ~since.exists())
    return (
        select(col(ReleaseLine.line), *_WHAT)
        .select_from(event)
        .join(Debt, col(Debt.id) == col(event.debt_id))
        .join(ReleaseLine, here, isouter=True)
        .where(col(event.action) == ADD, col(event.at).in_(_loadings()))
        .where(or_(col(Debt.held), as_loaded), ~_is_carried(release.recipient_key), ~told.exists())
        .order_by(col(Debt.id), col(event.id))
    )


def _loadings() -> Select[Any]:
    return select(col(RegisterImport.at))


def _is_carried(recipient_key: str) -> ColumnElement[bool]:
    return (
        select(col(CarriedDebt.debt_id))
        .where(col(CarriedDebt.recipient_key) == recipient_key, col(CarriedDebt.debt_id) == col(Debt.id))
        .exists()
    )
