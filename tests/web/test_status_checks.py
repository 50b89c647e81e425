"""The page of status checks: an exact question, its answer on the same page, and nothing personal in any address."""

import pytest

from app.accounts.permissions import Role
from app.core.db import Database
from app.organisations import contacts
from app.organisations.contacts import Details
from app.settings import get_settings
from tests.web.conftest import Browser, row, said, workbook

ASKED = {
    "family_name": "Okonkwob",
    "date_of_birth-day": "3",
    "date_of_birth-month": "1",
    "date_of_birth-year": "1970",
    "passport_number": "A0000001",
    "invoice_number": "",
    "reason": "arrival",
    "case_reference": "",
}


@pytest.fixture
def officer(visitor) -> Browser:
    return visitor(Role.BORDER)


@pytest.fixture
def reported(visitor) -> None:
    trust = visitor(Role.TRUST)
    upload = "/returns/upload?organisation=RJ1&period=2026-10"
    file = {"file": ("r.xlsx", workbook(row(1)))}
    trust.post(trust.post(upload, {"declaration": "true"}, files=file).headers["location"])


def test_an_officer_asks_and_reads_how_the_debt_stands_and_whom_to_ask(officer, reported, database: Database):
    with database.writing() as db:
        contacts.add(
            db, "RJ1", Details("Overseas visitors office", "urgent_checks", "020 7946 0123", "", "At any hour")
        )
    answer = officer.post("/status-checks", ASKED | {"case_reference": "BF/2026/01234"})
    words = said(answer)
    assert answer.status_code == 200
    assert words.startswith("How the debt stands As at 22 November 2026")
    assert "RJ1 Trust Debt outstanding: £2,500.50 is owed." in words
    assert "Overseas visitors office 020 7946 0123 At any hour" in words
    assert "Family name Okonkwob" in words and "Case reference BF/2026/01234" in words
    assert "Number of this check SC-" in words
    assert "INV00001" not in words and "Ada" not in words
    assert answer.headers["cache-control"] == "no-store"


def test_without_an_exact_match_the_page_says_what_that_means(officer, reported):
    answer = officer.post("/status-checks", ASKED | {"family_name": "Okonkwo"})
    assert answer.status_code == 200
    assert said(answer).startswith("No exact match") and "does not show that the person owes nothing" in said(answer)


def test_a_debt_in_doubt_is_marked_before_anything_else_is_said_of_it(officer, reported, database: Database):
    with database.writing() as db:
        db.connection().exec_driver_sql("UPDATE debts SET held = true")
    words = said(officer.post("/status-checks", ASKED))
    assert words.index("In doubt: do not rely on it.") < words.index("is owed")
    assert "No contact is kept for this organisation. Ask the NHS Debtors Team." in words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"family_name": ""}, "Enter the family name"),
        ({"date_of_birth-day": "31", "date_of_birth-month": "2"}, "The date of birth must be a real date"),
        ({"date_of_birth-year": "2030"}, "The date of birth is in the future"),
        ({"passport_number": ""}, "Enter a passport number or an invoice number: one of the two"),
        ({"invoice_number": "INV00001"}, "Enter a passport number or an invoice number: one of the two"),
        ({"reason": ""}, "Choose why you ask"),
        ({"reason": "other"}, "Enter the case reference, because the reason is another case"),
        ({"case_reference": "Ada Okonkwo"}, "Enter the number of your case"),
    ],
)
def test_a_question_that_cannot_be_asked_is_shown_again_with_what_was_entered(officer, changes, words):
    answer = officer.post("/status-checks", ASKED | changes)
    assert (answer.status_code, said(answer).startswith("There is a problem " + words)) == (422, True), said(answer)
    for name, value in (ASKED | changes).items():
        if value and name != "reason":
            assert f'value="{value}"' in answer.text, name


def test_everything_that_is_wrong_is_told_at_once_in_the_order_of_the_page(officer):
    words = said(officer.post("/status-checks", {"reason": "other"}))
    found = [
        "Enter the family name", "The date of birth is missing", "one of the two", "Enter the case reference",
    ]  # fmt: skip
    places = [words.index(each) for each in found]
    assert places == sorted(places)


def test_who_asks_too_often_keeps_the_form_and_reads_when_to_ask_again(officer, monkeypatch):
    monkeypatch.setenv("DEBTOR_RETURNS_STATUS_CHECKS_PER_HOUR", "1")
    get_settings.cache_clear()
    officer.post("/status-checks", ASKED)
    answer = officer.post("/status-checks", ASKED)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 3500
    assert "Ask again in 60 minutes" in said(answer) and 'value="Okonkwob"' in answer.text


def test_a_script_in_a_name_is_shown_as_text(officer):
    answer = officer.post("/status-checks", ASKED | {"family_name": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in answer.text and "&lt;script&gt;alert(1)" in answer.text


def test_only_the_border_finds_the_page_in_its_navigation(visitor):
    for role in Role:
        assert ('href="/status-checks"' in visitor(role).get("/").text) == (role is Role.BORDER), role
