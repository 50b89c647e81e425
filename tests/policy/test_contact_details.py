"""E-mail addresses and telephone numbers are told by their form; the words of the work are left alone."""

import pytest

from app.policy.contact_details import contact_detail_in


@pytest.mark.parametrize("text", ["adaeze.okonkwo@homeoffice.example", "For A. Okonkwo <a@b.example>", "a@localhost"])
def test_an_e_mail_address_is_noticed(text):
    assert contact_detail_in(text) == "an e-mail address"


@pytest.mark.parametrize(
    "text",
    ["020 7946 0123", "Call 02079460123 first", "(020) 7946-0123", "+44 20 7946 0123", "+44 (0)20 7946 0123", "07700900123",
     "Load, tel:07700 900 123", "0044 20 7946 0123", "+234 803 555 0123"],
)  # fmt: skip
def test_a_telephone_number_is_noticed(text):
    assert contact_detail_in(text) == "a telephone number"


@pytest.mark.parametrize(
    "text",
    ["Monthly load", "MIDAS", "Load of 01/11/2026", "1 November 2026 to 30 November 2026", "2026-10-01 2026-10-31",
     "DR-2026-10-RJ1-01 and DR-2026-10-RYJ-02", "Debts over £1,000,000.00", "Release 0012", "Ref HO 0001/2026/000123",
     "Meeting @ 10", "20261126093000", "01.10.2026 to 31.10.2026", "Inspection 2026/0000001234"],
)  # fmt: skip
def test_the_words_of_the_work_are_left_alone(text):
    assert contact_detail_in(text) is None
