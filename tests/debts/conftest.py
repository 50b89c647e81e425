"""Trusts that report through the real path, and the Debtors Team that reads what they reported."""

from datetime import UTC, datetime

import pytest

from app.accounts.access import Actor, Grant
from app.accounts.models import User
from app.accounts.permissions import Role
from app.core.db import Database
from tests.returns.conftest import hospital, rj1

__all__ = ["hospital", "rj1"]


@pytest.fixture
def team(database: Database) -> Actor:
    with database.writing() as db:
        user = User(email="dt@team.example", name="Debtors Team", created_at=datetime(2026, 1, 1, tzinfo=UTC))
        db.add(user)
        db.flush()
    return Actor(user.id, user.name, (Grant(Role.DEBTORS_TEAM),))
