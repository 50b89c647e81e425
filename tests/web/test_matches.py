"""The queue of possible matches as pages: two persons side by side, three choices, and the way back."""

from datetime import date

import pytest

from app.accounts.permissions import Role
from app.debts.comparing import compare_waiting
from tests.web.conftest import Browser, row, said, workbook

ADA = {"family_name": "Okonkwo", "given_names": "Ada", "date_of_birth": date(1985, 7, 3), "passport_number": "A7654321"}


def send(visitor: Browser, organisation: str, data: bytes) -> None:
    upload = f"/returns/upload?organisation={organisation}&period=2026-10"
    checked = visitor.post(upload, {"declaration": "true"}, files={"file": ("r.xlsx", data)}).headers["location"]
    assert visitor.post(checked).status_code == 303


@pytest.fixture
def team(visitor) -> Browser:
    """The Debtors Team, when two trusts have reported one patient with different birthdays."""
    send(visitor(Role.TRUST), "RJ1", workbook(row(1, **ADA)))
    send(visitor(Role.TRUST, "RYJ"), "RYJ", workbook(row(2, **ADA | {"date_of_birth": date(1985, 3, 7)})))
    return visitor(Role.DEBTORS_TEAM)


def the_match(team: Browser) -> str:
    return team.get("/matches").text.split('href="/matches/')[1].split('"')[0]


def test_the_queue_is_filled_by_submitting_and_counted_at_home(team):
    assert "1 possible match to decide." in said(team.get("/"))
    queue = said(team.get("/matches"))
    assert "Day and month of birth swapped." in queue
    assert "To be decided" in queue


def test_both_persons_stand_side_by_side_with_differences_in_words(team):
    page = said(team.get(f"/matches/{the_match(team)}"))
    assert "Date of birth First person 3 July 1985 Second person 7 March 1985 Compared Different" in page
    assert "Family name First person Okonkwo Second person Okonkwo Compared Same" in page
    assert "RJ1 Trust" in page and "RYJ Trust" in page


def test_a_decision_joins_stands_on_the_persons_page_and_is_changed_from_there(team):
    match = the_match(team)
    answer = team.post(f"/matches/{match}", {"decision": "same", "was": "open"})
    assert "The decision is kept." in team.follow(answer).text
    assert "Nothing is to be decided now." in said(team.get("/matches"))
    assert "The same person" in said(team.get("/matches", state="decided"))
    debtor = team.get(f"/matches/{match}").text.split('href="/debtors/')[1].split('"')[0]
    person = team.get(f"/debtors/{debtor}")
    assert "Joined by debtors_team@all.example" in said(person)
    assert f"/matches/{match}" in person.text
    assert "2 debts" in said(person)
    team.post(f"/matches/{match}", {"decision": "different", "was": "same"})
    assert "1 debt " in said(team.get(f"/debtors/{debtor}"))


def test_a_form_without_a_choice_or_out_of_date_is_shown_again_with_what_is_so_now(team):
    match = the_match(team)
    answer = team.post(f"/matches/{match}", {"was": "open"})
    assert (answer.status_code, "Choose whether this is the same person" in said(answer)) == (422, True)
    team.post(f"/matches/{match}", {"decision": "different", "was": "open"})
    answer = team.post(f"/matches/{match}", {"decision": "same", "was": "open"})
    assert answer.status_code == 409
    assert "Meanwhile this is decided: different persons." in said(answer)
    assert '<input type="hidden" name="was" value="different">' in answer.text


def test_an_empty_queue_says_so(visitor):
    assert "Nothing is to be decided now." in said(visitor(Role.DEBTORS_TEAM).get("/matches"))


def test_nothing_of_it_is_shown_to_a_trust(team, visitor, database):
    compare_waiting(database)
    team.post(f"/matches/{the_match(team)}", {"decision": "same", "was": "open"})
    officer = visitor(Role.TRUST)
    debt = officer.get("/debts").text.split('href="/debts/')[1].split('"')[0]
    for path in ("/", "/debts", f"/debts/{debt}", "/returns"):
        page = officer.get(path).text
        assert "/debtors/" not in page and "match" not in page.lower().replace("matches the search", ""), path
        assert "RYJ" not in page, path
