"""The large register in small: it is made on both databases, answers every question, and its hot plans use indexes."""

import pytest
from sqlalchemy import func
from sqlmodel import select

from app.accounts.access import COMMAND_LINE
from app.core.db import Database
from app.debts.models import Debt, DebtEvent, Debtor, Hold
from app.releases import preparing
from app.releases.rules.words import Scope
from bench.million import making, plans
from bench.million.questions import Desk, asked
from bench.workbooks import new_debts

MOST = 300
# What adds up or sorts the whole register may go through it; at so few debts PostgreSQL does so of its own accord.
WHOLE = ("team at /",)
SETTINGS = ("SET LOCAL enable_seqscan = off",)


@pytest.fixture
def register(database: Database) -> Database:
    making.make(database, MOST, lambda _: None)
    return database


def test_a_large_register_is_made_and_answers_every_question_from_an_index(register: Database):
    with register.reading() as db:
        counts = [db.exec(select(func.count()).select_from(table)).one() for table in (Debt, Debtor, DebtEvent)]
    assert counts[0] == MOST and 0.6 * MOST < counts[1] < 0.8 * MOST and counts[2] > MOST
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
