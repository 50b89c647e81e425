"""The large register in small: it is made on both databases, proves sound, and answers every question from an index."""

import pytest
from sqlalchemy import func
from sqlmodel import select

from app.accounts.access import COMMAND_LINE
from app.core.db import Database
from app.debts.models import Debt, DebtEvent, Debtor, Hold, WarningsIndexEvent
from app.releases import preparing
from app.releases.rules.words import Scope
from app.returns.models import OpenRow, Return
from app.verifying import service as verifying
from bench.million import making, plans
from bench.million.questions import Desk, asked
from bench.workbooks import new_debts

MOST, ORGANISATIONS, MONTHS = 300, 5, 24
# What adds up or sorts the whole register may go through it; at so few debts PostgreSQL does so of its own accord.
WHOLE = ("team at /debts", "team at /reports", "trust at /reports")
SETTINGS = ("SET LOCAL enable_seqscan = off",)


@pytest.fixture
def register(database: Database) -> Database:
    making.make(database, MOST, lambda _: None, ORGANISATIONS, MONTHS)
    return database


def test_a_large_register_is_made_proves_sound_and_answers_every_question_from_an_index(register: Database):
    with register.reading() as db:
        counts = [
            db.exec(select(func.count()).select_from(table)).one()
            for table in (Debt, Debtor, DebtEvent, WarningsIndexEvent, Return, OpenRow)
        ]
        assert [str(one) for result in verifying.verify(db) for one in result.differences] == []
    assert counts[0] == MOST and 0.6 * MOST < counts[1] < 0.8 * MOST and min(counts[2:4]) > MOST
    assert 0.9 * ORGANISATIONS * MONTHS < counts[4] <= ORGANISATIONS * MONTHS and counts[5] > 0
    for question, debts in asked(register, 1):
        with plans.statements(register) as sent:
            question.send(question.typed(debts[0]))
        if not question.name.startswith(WHOLE):
            steps = [plans.plan(register, statement, SETTINGS) for statement in sent]
            assert [found for step in steps if (found := plans.goes_through_all(step))] == [], question.name


def test_a_release_is_prepared_of_it_that_leaves_its_held_debts_out(register: Database):
    with register.reading() as db:
        held = db.exec(select(func.count()).select_from(Debt).where(Debt.held)).one()
        standing = db.exec(select(func.count()).select_from(Hold)).one()
    made = preparing.prepare(register, COMMAND_LINE, Scope.FULL, "MIDAS", "Bench")
    assert held == standing > 0
    assert 0 < made.held <= held and MOST / 2 < made.lines < MOST


def test_a_return_is_posted_into_it(register: Database):
    Desk(register, making.OFFICER).report(new_debts(20, 7_000_000))
