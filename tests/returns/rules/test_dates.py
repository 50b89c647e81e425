"""How dates are read (R02), and which dates a return cannot hold (R03, R04), or only with a question (W03)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.returns.rules.building import codes, finding, judged, row

APRIL_3 = date(2026, 4, 3)


@pytest.mark.parametrize(
    "typed",
    [
        "03/04/2026", "3/4/2026", "3-4-2026", "03.04.2026", "3 4 2026", "3 April 2026", "3 Apr 2026", "03-apr-2026",
        "3 APRIL, 2026", "2026-04-03", " 03/04/2026\u00a0", "03/04/2026 00:00", "03/04/2026 14:30:05",
        "2026-04-03 00:00:00", "2026-04-03T09:00:00.000", APRIL_3, "3\u00a0April\u00a02026", "3\u202f4\u2009 2026",
        "03\u200b/04/2026", "\ufeff3 \u00adApril 2026",
    ],
)  # fmt: skip
def test_a_date_is_read_day_first_in_every_form_that_people_use(typed: str | date):
    assert judged(row(invoice_date=typed))[0].row.invoice_date == APRIL_3
    assert codes(row(invoice_date=typed)) == []


@pytest.mark.parametrize(
    "typed",
    [
        "13/02", "02/13/2026", "1.4.26", "2026-02-30", "31/02/2026", "29/02/2026", "00/04/2026", "3/0/2026", "2026/04/03",
        "2026-4-3", "03042026", "3rd of May", "3 Foo 2026", "April 2026", "yesterday", "٣/٤/٢٠٢٦", "03/04/2026 tea", 46115.0,
        46115, True, "0000-01-01", "3//2026", "32/01/2026", "03/04/20266",
    ],
)  # fmt: skip
def test_what_is_no_real_date_is_sent_back(typed: str):
    assert codes(row(date_of_birth=typed)) == ["R02"]


def test_september_may_be_written_with_four_letters():
    assert judged(row(invoice_date="1 Sept 2025"))[0].row.invoice_date == date(2025, 9, 1)


def test_the_words_for_a_date_that_is_not_real_name_the_row_the_heading_and_the_cell_and_quote_it():
    words = finding("R02", row(date_of_birth="31/02/1985"), first_row=14).message
    assert words == (
        'Row 14, Date of birth (J14): "31/02/1985" is not a real date. '
        "Enter it as day, month, year, for example 27 3 1985."
    )


@given(st.dates(date(1000, 1, 1)), st.sampled_from(["%d/%m/%Y", "%d-%m-%Y", "%d %B %Y", "%Y-%m-%d", "%d.%b.%Y"]))
def test_a_date_that_is_written_out_is_read_as_that_date(day: date, form: str):
    assert judged(row(invoice_date=day.strftime(form)))[0].row.invoice_date == day


def test_an_invoice_or_a_birth_after_the_reporting_day_is_in_the_future():
    assert codes(row(invoice_date=date(2026, 11, 1))) == ["R03"]
    assert codes(row(date_of_birth=date(2026, 11, 1))) == ["R03"]


def test_the_reporting_day_is_the_day_of_upload_when_the_month_has_not_ended():
    assert codes(row(date_of_birth=date(2026, 10, 21)), uploaded=date(2026, 10, 20)) == ["R03"]


def test_what_happened_on_the_reporting_day_itself_is_not_in_the_future():
    assert "R03" not in codes(row(invoice_date=date(2026, 10, 31)))


def test_nobody_was_born_before_1900_or_after_the_invoice():
    assert codes(row(date_of_birth=date(1899, 12, 31))) == ["R04"]
    assert codes(row(date_of_birth=date(2026, 6, 15))) == ["R04"]
    assert "R04" not in codes(row(date_of_birth=date(1900, 1, 1), passport_number="B1234567"))


def test_a_newborn_and_somebody_over_100_draw_a_question_only():
    assert codes(row(date_of_birth=date(2026, 6, 14))) == ["W03"]
    assert codes(row(date_of_birth=date(1925, 6, 14))) == ["W03"]
    assert codes(row(date_of_birth=date(1925, 6, 15))) == []
    assert codes(row(date_of_birth=date(2025, 6, 14))) == []


def test_a_birthday_on_29_february_is_counted_like_any_other():
    assert codes(row(date_of_birth=date(2024, 2, 29), invoice_date=date(2025, 2, 27))) == ["W03"]
    assert codes(row(date_of_birth=date(2024, 2, 29), invoice_date=date(2025, 2, 28))) == []


def test_a_date_that_could_not_be_read_brings_no_second_finding():
    assert codes(row(invoice_date="soon")) == ["R02"]
    assert codes(row(date_of_birth="soon")) == ["R02"]


@given(st.integers(-400, 400))
def test_a_future_date_is_found_once_whatever_else_it_contradicts(days: int):
    day = date(2026, 10, 31) + timedelta(days=days)
    found = codes(row(date_of_birth=day))
    assert len([code for code in found if code in {"R03", "R04", "W03"}]) <= 1
