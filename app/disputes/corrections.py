"""Corrections to pass on: what was put right on a debt after somebody had received it, until they know (UK GDPR Article 19).

Nothing is kept of what is still to be told: it follows from the history, from what was given to whom, and from what was told.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import among
from app.core.errors import Conflict, NotFound, Refused
from app.debts import corrected
from app.debts.corrected import Correction
from app.debts.models import Debt
from app.disclosures import service as disclosures
from app.disclosures.service import Receipt
from app.disputes.models import CorrectionTold, Dispute
from app.disputes.rules.cases import UPHELD
from app.return_template.choices import Choice

DISPUTE_UPHELD = "Dispute upheld"


class How(Choice):
    """How a recipient was told."""

    EMAIL = "email", "By e-mail"
    LETTER = "letter", "By letter"
    PHONE = "phone", "By phone"
    FILE = "file", "By a file of corrections"


@dataclass(frozen=True)
class ToPassOn:
    """One debt that a recipient holds as it is not any more. `through` is the newest event that they do not know of."""

    recipient_key: str
    recipient: str
    debt: Debt
    headings: Sequence[str]
    since: datetime
    through: int
    received_at: datetime


def waiting(db: Session, actor: Actor) -> list[ToPassOn]:
    """By recipient, the oldest correction first. The feed of the Warnings Index tells of its own corrections itself."""
    if not actor.may(Permission.CORRECTION_PASS_ON):
        raise NotFound
    first = disclosures.earliest_seen(db)
    if first is None:
        return []
    newest = corrected.newest_since(db, first)
    upheld = _upheld(db, first)
    for debt_id, settled in upheld.items():
        newest[debt_id] = max(newest.get(debt_id, 0), settled[-1].event_id)
    behind = _behind(db, newest)
    known = corrected.corrections_of(db, {debt_id for _, debt_id in behind})
    debts = _debts(db, {debt_id for _, debt_id in behind})
    found = []
    for (key, debt_id), (receipt, since) in behind.items():
        news = [one for one in (*known.get(debt_id, ()), *upheld.get(debt_id, ())) if one.event_id > since]
        if news:
            found.append(_to_pass_on(key, receipt, debts[debt_id], news))
    return sorted(found, key=lambda one: (one.recipient_key, one.since, one.debt.id))


def untold_of(db: Session, debt_ids: Collection[str]) -> set[str]:
    """Those of these debts of which somebody who received one does not know yet what was put right."""
    first = disclosures.earliest_seen(db)
    if first is None:
        return set()
    news: dict[str, list[Correction]] = {
        debt_id: [one for one in found if one.event_id > first]
        for debt_id, found in corrected.corrections_of(db, debt_ids).items()
    }
    for debt_id, found in _upheld(db, first).items():
        if debt_id in debt_ids:
            news.setdefault(debt_id, []).extend(found)
    newest = {debt_id: max(one.event_id for one in found) for debt_id, found in news.items() if found}
    return {debt_id for _, debt_id in _behind(db, newest)}


def mark_told(
    db: Session, actor: Actor, recipient_key: str, items: Collection[tuple[str, int]], how: How
) -> list[CorrectionTold]:
    """Notes that a recipient was told of these: each a debt's id and the event up to which it was told.

    Raises Refused (422) if there are none, Conflict (409) when one of them is not waiting any more.
    """
    if not items:
        raise Refused("Choose at least one correction that was passed on.", field="told")
    open_ = {(one.debt.id, one.through): one for one in waiting(db, actor) if one.recipient_key == recipient_key}
    if not set(items) <= set(open_):
        raise Conflict(
            "Some of these corrections are told by now, or more was corrected since. Look at the list again."
        )
    made = [
        CorrectionTold(
            debt_id=debt_id, recipient=open_[debt_id, through].recipient, recipient_key=recipient_key, through=through,
            how=how.value, at=clock.now(), by=actor.id,
        )
        for debt_id, through in sorted(set(items))
    ]  # fmt: skip
    db.add_all(made)
    db.flush()
    for told in made:
        record(
            db, actor, AuditAction.CORRECTION_PASSED_ON, "debt", told.debt_id, recipient=told.recipient, how=told.how
        )
    return made


def told_of(db: Session, debt_id: str) -> Sequence[CorrectionTold]:
    """What recipients of one debt were told otherwise than by a file, oldest first."""
    query = select(CorrectionTold).where(col(CorrectionTold.debt_id) == debt_id).order_by(col(CorrectionTold.id))
    return db.execute(query).scalars().all()


def lately_told(db: Session, actor: Actor, number: int = 20) -> list[tuple[CorrectionTold, Debt]]:
    """The newest first."""
    if not actor.may(Permission.CORRECTION_PASS_ON):
        raise NotFound
    query = select(CorrectionTold, Debt).join(Debt, col(Debt.id) == col(CorrectionTold.debt_id))
    found = db.execute(query.order_by(col(CorrectionTold.id).desc()).limit(number))
    return [(told, debt) for told, debt in found]


def _upheld(db: Session, after: int) -> dict[str, list[Correction]]:
    query = (
        select(Dispute)
        .where(col(Dispute.outcome).in_([each.value for each in UPHELD]), col(Dispute.settled_event) > after)
        .order_by(col(Dispute.settled_event))
    )
    found: dict[str, list[Correction]] = {}
    for each in db.execute(query).scalars():
        assert each.settled_event is not None and each.closed_at is not None
        found.setdefault(each.debt_id, []).append(Correction(each.settled_event, each.closed_at, (DISPUTE_UPHELD,)))
    return found


def _behind(db: Session, newest: dict[str, int]) -> dict[tuple[str, str], tuple[Receipt, int]]:
    """The recipients and debts with something newer than the last file or word, and up to which event they know."""
    query = select(col(CorrectionTold.recipient_key), col(CorrectionTold.debt_id), func.max(CorrectionTold.through))
    grouped = query.group_by(col(CorrectionTold.recipient_key), col(CorrectionTold.debt_id))
    told = {(key, debt_id): through for key, debt_id, through in db.execute(grouped)}
    behind = {}
    for key, received in disclosures.last_received(db, newest).items():
        for debt_id, receipt in received.items():
            since = max(receipt.seen or 0, told.get((key, debt_id), 0))
            if newest[debt_id] > since:
                behind[key, debt_id] = (receipt, since)
    return behind


def _debts(db: Session, debt_ids: Collection[str]) -> dict[str, Debt]:
    query = select(Debt).where(among(db, col(Debt.id), debt_ids))
    return {debt.id: debt for debt in db.execute(query).scalars()} if debt_ids else {}


def _to_pass_on(key: str, receipt: Receipt, debt: Debt, news: Sequence[Correction]) -> ToPassOn:
    in_order = sorted(news, key=lambda one: one.event_id)
    headings = dict.fromkeys(heading for one in in_order for heading in one.headings)
    through = in_order[-1].event_id
    return ToPassOn(key, receipt.recipient, debt, list(headings), in_order[0].at, through, receipt.at)
