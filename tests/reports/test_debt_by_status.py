"""Debts by status: what stood at the end of a month, where, and what is in question today."""

from datetime import date, timedelta

import pytest

from app.accounts.access import COMMAND_LINE
from app.core import clock
from app.debts import holds, queries
from app.policy.in_force import policy_in_force
from app.reports.table import Hidden
from app.return_template.choices import Status
from tests.reports.adding_up import BOARD, check, figures, owed, report, rows, table
from tests.returns.conftest import at, row


@pytest.fixture
def db(year):
    with at("2026-11-22"), year.database.reading() as db:
        yield db


def test_the_present_month_is_the_register(db):
    read = report(db, "debt-by-status", "2026-11")
    assert figures(table(read, "statuses").total) == owed(db) == (4, 3, 865_000)
    assert figures(rows(read, "statuses")["Repayment arrangement"]) == owed(db, "status = 'arrangement'")
    check(db)


def test_a_past_month_stands_as_it_was_told_by_its_end(db):
    read = report(db, "debt-by-status", "2026-10", 3)
    assert figures(table(read, "statuses").total) == (4, 3, 965_000)
    assert [figures(row) for row in table(read, "months").rows] == [
        (0, 0, 0), (5, 4, 1_275_000), (4, 3, 965_000),
    ]  # fmt: skip


def test_a_person_who_owes_two_trusts_counts_once_in_their_region_and_once_in_all(db):
    read = report(db, "debt-by-status", "2026-09")
    places = rows(read, "organisations")
    assert [figures(places[name], "people") for name in sorted(places)] == [(1,), (3,), (1,)]
    assert figures(rows(read, "regions")["London"]) == (4, 3, 1_020_000)
    assert figures(rows(read, "nations")["Wales"]) == (1, 1, 255_000)
    assert figures(table(read, "organisations").total) == (5, 4, 1_275_000)


def test_what_has_ended_is_told_apart(db):
    assert figures(rows(report(db, "debt-by-status", "2026-10"), "ended")["Debt repaid"], "debts", "people") == (1, 1)


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        ("2026-09-30T23:59:59", "September 2026"),  # 22:59 UTC
        ("2026-10-01T00:30:00", "October 2026"),  # still September in UTC
        ("2026-10-31T23:59:59", "October 2026"),
        ("2026-11-01T00:00:00", "November 2026"),
    ],
)
def test_months_end_at_midnight_in_the_united_kingdom(year, moment, month):
    year.trusts["RJ1"].send([row("RJ1-9")], "2026-08", moment)
    with at("2026-11-22"), year.database.reading() as db:
        read = report(db, "movements", "2026-11", 3)
        new = {row.name: row.values["debts_new"] for row in table(read, "months-debts").rows}
        stood = [row.values["debts_at_end"] for row in table(read, "months-debts").rows]
        ages = [table(report(db, "ageing", number), "ages").total for number in ("2026-09", "2026-10", "2026-11")]
    expected = {"September 2026": 5, "October 2026": 0, "November 2026": 0}
    expected[month] += 1
    assert new == expected
    assert [figures(total, "debts")[0] for total in ages] == stood  # looked up month by month


def test_what_is_held_or_disputed_today_stands_beside(year):
    with at("2026-11-22"), year.database.writing() as db:
        holds.hold(db, COMMAND_LINE, year.trusts["RJ1"].debt("RJ1-0").id, "a question")
    with at("2026-11-22"), year.database.reading() as db:
        found = rows(report(db, "debt-by-status", "2026-10"), "marks")
        assert {name: figures(row) for name, row in found.items()} == {"On hold": (1, 1, 255_000)}
        protected = report(db, "debt-by-status", "2026-10", 12, actor=BOARD)  # two days could be subtracted
        assert "marks" not in {each.key for each in protected.tables}


def test_debts_of_which_no_trust_has_spoken_for_months_stand_beside(year):
    with at("2027-03-01"), year.database.reading() as db:
        found = rows(report(db, "debt-by-status", "2027-02"), "marks")
        since = queries.confirmed_since(policy_in_force(), clock.today())
        confirmed = owed(db, f"status IN ('outstanding', 'arrangement', 'defaulted') AND confirmed_on < '{since}'")
    assert figures(found["Not confirmed by its trust for 3 months"]) == confirmed
    assert confirmed[0] > 0


def test_a_list_of_unconfirmed_debts_asks_as_a_single_debt_does(year):
    debt, policy = year.trusts["RJ1"].debt("RJ1-0"), policy_in_force()
    for today in (date(2026, 5, 31) + timedelta(days=30 * number) for number in range(13)):
        since = queries.confirmed_since(policy, today)
        for day, is_unconfirmed in ((since, False), (since - timedelta(days=1), True)):
            debt.confirmed_on = day
            assert queries.is_unconfirmed(debt, policy, today) is is_unconfirmed


def test_a_region_is_asked_for_alone(db):
    read = report(db, "debt-by-status", "2026-11", region="London")
    assert figures(table(read, "statuses").total) == (3, 2, 610_000)
    assert "regions" not in {each.key for each in read.tables}


def test_the_board_is_not_told_about_so_few_people(db):
    read = report(db, "debt-by-status", "2026-10", 12, actor=BOARD)
    for each in read.tables:
        for one in [*each.rows, *([each.total] if each.total else [])]:
            assert all(isinstance(value, Hidden) or not value for value in one.values.values()), (each.key, one)
            assert {column.key for column in each.columns} == set(one.values)


def test_a_debt_that_waits_under_a_status_with_nobody_shows_none(db):
    assert figures(rows(report(db, "debt-by-status", "2026-11"), "statuses")[Status.DEFAULTED.label]) == (0, 0, 0)
