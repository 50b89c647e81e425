"""Movements: what was open and what happened lead to what is open, with corrections and withdrawn returns too."""

from datetime import date

from app.return_template.choices import Status
from tests.reports.adding_up import check, figures, report, rows, table
from tests.returns.conftest import at, row


def moved(year, month, key, what="debts"):
    with at("2026-12-22"), year.database.reading() as db:
        check(db)
        return rows(report(db, "movements", "2026-12", 12), f"months-{what}")[month].values[f"{what}_{key}"]


def test_each_month_tells_what_came_in_and_what_was_paid(year):
    with at("2026-11-22"), year.database.reading() as db:
        read = report(db, "movements", "2026-11", 3)
        check(db)
    september, october, november = table(read, "months-money").rows
    assert figures(september, "money_new", "money_at_end") == (1_275_000, 1_275_000)
    assert figures(october, "money_repaid", "money_part_paid", "money_arranged") == (255_000, 55_000, 200_000)
    assert figures(november, "money_part_paid", "money_at_end") == (100_000, 865_000)
    assert figures(rows(read, "months-people")["September 2026"], "people_new") == (4,)


def test_an_organisation_has_its_own_line(year):
    with at("2026-11-22"), year.database.reading() as db:
        lines = table(report(db, "movements", "2026-11", 3), "organisations-debts").rows
    own = next(line for line in lines if line.code == "RJ1")
    assert figures(own, "debts_new", "debts_repaid", "debts_arranged", "debts_at_end") == (3, 1, 1, 2)


def test_a_mistaken_payment_stays_in_its_month_and_is_a_correction_of_the_month_that_puts_it_right(year):
    year.move("RJ1-0", Status.REPAID, 0, "2026-11-25", date(2026, 11, 25))
    year.move("RJ1-0", Status.OUTSTANDING, 255_000, "2026-12-02", date(2026, 12, 2), correction=True)
    assert moved(year, "November 2026", "repaid") == 1
    assert (moved(year, "December 2026", "corrected"), moved(year, "December 2026", "corrected", "money")) == (
        1,
        255_000,
    )


def test_a_withdrawn_return_takes_its_debts_away_as_a_correction(year):
    sent = year.trusts["RJ1"].send([row("RJ1-8"), row("RJ1-9")], "2026-10", "2026-11-24")
    year.trusts["RJ1"].withdraw(sent.return_, on="2026-12-03")
    assert moved(year, "November 2026", "new") == 2
    assert (moved(year, "December 2026", "corrected"), moved(year, "December 2026", "corrected", "money")) == (
        -2,
        -510_000,
    )


def test_an_amount_that_went_up_is_a_correction(year):
    year.move("RYJ-0", Status.OUTSTANDING, 200_000, "2026-12-04", None)
    assert (moved(year, "December 2026", "corrected"), moved(year, "December 2026", "corrected", "money")) == (
        0,
        45_000,
    )


def test_a_clock_that_was_set_back_leaves_the_order_in_which_things_were_recorded(year):
    """The payment was recorded after the arrangement: it counts in the month of the arrangement."""
    year.move("RYJ-0", Status.ARRANGEMENT, 155_000, "2026-12-01", date(2026, 11, 30))
    year.move("RYJ-0", Status.ARRANGEMENT, 100_000, "2026-11-30", None)
    assert (moved(year, "November 2026", "at_end", "money"), moved(year, "December 2026", "part_paid")) == (865_000, 1)


def test_a_month_that_was_not_asked_for_does_not_move(year):
    with at("2026-12-22"), year.database.reading() as db:
        (december,) = table(report(db, "movements", "2026-12"), "months-debts").rows
    assert figures(december, "debts_at_start", "debts_new", "debts_at_end") == (4, 0, 4)
