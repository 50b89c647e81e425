"""A trust, the Debtors Team, and a dispute about one of the trust's debts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.accounts.access import Actor
from app.disputes import service
from app.disputes.models import Dispute
from app.disputes.rules.cases import Answer, Outcome, Reason, Received
from app.disputes.service import Objection, Reply
from tests.debts.conftest import team
from tests.returns.conftest import Trust, at, hospital, rj1

__all__ = ["hospital", "rj1", "team"]
TODAY = "2026-11-22"
OBJECTION = Objection(Reason.ALREADY_PAID, Received.EMAIL, date(2026, 11, 20), "DT-2026-17", "Says it was paid in May.")


class Desk:
    """What the Debtors Team and the trust do about disputes, each in its own transaction."""

    def __init__(self, trust: Trust, team: Actor) -> None:
        self.trust, self.team = trust, team

    def open(self, number: str = "1", on: str = TODAY, **changes: Any) -> Dispute:
        with at(on), self.trust.database.writing() as db:
            debt_id = self.trust.debt(number).id
            return service.open_dispute(db, self.team, debt_id, replace(OBJECTION, **changes))

    def answer(self, dispute: Dispute, answer: Answer, note: str = "", on: str = TODAY, **more: Any) -> Dispute:
        with at(on), self.trust.database.writing() as db:
            return service.answer(db, self.trust.officer, dispute.id, Reply(answer, note, **more))

    def settle(self, dispute: Dispute, outcome: Outcome, note: str = "Decided.", on: str = TODAY) -> Dispute:
        with at(on), self.trust.database.writing() as db:
            return service.settle(db, self.team, dispute.id, outcome, note)

    def abandon(self, dispute: Dispute, on: str = TODAY) -> Dispute:
        with at(on), self.trust.database.writing() as db:
            return service.abandon(db, self.team, dispute.id, "The wrong debt.")


MakeDesk = Callable[..., Desk]


@pytest.fixture
def desk(rj1: Trust, team: Actor) -> Desk:
    return Desk(rj1, team)
