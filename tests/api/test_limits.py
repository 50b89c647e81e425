"""How often the API may be called, and what becomes of tokens that nobody gave."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select
from starlette.testclient import TestClient

from app.accounts.models import RateCount
from app.accounts.permissions import Role
from app.api.allowance import Allowance
from app.core.errors import TooMany
from app.main import create_app
from tests.accounts.conftest import later
from tests.api.conftest import Person, fill

__all__ = ["later"]


def spent(allowance: Allowance, database, account: str, times: int) -> list[bool]:
    """Whether each of so many calls was let through."""
    through = []
    for _ in range(times):
        try:
            allowance.spend(database, account)
        except TooMany:
            through.append(False)
        else:
            through.append(True)
    return through


def test_an_account_has_so_many_calls_a_minute_and_another_account_its_own(database, later):
    allowance = Allowance(20)
    assert spent(allowance, database, "one", 22) == [True] * 20 + [False] * 2
    assert spent(allowance, database, "other", 1) == [True]
    later(timedelta(seconds=61))
    assert spent(allowance, database, "one", 1) == [True]


def test_two_processes_count_together_but_for_a_portion_each(database, later):
    here, there = Allowance(20), Allowance(20)
    let_through = sum(spent(here, database, "one", 15)) + sum(spent(there, database, "one", 15))
    assert 20 <= let_through <= 24
    assert not any(spent(here, database, "one", 4)[2:]), "the one that began hears of it with its next portion"
    later(timedelta(seconds=61))
    assert spent(there, database, "one", 1) == [True]


def test_ordinary_calls_write_nothing(database):
    allowance, written = Allowance(6000), []
    listen = (database.engine, "before_cursor_execute", lambda *args: written.append(args[2]))
    event.listen(*listen)
    assert all(spent(allowance, database, "one", 599))
    event.remove(*listen)
    assert written == []


def test_a_database_that_cannot_be_written_to_stops_no_reading(database):
    allowance = Allowance(10)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE rate_counts RENAME TO elsewhere")
    try:
        assert all(spent(allowance, database, "one", 10))
    finally:
        with database.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO rate_counts")


def test_beyond_the_limit_a_caller_is_told_when_to_come_again(database, settings, person):
    strict = create_app(settings.model_copy(update={"api_calls_per_minute": 5}), database)
    one = Person(TestClient(strict), person(Role.DEBTORS_TEAM).token)
    answers = [one.get("/debts") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    problem = answers[-1].json()
    assert problem["type"] == "urn:debtor-returns:problem:too-many"
    assert "more than 5 calls in a minute" in problem["detail"]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60


def test_unknown_tokens_are_counted_for_the_address_and_a_good_one_is_taken_all_the_same(
    client, person, database, later
):
    good = person(Role.DEBTORS_TEAM)
    guess = Person(client, "dr_guess")
    answers = [guess.get("/debts") for _ in range(32)]
    assert [answer.status_code for answer in answers] == [401] * 30 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) > 800
    assert "too many unknown tokens" in answers[-1].json()["detail"]
    assert good.get("/debts").status_code == 200
    with database.reading() as db:
        assert [one.count for one in db.exec(select(RateCount))] == [30]
    later(timedelta(minutes=15))
    assert guess.get("/debts").status_code == 401


@pytest.mark.parametrize("limit", [6000, 40])
def test_the_limit_is_a_setting(database, settings, limit):
    fill(database)
    app = create_app(settings.model_copy(update={"api_calls_per_minute": limit}), database)
    assert sum(spent(app.state.allowance, database, "one", 41)) == min(limit, 41)
