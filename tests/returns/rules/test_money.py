"""How amounts are read, to the penny (R05), and which amounts contradict each other (R19)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.returns.rules.building import codes, finding, judged, row

REPAID = {"status": "Debt repaid", "status_date": date(2026, 10, 1), "amount_outstanding": 0}


def pence(typed: object) -> int | None:
    return judged(row(invoice_amount="5000000", amount_outstanding=typed))[0].row.amount_outstanding


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1250", 125000), ("1250.5", 125050), ("1250.50", 125050), ("1,250.50", 125050), ("£1,250.50", 125050),
        ("£ 1 250.50", 125050), (" 1250.50\u00a0", 125050), ("1\u00a0250.50", 125050), ("1250.500", 125050), ("0.01", 1),
        ("1,234,567.89", 123456789), (1250.0, 125000), (1250.1, 125010), (0.1 + 0.2, 30), (1250, 125000),
        ("5000000.00", 500000000), ("00120.00", 12000),
    ],
)  # fmt: skip
def test_an_amount_is_read_to_the_penny(typed: object, expected: int):
    assert pence(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "1.234,50", "GBP 12", "12 GBP", "(120.00)", "12-", "١٢٠", "1_000", "1e3", "1,23", "1,2345", "12,34,567.00", "12.5.0",
        "twelve", "inf", "NaN", "£", ".", "−5", "1250.", ".50", "12 5", "€120", "$120", True, float("nan"), float("inf"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_sent_back_and_never_guessed(typed: object):
    assert codes(row(amount_outstanding=typed)) == ["R05"]


@pytest.mark.parametrize("typed", ["-5", "- 5", "-0.01", -5.0, -1, "-£5", "- £1,000.00"])
def test_a_negative_amount_is_sent_back(typed: object):
    assert codes(row(amount_outstanding=typed)) == ["R05"]


@pytest.mark.parametrize("typed", ["0.005", "12.345", 0.005, "12.00" + "0" * 40 + "1", "4999999.999", 1e-300])
def test_a_third_decimal_is_sent_back_and_never_rounded(typed: object):
    assert codes(row(amount_outstanding=typed)) == ["R05"]


@pytest.mark.parametrize("typed", ["5000000.01", "5000001", 1e12, 10**400, 1e308, "9" * 5000])
def test_more_than_five_million_pounds_is_sent_back(typed: object):
    assert codes(row(invoice_amount=typed)) == ["R05"]


@pytest.mark.parametrize("typed", [0, 0.0, "0", "£0.00", "-0"])
def test_an_invoice_of_nothing_is_no_invoice(typed: object):
    assert codes(row(invoice_amount=typed)) == ["R05"]


def test_the_words_say_what_an_amount_looks_like():
    words = finding("R05", row(amount_outstanding="1.234,50")).message
    assert words == (
        'Row 2, Amount outstanding (£) (D2): "1.234,50" is not an amount. '
        "Enter pounds and pence in figures, for example 1250.00."
    )


@given(st.integers(1, 500_000_000), st.sampled_from(["{}", "£{}", " {} ", "{:,}", "£{:,}", "{} £"]))
@example(1, "{}")
def test_pounds_and_pence_as_text_give_exactly_those_pence(amount: int, form: str):
    assert pence(form.format(Decimal(amount) / 100)) == amount


@given(st.integers(1, 500_000_000))
def test_pounds_and_pence_as_a_spreadsheet_number_give_exactly_those_pence(amount: int):
    assert pence(amount / 100) == amount


def test_no_more_can_be_outstanding_than_was_invoiced():
    assert codes(row(invoice_amount="600", amount_outstanding="600.01")) == ["R19"]


def test_a_repaid_debt_has_nothing_left():
    assert codes(row(**REPAID), answers={"R15"}) == []
    assert codes(row(**REPAID | {"amount_outstanding": "10"}), answers={"R15"}) == ["R19"]


@pytest.mark.parametrize("status", ["Debt outstanding", "Repayment arrangement", "Defaulted - debt still outstanding"])
def test_a_debt_that_is_owed_has_something_left(status: str):
    assert "R19" in codes(row(status=status, status_date=date(2026, 8, 1), amount_outstanding="0"))


def test_a_withdrawn_debt_may_keep_any_amount_up_to_the_invoice():
    withdrawn = {"status": "Withdrawn - reported in error", "status_date": date(2026, 10, 1)}
    for amount in ("0", "2550.00"):
        assert codes(row(**withdrawn, amount_outstanding=amount), answers={"R15"}) == []


def test_an_amount_that_could_not_be_read_contradicts_nothing():
    assert codes(row(invoice_amount="much", amount_outstanding="0")) == ["R05", "R19"]
    assert codes(row(invoice_amount="0", amount_outstanding="600")) == ["R05"]
    assert codes(row(**REPAID | {"amount_outstanding": "all"}), answers={"R15"}) == ["R05"]
