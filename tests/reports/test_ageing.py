"""The age of debts: counted from the invoice to the end of the month, in calendar months."""

import pytest

from tests.reports.adding_up import figures, owed, report, rows, table
from tests.returns.conftest import at, row


def ages(db, month):
    return {
        name: figures(line)[0] for name, line in rows(report(db, "ageing", month), "ages").items() if figures(line)[0]
    }


@pytest.mark.parametrize(
    ("invoiced", "age"),
    [
        ("01/08/2026", "Under 3 months"),
        ("31/07/2026", "3 to 6 months"),
        ("01/05/2026", "3 to 6 months"),
        ("30/04/2026", "6 to 12 months"),
        ("31/10/2025", "1 to 2 years"),
        ("31/10/2024", "2 to 6 years"),
        ("01/11/2020", "2 to 6 years"),
        ("31/10/2020", "6 years and over"),
    ],
)
def test_a_debt_is_as_old_as_its_invoice_at_the_end_of_the_month(rj1, invoiced, age):
    rj1.send([row("1", invoice_date=invoiced)], "2026-10", "2026-10-31")
    with at("2026-11-22"), rj1.database.reading() as db:
        assert ages(db, "2026-10") == {age: 1}


def test_in_the_present_month_age_counts_to_today(rj1):
    rj1.send([row("1", invoice_date="23/08/2026")], "2026-10", "2026-10-31")
    for day, age in (("2026-11-22", "Under 3 months"), ("2026-11-23", "3 to 6 months")):
        with at(day), rj1.database.reading() as db:
            assert ages(db, "2026-11") == {age: 1}


def test_ages_and_regions_add_up_to_the_register(year):
    with at("2026-11-22"), year.database.reading() as db:
        read = report(db, "ageing", "2026-11")
        assert figures(table(read, "ages").total) == owed(db)
        for what in ("debts", "people", "money"):
            by_region = table(read, f"regions-{what}")
            assert figures(by_region.total, what) == figures(table(read, "ages").total, what)
            for line in by_region.rows if what != "people" else ():
                assert sum(figures(line, *(f"{what}_{age}" for age in range(6)))) == line.values[what]
        past = report(db, "ageing", "2026-09")
        assert figures(table(past, "ages").total) == (5, 4, 1_275_000)


def test_an_invoice_whose_date_is_put_right_later_was_as_old_as_it_was_said_to_be(rj1):
    rj1.send([row("1", invoice_date="23/08/2026")], "2026-10", "2026-10-31")
    rj1.send([row("1", invoice_date="23/08/2020")], "2026-10", "2026-11-10")
    with at("2026-11-22"), rj1.database.reading() as db:
        assert (ages(db, "2026-10"), ages(db, "2026-11")) == ({"Under 3 months": 1}, {"6 years and over": 1})
