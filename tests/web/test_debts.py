"""Debts on pages: a trust's list, the register, one debt, what happened to it, corrected details, the download."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from app.accounts.permissions import Role
from app.accounts.service import actor_for_user, user_by_email
from app.core import clock
from app.debts.models import Debt
from app.periods.calendar import Period
from app.returns import service as returns
from app.returns.service import Upload
from tests.web.conftest import Browser, workbook

ABSENT = "0" * 32
Visitor = Callable[..., Browser]


@pytest.fixture
def ovm(visitor: Visitor) -> Browser:
    return visitor(Role.TRUST)


@pytest.fixture
def team(visitor: Visitor) -> Browser:
    return visitor(Role.DEBTORS_TEAM)


@pytest.fixture
def report(database, visitor) -> Callable[..., list[Debt]]:
    """Reports rows by the trust itself, and gives all debts of the register in the order of their invoice numbers."""

    def send(*rows: dict, organisation: str = "RJ1") -> list[Debt]:
        visitor(Role.TRUST, organisation)
        with database.writing() as db:
            officer = actor_for_user(db, user_by_email(db, f"trust@{organisation.lower()}.example"))
            upload = Upload(organisation, Period(2026, 10), "return.xlsx", workbook(*rows), clock.now())
            assert returns.upload(db, officer, upload).refusal == ()
        with database.reading() as db:
            return list(db.exec(select(Debt).order_by(Debt.invoice_number)).all())

    return send
