"""Trusts, the Debtors Team, and the differences that verifying finds."""

from collections.abc import Callable

import pytest

from app.core.db import Database
from app.verifying import service
from tests.debts.conftest import team
from tests.returns.conftest import at, hospital, rj1

__all__ = ["hospital", "rj1", "team"]

Differences = Callable[..., list[str]]


@pytest.fixture
def differences(database: Database) -> Differences:
    def found(on: str = "2026-11-22") -> list[str]:
        with at(on), database.reading() as db:
            return [str(one) for result in service.verify(db) for one in result.differences]

    return found
