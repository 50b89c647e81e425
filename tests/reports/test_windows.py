"""An attacker who reads a report twice, or two reports: spans, reports and months that are subtracted tell of few nothing."""

from datetime import date

import pytest

from app.periods.calendar import Period
from app.reports import board_pack, files, service
from app.reports.catalogue import REPORTS
from app.reports.movements import MOVEMENTS
from app.reports.rules.suppression import FEWEST
from app.reports.table import Hidden, Unit
from app.return_template.choices import Status
from app.web.charts import picture
from tests.reports.adding_up import BOARD, TEAM, report, rows, table
from tests.reports.conftest import Year
from tests.returns.conftest import at, row

MONTHS = ("2026-10", "2026-11")
PEOPLE = {"RJ1": 20, "RYJ": 12, "7A4": 6}


@pytest.fixture
def db(database, hospital):
    """Three trusts and their debts of £2,550. October: at RJ1 six repay, two debts are withdrawn and four are paid in part;
    two pay in part at RYJ and five at 7A4. November: one more person owes RJ1 £9,000, and one of its debts is withdrawn.
    """
    year = Year(database, {code: hospital(code) for code in PEOPLE})
    for code, people in PEOPLE.items():
        year.trusts[code].send([row(f"{code}-{number}") for number in range(people)], "2026-08", "2026-09-10")
    for number in range(8):
        status, pence = (Status.REPAID, 0) if number < 6 else (Status.WITHDRAWN, 255_000)
        year.move(f"RJ1-{number}", status, pence, "2026-10-05", date(2026, 10, 5))
    paid = {"RJ1": range(8, 12), "RYJ": range(2), "7A4": range(5)}
    for number in (f"{code}-{number}" for code, numbers in paid.items() for number in numbers):
        year.move(number, Status.OUTSTANDING, 155_000, "2026-10-06", None)
    more = dict.fromkeys(("invoice_amount", "amount_outstanding"), "9000.00")
    year.trusts["RJ1"].send([row("RJ1-99", **more)], "2026-10", "2026-11-10")
    year.move("RJ1-12", Status.WITHDRAWN, 255_000, "2026-11-11", date(2026, 11, 11))
    with at("2026-12-22"), database.reading() as db:
        yield db


def test_two_spans_have_no_sums_that_could_be_subtracted(db):
    first, second = (report(db, "movements", month, 12, BOARD) for month in MONTHS)
    for read in (first, second):
        assert [each.key for each in read.tables] == ["months-debts", "months-people", "months-money"]
        assert not any(each.total for each in read.tables)
    for each in first.tables:
        again = rows(second, each.key)
        assert [again[one.name].values for one in each.rows[1:]] == [one.values for one in each.rows[1:]]
    november = rows(second, "months-money")["November 2026"].values
    assert {november[f"money_{key}"] for key in ("new", "other")} == {Hidden.WITHHELD}


def test_no_report_adds_up_money_over_months_for_protected_readers(db):
    for each in REPORTS:
        for one in report(db, each.slug, "2026-11", 12, BOARD).tables:
            assert one.heading != "Month" or one.total is None or Unit.MONEY not in {col.unit for col in one.columns}


def test_what_is_seldom_stands_together_and_does_not_hide_what_was_repaid(db):
    months = {
        what: rows(report(db, "movements", "2026-11", 12, BOARD), f"months-{what}") for what in ("people", "money")
    }
    people, money = (found["October 2026"].values for found in months.values())
    assert (people["people_repaid"], people["people_other"]) == (5, 15)
    assert (money["money_repaid"], money["money_other"]) == (1_500_000, -1_500_000)
    exact = rows(report(db, "movements", "2026-11", 12), "months-money")["October 2026"].values
    assert exact["money_withdrawn"] + exact["money_part_paid"] == 2 * 255_000 + 11 * 100_000
    assert not {"money_withdrawn", "money_part_paid", "money_corrected", "money_taken_over"} & set(money)
    pack = board_pack.pack(db, BOARD, Period.parse("2026-10"))
    assert (1_500_000, 0, Unit.MONEY, "repaid") in pack.figures
    moved = next(each.table for each in pack.sections if each.table.key == "movements")
    assert {"Repaid", "Other changes"} <= {each.name for each in moved.rows}


def test_start_new_repaid_and_other_changes_lead_to_the_end(db):
    asked = service.asked_for(BOARD, "2026-11")
    before_protection = MOVEMENTS.build(db, service.reader_for(db, BOARD, asked), asked)
    for each, what in zip(before_protection, ("debts", "people", "money"), strict=True):
        for line in each.rows if what != "people" else ():
            start, new, repaid, other, end = (
                line.values[f"{what}_{key}"] for key in ("at_start", "new", "repaid", "other", "at_end")
            )
            assert start + new - repaid + other == end


def test_what_was_invoiced_less_what_is_outstanding_does_not_tell_what_few_paid(db):
    invoiced = {
        each.code: each.values for each in table(report(db, "recovery", "2026-10", 12, BOARD), "organisations").rows
    }
    owed = {
        each.code: each.values
        for each in table(report(db, "debt-by-status", "2026-10", 12, BOARD), "organisations").rows
    }
    payers = {
        each.code: each.values["payers"] for each in table(report(db, "recovery", "2026-11", 12), "organisations").rows
    }
    assert payers == {"RJ1": 10, "RYJ": 2, "7A4": 5}
    both = {
        code
        for code in owed
        if not isinstance(owed[code]["money"], Hidden) and not isinstance(invoiced[code]["invoiced"], Hidden)
    }
    assert both == {"RJ1"} and payers["RJ1"] >= FEWEST  # of 7A4 it is hidden, because the sum of all payers is shown
    assert not isinstance(owed["RYJ"]["money"], Hidden)
    assert {invoiced["RYJ"][key] for key in ("invoiced", "recovered", "unpaid", "rate")} == {Hidden.WITHHELD}
    assert invoiced["RYJ"]["people"] == 10


def test_two_months_of_one_trust_do_not_tell_what_a_single_person_owes(db):
    exact, shown = (
        [rows(report(db, "debt-by-status", month, 12, actor), "organisations") for month in MONTHS]
        for actor in (TEAM, BOARD)
    )
    own = next(name for name, each in exact[0].items() if each.code == "RJ1")
    assert exact[1][own].values["money"] - exact[0][own].values["money"] == 900_000 - 255_000
    assert shown[0][own].values == shown[1][own].values
    assert (shown[0][own].values["people"], shown[0][own].values["money"]) == (10, 5_000_000)


def test_a_nation_with_debts_at_one_organisation_is_rounded_like_it_in_words_if_need_be(db):
    read = report(db, "debt-by-status", "2026-10", 12, BOARD)
    assert rows(read, "nations")["Wales"].values["money"] == "under £50,000"
    assert rows(read, "nations")["England"].values["money"] == 5_500_000
    assert rows(report(db, "ageing", "2026-10", 12, BOARD), "regions-money")["Wales"].values["money"] == "under £50,000"


def test_words_in_place_of_an_amount_stand_in_files_and_leave_a_gap_in_charts(db):
    read = report(db, "concentration", "2026-10", 12, BOARD)
    assert "under £50,000" in files.as_csv(read, date(2026, 12, 22)).decode("utf-8-sig")
    assert files.as_workbook(read, date(2026, 12, 22))[:2] == b"PK"
    bars = {bar.label: bar.width for bar in picture(table(read, "organisations")).bars}
    assert bars["under £50,000"] == 0
