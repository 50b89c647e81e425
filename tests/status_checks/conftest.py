"""An officer at the border, and trusts whose debts are asked about."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE, Actor
from app.core.db import Database
from app.status_checks import service
from app.status_checks.rules.question import Question
from app.status_checks.service import Answer, TurnedAway
from tests.returns.conftest import MakeTrust, Trust, at, hospital, rj1

__all__ = ["MakeTrust", "Trust", "hospital", "rj1"]
QUESTION = Question("Example", date(1985, 3, 27), "arrival")
Asks = Callable[..., Answer | TurnedAway]


@pytest.fixture
def officer(database: Database) -> Actor:
    with database.writing() as db:
        return accounts.actor_for_user(db, accounts.add_user(db, COMMAND_LINE, "officer@border.example", "border"))


@pytest.fixture
def ask(database: Database, officer: Actor) -> Asks:
    """Asks for the person of the rows that tests send, at noon of a day, with changes to the question."""

    def asks(day: str = "2026-11-22", by: Actor = officer, **changes: object) -> Answer | TurnedAway:
        with at(day), database.writing() as db:
            return service.check(db, by, replace(QUESTION, **changes))

    return asks
