"""Quick looks at the register as a whole before a release is made of it; `debtor-returns verify` proves much more."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlmodel import Session, col

from app.core.errors import Conflict
from app.debts import warnings_index
from app.debts.models import Debt, Hold

_A_HOLD_STANDS = exists().where(col(Hold.debt_id) == col(Debt.id), col(Hold.lifted_at).is_(None))
# What must not be, in words that follow the number of debts. Each is one pass over the debts, or less.
_MUST_NOT_BE: Sequence[tuple[str, ColumnElement[bool]]] = (
    ("flagged on the Warnings Index although held or no longer owed",
     and_(col(Debt.flagged), not_(warnings_index.belongs()))),
    ("with an amount below zero", or_(col(Debt.amount_outstanding) < 0, col(Debt.invoice_amount) < 0)),
    ("held although no hold stands", and_(col(Debt.held), not_(_A_HOLD_STANDS))),
)  # fmt: skip
_A_FEW = 3


def check(db: Session) -> None:
    """Raises Conflict (409) naming what is wrong and some of the debts, while something is."""
    wrong = [found for words, condition in _MUST_NOT_BE if (found := _found(db, words, condition))]
    if free := _found(db, "not held although a hold stands", _free_with_a_hold()):
        wrong.append(free)
    if wrong:
        raise Conflict(
            f"The register contradicts itself, so nothing may leave it: {'; '.join(wrong)}. "
            "Find out with “debtor-returns verify”, mend it, and prepare the release again."
        )


def _free_with_a_hold() -> ColumnElement[bool]:
    standing = select(col(Hold.debt_id)).where(col(Hold.lifted_at).is_(None))
    return and_(col(Debt.id).in_(standing), col(Debt.held).is_(False))


def _found(db: Session, words: str, condition: ColumnElement[bool]) -> str:
    count = db.execute(select(func.count()).select_from(Debt).where(condition)).scalar_one()
    if not count:
        return ""
    some = db.execute(select(col(Debt.reference)).where(condition).order_by(col(Debt.id)).limit(_A_FEW)).scalars()
    more = " and more" if count > _A_FEW else ""
    return f"{count:,} {'debt' if count == 1 else 'debts'} {words} ({', '.join(some)}{more})"
