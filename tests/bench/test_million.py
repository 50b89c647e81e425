"""The large register in small: it is made on both databases, proves sound, and answers every question from an index."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from app.accounts.access import COMMAND_LINE
from app.core.db import Database
from app.debts import finding, sums
from app.debts.models import Debt, DebtEvent, Debtor, Hold, WarningsIndexEvent
from app.releases import preparing
from app.releases.rules.words import Scope
from app.returns.models import OpenRow, Return
from app.verifying import service as verifying
from bench.million import making, measuring, plans, releases
from bench.million.questions import Desk, asked
from bench.workbooks import new_debts

MOST, ORGANISATIONS, MONTHS = 300, 5, 24
# What adds up or sorts the whole register may go through it; at so few debts PostgreSQL does so of its own accord.
WHOLE = ("team at /debts", "team at /reports", "trust at /reports")
PLAIN = (
    "board at",
    "lpm-0 at",
    "auditor at",
    "officer at",
    "team at /submissions",
    "team at /reports",
)  # once is enough
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
        if not register.is_sqlite and question.name.startswith(PLAIN):
            continue
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


def test_every_figure_is_told_and_changes_are_released(register: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(releases, "CHANGED", 5)
    found = list(releases.figures("small", register))
    assert "a release of its changes, prepared (5 lines)" in found[2].name
    assert [one.most_itself for one in found] == [None] * 3 + [100.0] * 3


def test_the_whole_part_comes_to_its_end(register: Database, monkeypatch: pytest.MonkeyPatch):
    @contextmanager
    def made(*_: object) -> Iterator[Database]:
        yield register

    @contextmanager
    def none(*_: object) -> Iterator[None]:
        yield None

    monkeypatch.setattr(making, "on_sqlite", made if register.is_sqlite else none)
    monkeypatch.setattr(making, "on_postgresql", none if register.is_sqlite else made)
    if not register.is_sqlite:  # the tests watch this database themselves, and PostgreSQL copies none that is in use
        monkeypatch.setattr(making, "copied", made)
    monkeypatch.setattr(measuring, "asked", lambda *given: islice(asked(*given), 3))
    monkeypatch.setattr(releases, "CHANGED", 5)
    told = [figure.name for figure in measuring.figures(MOST, 1, 20, lambda _: None)]
    name = "SQLite" if register.is_sqlite else "PostgreSQL"
    assert f"{name}, {MOST}, 20 rows posted into it" in told
    assert len(told) == 3 + 1 + 6, told


@pytest.mark.parametrize("_store", ["postgresql"], indirect=True)
def test_postgresql_makes_a_register_many_times_as_large_of_other_persons(database: Database, monkeypatch):
    monkeypatch.setattr(making, "BLOCK", 20)
    making.make(database, 60, lambda _: None, ORGANISATIONS, 6)
    with database.reading() as db:
        assert sums.differing(db) == 0
        for column in (Debt.reference, Debt.invoice_number):
            assert db.exec(select(func.count(col(column).distinct()))).one() == 60, column
        last = db.exec(select(Debt).order_by(col(Debt.invoice_number).desc())).first()
        assert last is not None and finding.newest(db, last.reference, None, 2) == [last.id]
