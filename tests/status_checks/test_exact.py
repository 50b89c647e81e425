"""Whom a question names: exactly or not at all; and which questions cannot be asked."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from app.return_template.choices import Status
from app.status_checks.rules import exact, wording
from app.status_checks.rules.question import Question, Reason, wrong_with

BORN, TODAY = date(1985, 3, 27), date(2026, 11, 22)
QUESTION = Question("Example", BORN, "arrival", passport_number="A01234567")
BY_INVOICE = replace(QUESTION, passport_number="", invoice_number="00123")


@dataclass(frozen=True)
class Debt:
    family_name: str = "Example"
    date_of_birth: date | None = BORN
    passport_number: str | None = "A01234567"
    invoice_number: str = "00123"


@pytest.mark.parametrize(
    ("reported", "asked"),
    [
        ("O'Brien", "O'BRIEN"),
        ("de la Cruz", "  De  La Cruz "),
        ("Nguyễn", "Nguye\u0302\u0303n"),
        ("José Peña", "JOSE\u0301 PEN\u0303A"),
        ("Suharno", "suharno"),  # a person with a single name
        ("Straße", "STRASSE"),
    ],
)
def test_a_name_agrees_whatever_its_case_spaces_and_way_of_writing_an_accent(reported: str, asked: str):
    assert exact.names(replace(QUESTION, family_name=asked), Debt(family_name=reported))


@pytest.mark.parametrize(
    ("reported", "asked"),
    [
        ("O'Brien", "OBrien"),
        ("O'Brien", "Brien"),
        ("Peña", "Pena"),
        ("de la Cruz", "Cruz"),
        ("Example", "Exam"),
        ("Example", "Example%"),
        ("Example", "Ex_mple"),
    ],
)
def test_a_name_that_is_only_alike_or_a_part_is_another_name(reported: str, asked: str):
    assert not exact.names(replace(QUESTION, family_name=asked), Debt(family_name=reported))


@pytest.mark.parametrize("asked", ["A01234567", "a 0123 4567", "A-01234567"])
def test_a_passport_agrees_by_its_letters_and_digits(asked: str):
    assert exact.names(replace(QUESTION, passport_number=asked), Debt())
    assert exact.names(QUESTION, Debt(passport_number=asked))


@pytest.mark.parametrize(
    "changes",
    [
        {"date_of_birth": date(1985, 3, 28)},
        {"date_of_birth": None},
        {"passport_number": "A0123456"},
        {"passport_number": None},
        {"passport_number": "--"},
    ],
)
def test_another_birthday_or_passport_or_none_is_nobody_asked_for(changes):
    assert not exact.names(QUESTION, replace(Debt(), **changes))


@pytest.mark.parametrize(
    ("asked", "is_named"),
    [("00123", True), (" 00123 ", True), ("123", False), ("0012", False), ("00123 4", False)],
)
def test_an_invoice_number_agrees_as_it_is(asked: str, is_named: bool):
    assert exact.names(replace(BY_INVOICE, invoice_number=asked), Debt()) is is_named


def test_a_question_without_a_number_names_nobody():
    nothing = replace(QUESTION, passport_number="")
    assert not exact.names(nothing, Debt(passport_number=None, invoice_number=""))
    assert not exact.names(replace(QUESTION, passport_number="-"), Debt(passport_number="-"))


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason is not Reason.OTHER])
def test_a_whole_question_has_nothing_wrong(reason: Reason):
    assert list(wrong_with(replace(QUESTION, reason=reason), TODAY)) == []
    assert list(wrong_with(replace(BY_INVOICE, reason=reason, case_reference="BF/2026/01234"), TODAY)) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"family_name": " "}, "family_name"),
        ({"family_name": "x" * 81}, "family_name"),
        ({"family_name": "Exam\u200bple"}, "family_name"),
        ({"date_of_birth": date(2026, 11, 23)}, "date_of_birth"),
        ({"passport_number": ""}, "passport_number"),
        ({"invoice_number": "00123"}, "passport_number"),
        ({"passport_number": "- -"}, "passport_number"),
        ({"passport_number": "A" * 21}, "passport_number"),
        ({"reason": "enforcement"}, "reason"),
        ({"reason": "other"}, "case_reference"),
        ({"case_reference": "the Okonkwo family"}, "case_reference"),
        ({"case_reference": "1" * 41}, "case_reference"),
        ({"case_reference": "BF\n1"}, "case_reference"),
    ],
)
def test_a_question_that_cannot_be_asked_names_the_field_and_quotes_nothing(changes, field: str):
    ((wrong, words),) = wrong_with(replace(QUESTION, **changes), TODAY)
    assert wrong == field
    assert "Okonkwo" not in words and "A0123" not in words


def test_nothing_is_owed_on_a_withdrawn_debt_although_the_register_keeps_its_amount():
    assert wording.still_owed(Status.WITHDRAWN, 255000) == 0
    assert wording.said_of(Status.WITHDRAWN, 0).startswith("Withdrawn: nothing is owed.")
    assert "£2,550.00" in wording.said_of(Status.OUTSTANDING, wording.still_owed(Status.OUTSTANDING, 255000))


def test_doubt_comes_before_age():
    assert wording.caution(held=True, unconfirmed=True, last_confirmed=BORN).startswith("In doubt: do not rely on it.")
    assert "since 27 March 1985" in wording.caution(held=False, unconfirmed=True, last_confirmed=BORN)
    assert wording.caution(held=False, unconfirmed=False, last_confirmed=BORN) == ""
