"""A few doubts about debts of the tour's trust, so that the pages about holds and disputes have something to show."""

from datetime import timedelta

from sqlmodel import Session

from app.accounts.access import Actor
from app.core import clock
from app.debts import holds, queries
from app.debts.filters import DebtFilter
from app.disputes import service as disputes
from app.disputes.rules.cases import Reason, Received
from app.disputes.service import Objection
from app.return_template.choices import Status


def raise_some(db: Session, team: Actor, code: str) -> None:
    """The Debtors Team holds one open debt and opens a dispute about another, as far as the trust has any."""
    wanted = DebtFilter(organisation=code, status=Status.OUTSTANDING.value)
    for number, debt in enumerate(queries.list_debts(db, team, wanted, 2, None).items):
        if number == 0:
            holds.hold(db, team, debt.id, "The hospital has called: the amount may be wrong")
            continue
        received = max(clock.today() - timedelta(days=5), debt.invoice_date)
        said = "The person says that the invoice was paid by card on the day of discharge"
        disputes.open_dispute(
            db, team, debt.id, Objection(Reason.ALREADY_PAID, Received.EMAIL, received, "DT-2111", said, None)
        )
