"""When a debt can be reported: old enough (R10), since the scheme began (R11), large enough with the person's others (R09)."""

from datetime import date
from typing import Any

import pytest

from tests.returns.rules.building import all_codes, codes, finding, held, judged, person, register_of, row


def debt(number: str, amount: str, **changes: Any) -> list[Any]:
    """An invoice of one and the same person."""
    return row(invoice_number=number, invoice_amount=amount, amount_outstanding=amount, **changes)


def test_an_invoice_can_be_reported_two_months_later():
    assert codes(row(invoice_date=date(2026, 8, 31))) == []
    assert codes(row(invoice_date=date(2026, 9, 1))) == ["R10"]


def test_two_months_from_31_december_end_on_the_last_day_of_february():
    def december(uploaded: date) -> list[str]:
        return codes(row(invoice_date=date(2025, 12, 31)), period="2026-02", uploaded=uploaded)

    assert december(date(2026, 2, 27)) == ["R10"]
    assert december(date(2026, 2, 28)) == []
    assert codes(row(invoice_date=date(2023, 12, 31)), period="2024-02", uploaded=date(2024, 2, 28)) == ["R10"]


def test_before_6_april_2016_it_was_three_months_and_a_thousand_pounds():
    early = {"period": "2016-06", "uploaded": date(2016, 7, 10)}
    assert codes(row(invoice_date=date(2016, 4, 5)), **early | {"uploaded": date(2016, 6, 20)}) == ["R10"]
    assert codes(row(invoice_date=date(2016, 4, 6)), **early | {"uploaded": date(2016, 6, 20)}) == []
    assert codes(debt("1", "999.99", invoice_date=date(2016, 3, 1)), **early) == ["R09"]
    assert codes(debt("1", "1000", invoice_date=date(2016, 3, 1)), **early) == []


def test_the_words_say_from_when_an_invoice_can_be_reported():
    assert "can be reported from 15 November 2026" in finding("R10", row(invoice_date=date(2026, 9, 15))).message


def test_nothing_from_before_the_scheme_is_reported_and_its_age_is_not_judged():
    assert codes(row(invoice_date=date(2011, 10, 31))) == ["R11"]
    assert codes(row(invoice_date=date(2011, 11, 1))) == ["W06"]


def test_a_debt_of_more_than_six_years_draws_a_question():
    assert codes(row(invoice_date=date(2020, 10, 31))) == []
    assert codes(row(invoice_date=date(2020, 10, 30))) == ["W06"]


def test_one_person_must_owe_five_hundred_pounds():
    assert codes(debt("1", "499.99")) == ["R09"]
    assert codes(debt("1", "500.00")) == []


def test_the_invoices_of_one_person_in_a_file_are_counted_together():
    assert all_codes(debt("1", "300"), debt("2", "200")) == [[], []]
    assert all_codes(debt("1", "300"), debt("2", "199.99")) == [["R09"], ["R09"]]


def test_what_counts_is_what_is_outstanding_not_what_was_invoiced():
    assert codes(row(invoice_amount="2000", amount_outstanding="499")) == ["R09"]


def test_two_persons_are_never_counted_together():
    same_name = {"given_names": "Ada", "date_of_birth": date(1990, 5, 5)}
    assert all_codes(
        debt("1", "300", **same_name, passport_number="A1234567"),
        debt("2", "300", **same_name, passport_number="B7654321"),
    ) == [["R09"], ["R09"]]
    assert all_codes(debt("1", "300"), debt("2", "300", family_name="Other", passport_number=None)) == [
        ["R09"],
        ["R09"],
    ]


def test_a_passport_counts_a_person_together_under_two_names():
    assert all_codes(debt("1", "300"), debt("2", "300", family_name="Married-Example")) == [[], []]


def test_a_name_counts_a_person_together_when_no_passport_contradicts():
    assert all_codes(debt("1", "300"), debt("2", "300", passport_number=None)) == [[], []]


def test_a_name_with_the_birthday_1_january_proves_nothing_but_a_passport_does():
    new_year = {"date_of_birth": date(1985, 1, 1)}
    without = new_year | {"passport_number": None}
    assert all_codes(debt("1", "300", **without), debt("2", "300", **without)) == [["R09"], ["R09"]]
    assert all_codes(debt("1", "300", **new_year), debt("2", "300", **new_year)) == [[], []]


def test_a_row_that_is_not_old_enough_counts_for_the_others():
    young = debt("2", "300", invoice_date=date(2026, 9, 15))
    assert all_codes(debt("1", "300"), young) == [[], ["R10"]]


@pytest.mark.parametrize("fault", [{"patient_informed": "No"}, {"uk_postcode": "X" * 13}, {"invoice_number": None}])
def test_a_row_that_is_sent_back_does_not_count_for_the_others(fault: dict[str, Any]):
    assert codes(debt("1", "300"), row(**{"invoice_number": "2", "amount_outstanding": "300"} | fault)) == ["R09"]


def test_the_second_of_two_identical_rows_does_not_count_twice():
    assert all_codes(debt("1", "300"), debt("1", "300")) == [["R09"], ["R12"]]


def test_a_repaid_row_does_not_count():
    repaid = row(invoice_number="2", status="Debt repaid", status_date=date(2026, 9, 1), amount_outstanding="0")
    assert codes(debt("1", "300"), repaid, answers={"R15"}) == ["R09"]


def test_what_the_register_holds_of_the_person_counts_too():
    assert codes(debt("1", "100"), register=register_of(held(invoice_number="9", amount_outstanding=40000))) == []
    assert codes(debt("1", "100"), register=register_of(held(invoice_number="9", amount_outstanding=39999))) == ["R09"]
    gone = held(invoice_number="9", amount_outstanding=40000, status="repaid")
    assert codes(debt("1", "100"), register=register_of(gone)) == ["R09"]


def test_a_debt_in_the_register_of_which_the_file_speaks_counts_as_the_file_says():
    known = register_of(held(invoice_number="9", amount_outstanding=60000, invoice_amount=60000))
    now = row(invoice_number="9", invoice_amount="600", amount_outstanding="399.99")
    assert all_codes(debt("1", "100"), now, register=known) == [["R09"], []]


def test_a_part_payment_below_the_threshold_keeps_a_debt_reportable():
    known = held()
    (one,) = judged(row(amount_outstanding="20.00"), register=known)
    assert (one.result, one.row.codes()) == ("changed", set())


def test_the_threshold_is_judged_again_when_the_invoice_date_changes():
    known = held(amount_outstanding=60000, invoice_amount=60000)
    small = {"invoice_amount": "600", "amount_outstanding": "600"}
    assert codes(row(**small, invoice_date=date(2016, 3, 1)), register=known) == ["R09", "W06"]


def test_the_words_tell_the_trust_the_sum_and_others_nothing():
    found = finding("R09", person("1", amount_outstanding="123.45"))
    assert "£123.45" in found.message
    assert "the £500 from which debts are reported" in found.message
    assert "123" not in found.unquoted


def test_rows_that_only_time_or_a_further_debt_can_mend_are_no_work_for_the_trust():
    small, young, untold = judged(
        person("1", amount_outstanding="100"), person("2", invoice_date=date(2026, 9, 15)),
        person("3", patient_informed="No"),
    )  # fmt: skip
    assert [one.result for one in (small, young, untold)] == ["rejected"] * 3
    assert [one.stays_open for one in (small, young, untold)] == [False, False, True]
