"""Marks the debts of persons who owe one trust less than the threshold (a part payment keeps a debt reportable)."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import literal_column, or_, select, update
from sqlmodel import Session, col

from app.core import clock
from app.core.db import among
from app.debts.indexes import IS_BELOW_THRESHOLD
from app.debts.models import Debt
from app.debts.rules.totals import Owed, PersonTotals
from app.organisations import service as organisations
from app.policy.tables import Policy
from app.return_template.choices import OPEN_STATUSES

_WHAT = (
    col(Debt.id), col(Debt.name_match), col(Debt.passport_match), col(Debt.amount_outstanding),
    col(Debt.invoice_date), col(Debt.below_threshold), col(Debt.status), col(Debt.organisation_code),
)  # fmt: skip
_OPEN = tuple(status.value for status in OPEN_STATUSES)


def mark(
    db: Session, policy: Policy, codes: Sequence[str], digests: Collection[str], debt_ids: Collection[str]
) -> None:
    """Sets or clears `below_threshold` on these debts and on the open debts of persons with one of these digests.

    A debt of one of these organisations is summed with those of whoever took it over and of all that were taken over.
    """
    if not digests and not debt_ids:
        return
    codes = organisations.relatives(db, codes[0], clock.today())
    concerned = _found(db, codes, digests, debt_ids)
    theirs = {digest for row in concerned.values() for digest in (row.name_match, row.passport_match) if digest}
    summed = concerned | _found(db, codes, theirs - set(digests), ())
    totals = PersonTotals(Owed(*row[:4]) for row in summed.values() if row.status in _OPEN)
    for row in concerned.values():
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
            query = select(*_WHAT).where(
                among(db, column, keys), or_(col(Debt.status).in_(_OPEN), col(Debt.below_threshold))
            )
            found |= {row.id: row for row in db.execute(query) if row.organisation_code in codes}
    return found


def digests_below(db: Session, codes: Sequence[str], digests: Collection[str]) -> set[str]:
    """Those of these digests whose person has a debt marked as below the threshold; there are few of them."""
    codes = organisations.relatives(db, codes[0], clock.today())
    query = select(col(Debt.name_match), col(Debt.passport_match)).where(
        col(Debt.organisation_code).in_(codes), literal_column(IS_BELOW_THRESHOLD)
    )
    return {digest for pair in db.execute(query) for digest in pair if digest and digest in digests}
