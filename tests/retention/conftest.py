"""Trusts that report through the real path, the Debtors Team, and the purge on a day of the test's choice."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import update

from app.core.db import Database
from app.debts import service as debts
from app.debts.models import WarningsIndexEvent
from app.debts.service import Move
from app.retention import service
from app.return_template.choices import Status
from tests.debts.conftest import team
from tests.returns.conftest import Trust, at, hospital, rj1

__all__ = ["hospital", "rj1", "team"]

Purge = Callable[[str], dict[str, int]]


FOLLOWS = "answers about rows whose debt is gone"  # known only when the debts are gone


class Nightly:
    """Who runs the purge."""

    id = "nightly"


@pytest.fixture
def purge(database: Database) -> Purge:
    def on(day: str) -> dict[str, int]:
        with at(day):
            with database.reading() as db:
                shown = {stage.words: due.number for stage, due in service.plan(db).stages if due.number}
            done = service.purge(database, Nightly())
        assert {**done, FOLLOWS: 0} == {**shown, FOLLOWS: 0}  # what is shown is what is done
        return done

    return on


def end(trust: Trust, number: str, status: str = "repaid", on: str = "2026-11-22") -> None:
    """The trust records on the debt's page that it has ended."""
    debt = trust.debt(number)
    left = 0 if status == "repaid" else debt.amount_outstanding
    with at(on), trust.database.writing() as db:
        debts.change_status(db, trust.officer, debt.id, Move(Status(status), date.fromisoformat(on), left))


def acknowledge(database: Database) -> None:
    """The Warnings Index has taken everything that it was sent."""
    with database.writing() as db:
        db.execute(update(WarningsIndexEvent).values(acknowledged_at=WarningsIndexEvent.at))
