"""Marks the debts of persons who owe one trust less than the threshold (a part payment keeps a debt reportable)."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import literal_column, or_, select, update
from sqlmodel import Session, col

from app.core import clock
from app.core.db import Database, among, take_turns
from app.debts.indexes import IS_BELOW_THRESHOLD
from app.debts.models import Debt
from app.debts.rules.totals import Owed, PersonTotals
from app.organisations import service as organisations
from app.policy.in_force import policy_in_force
from app.policy.tables import Policy
from app.return_template.choices import OPEN_STATUSES

_WHAT = (
    col(Debt.id), col(Debt.name_match), col(Debt.passport_match), col(Debt.amount_outstanding),
    col(Debt.invoice_date), col(Debt.below_threshold), col(Debt.status), col(Debt.organisation_code),
)  # fmt: skip
_OPEN = tuple(status.value for status in OPEN_STATUSES)
_MAY_BE_MARKED = or_(col(Debt.status).in_(_OPEN), col(Debt.below_threshold))


def mark(
    db: Session, policy: Policy, codes: Sequence[str], digests: Collection[str], debt_ids: Collection[str]
) -> None:
    """Sets or clears `below_threshold` on these debts and on the open debts of persons with one of these digests.

    A debt of one of these organisations is summed with those of whoever took it over and of all that were taken over.
    """
    if not digests and not debt_ids:
        return
    together = organisations.counted_together(db, codes[0])
    concerned = _found(db, together, digests, debt_ids)
    theirs = {digest for row in concerned.values() for digest in (row.name_match, row.passport_match) if digest}
    summed = concerned | _found(db, together, theirs - set(digests), ())
    _put(db, policy, concerned.values(), summed.values())


def mergers_begun(store: Database) -> list[str]:
    """Counts anew for those that were taken over since they were counted last, or are not taken over any more: their codes.

    For whoever looks now and then: nobody sends anything on the day on which a successor begins. Of several one does it.
    """
    with store.reading() as db:
        if not organisations.not_counted_yet(db, clock.today()):
            return []
    with store.writing() as db:
        take_turns(db, ["register"])
        return _count_anew(db, policy_in_force())


def _count_anew(db: Session, policy: Policy) -> list[str]:
    begun = organisations.not_counted_yet(db, clock.today())
    concerned = {code for each in begun for code in organisations.counted_together(db, each.code)}
    for organisation in begun:
        organisation.counted_with = organisation.successor_on(clock.today())
        db.add(organisation)
    db.flush()
    concerned |= {code for each in begun for code in organisations.counted_together(db, each.code)}
    while concerned:
        together = organisations.counted_together(db, min(concerned))
        debts = db.execute(select(*_WHAT).where(col(Debt.organisation_code).in_(together), _MAY_BE_MARKED)).all()
        _put(db, policy, debts, debts)
        concerned -= together
    return [organisation.code for organisation in begun]


def _put(db: Session, policy: Policy, concerned: Iterable[Any], summed: Iterable[Any]) -> None:
    totals = PersonTotals(Owed(*row[:4]) for row in summed if row.status in _OPEN)
    for row in concerned:
        below = row.status in _OPEN and totals.total_with(Owed(*row[:4])) < policy.threshold_on(row.invoice_date)
        if below != row.below_threshold:
            db.execute(update(Debt).where(col(Debt.id) == row.id).values(below_threshold=below))


def _found(db: Session, codes: Collection[str], digests: Collection[str], debt_ids: Collection[str]) -> dict[str, Any]:
    """Debts by id that are open or marked, of persons with one of these digests or with one of these ids."""
    found: dict[str, Any] = {}
    for column, keys in (
        (col(Debt.name_match), digests),
        (col(Debt.passport_match), digests),
        (col(Debt.id), debt_ids),
    ):
        if keys:
            query = select(*_WHAT).where(among(db, column, keys), _MAY_BE_MARKED)
            found |= {row.id: row for row in db.execute(query) if row.organisation_code in codes}
    return found


def digests_below(db: Session, codes: Sequence[str], digests: Collection[str]) -> set[str]:
    """Those of these digests whose person has a debt marked as below the threshold; there are few of them."""
    together = organisations.counted_together(db, codes[0])
    query = select(col(Debt.name_match), col(Debt.passport_match)).where(
        col(Debt.organisation_code).in_(together), literal_column(IS_BELOW_THRESHOLD)
    )
    return {digest for pair in db.execute(query) for digest in pair if digest and digest in digests}
