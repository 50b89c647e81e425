"""Disputes on pages: opened by the Debtors Team, answered by the trust, settled, and what recipients are told of it."""

import re

import pytest

from app.accounts.permissions import Role
from app.core.db import Database
from tests.web.conftest import Browser, said
from tests.web.test_debts import Report, day, debt_of, report, row

__all__ = ["report"]
FORM = {
    "reason": "already_paid",
    "received_how": "email",
    "case_reference": "DT-2026-17",
    "note": "Says it was paid in May.",
}
FORM |= day("received_on", "20/11/2026")


@pytest.fixture
def ovm(visitor) -> Browser:
    return visitor(Role.TRUST)


@pytest.fixture
def team(visitor) -> Browser:
    return visitor(Role.DEBTORS_TEAM)


@pytest.fixture
def debt(report: Report) -> str:
    return report(row(1))[0]


def opened(team: Browser, debt: str) -> str:
    """The address of a new dispute."""
    answer = team.post(f"/debts/{debt}/dispute", FORM)
    assert answer.status_code == 303, said(answer)
    return answer.headers["location"].split("?")[0]


def test_a_dispute_from_the_debts_page_to_its_settlement(ovm, team, debt):
    assert f'href="/debts/{debt}/dispute"' in team.get(f"/debts/{debt}").text
    answer = team.follow(team.post(f"/debts/{debt}/dispute", FORM))
    words = said(answer)
    assert "The dispute is open and the debt is held." in words and "Answer due in 28 days" in words
    address = str(answer.url.path)
    for page in ("/debts", f"/debts/{debt}"):
        assert "Disputed" in said(ovm.get(page)), page
    assert "1 dispute waits for your answer" in said(ovm.get("/"))
    assert "INV00001" in said(ovm.get("/disputes"))
    answered = ovm.follow(ovm.post(f"{address}/answer", {"answer": "stands", "note": "No payment has arrived."}))
    assert "Answered in time: the record is right No payment has arrived." in said(answered)
    assert "1 open dispute : 1 to be settled, 0 with an answer that is late" in said(team.get("/"))
    settled = team.follow(team.post(f"{address}/settle", {"outcome": "not_upheld", "note": "The trust is right."}))
    assert "Not upheld The trust is right." in said(settled)
    assert "Disputed" not in said(ovm.get("/debts"))
    assert "RJ1 Trust (RJ1) 1 0 0 0 0 1 1 0.0" in said(team.get("/disputes"))
    assert "Disputes to answer None" in said(ovm.get("/"))


def test_withdrawing_withdraws_the_debt(ovm, team, debt, database: Database):
    address = opened(team, debt)
    missing = ovm.post(f"{address}/answer", {"answer": "withdrawn"})
    assert (missing.status_code, "Choose why the debt is withdrawn" in said(missing)) == (422, True)
    ovm.post(f"{address}/answer", {"answer": "withdrawn", "reason": "patient_exempt"})
    assert (debt_of(database, debt).status, debt_of(database, debt).withdrawal_reason) == (
        "withdrawn",
        "patient_exempt",
    )


def test_what_is_wrong_in_a_form_is_told_beside_each_field_and_nothing_is_lost(team, debt, database: Database):
    answer = team.post(f"/debts/{debt}/dispute", {"note": "Kept.", "received_on-day": "32", "due_on-day": "1"})
    assert answer.status_code == 422
    for words in ("Choose what the person says is wrong", "The day received must be a real date", "Choose how the dispute",
                  "Enter your case reference", "The day on which the answer is due must be a real date", "Kept."):  # fmt: skip
        assert words in said(answer)
    for target in re.findall(r'<a href="#([\w-]+)"', answer.text):
        assert f'id="{target}"' in answer.text, target
    assert not debt_of(database, debt).held


def test_an_answer_without_its_words_is_shown_again(ovm, team, debt):
    address = opened(team, debt)
    for fields, words in (
        ({}, "Choose what you found"),
        ({"answer": "stands"}, "Say why the record is right"),
        ({"answer": "amended"}, "Nothing of this debt has been corrected"),
    ):
        answer = ovm.post(f"{address}/answer", fields)
        assert (answer.status_code, words in said(answer)) == (422, True), words
    amended = {"given_names": "Adaeze"}
    ovm.post(f"/debts/{debt}/amend", amended)
    assert ovm.post(f"{address}/answer", {"answer": "amended"}).status_code == 303


def test_the_forms_are_there_only_for_whose_turn_it_is(ovm, team, debt):
    address = opened(team, debt)
    assert 'action="' + address + '/answer"' in ovm.get(address).text
    for form in ("/answer", "/settle"):
        assert f'action="{address}{form}"' not in team.get(address).text
    assert team.post(f"{address}/settle", {"outcome": "upheld", "note": "x"}).status_code == 409
    assert said(team.follow(team.post(f"{address}/abandon", {"note": "The wrong debt."}))).count("Abandoned") == 2
    again = team.get(f"/debts/{debt}/dispute")
    assert 'name="case_reference"' in again.text


def test_a_second_dispute_leads_to_the_first(team, debt):
    address = opened(team, debt)
    assert f'href="{address}"' in team.get(f"/debts/{debt}/dispute").text
    again = team.post(f"/debts/{debt}/dispute", FORM)
    assert (again.status_code, "is open already" in said(again)) == (409, True)


def test_another_trust_finds_no_dispute_as_if_there_were_none(visitor, team, debt):
    address, absent = opened(team, debt), "/disputes/" + "0" * 32
    other = visitor(Role.TRUST, "RYJ")
    assert "INV00001" not in said(other.get("/disputes"))
    for form in ("", "/answer"):
        theirs, nobodys = other.get(address + form), other.get(absent + form)
        assert (theirs.status_code, theirs.content == nobodys.content) == (404, True)
    for path in (address, absent):
        assert other.post(f"{path}/answer", {"answer": "stands", "note": "x"}).status_code in {403, 404}


def test_a_recipient_that_must_be_told_is_listed_until_it_was(ovm, team, debt):
    assert "Nobody has to be told of anything." in said(team.get("/corrections"))
    team.post("/debts/download", {"output": "csv", "purpose": "Monthly load", "recipient": "MIDAS"})
    ovm.post(f"/debts/{debt}/amend", {"family_name": "Okonkwo"})
    page = team.get("/corrections")
    assert "MIDAS 1 debt" in said(page) and "Family name" in said(page) and "Okonkwo" not in said(page)
    value = re.search(r'name="told" value="([0-9a-f]+\.\d+)"', page.text)
    assert value is not None
    nothing = team.post("/corrections", {"recipient": "midas", "told": value[1]})
    assert (nothing.status_code, "Choose how the recipient was told" in said(nothing)) == (422, True)
    assert f'value="{value[1]}" id="told" checked' in nothing.text
    none = team.post("/corrections", {"recipient": "midas", "how": "email"})
    assert (none.status_code, "Choose at least one correction" in said(none)) == (422, True)
    done = team.follow(team.post("/corrections", {"recipient": "midas", "how": "email", "told": value[1]}))
    assert (
        "Nobody has to be told of anything." in said(done) and "MIDAS ND-" in said(done) and "By e-mail" in said(done)
    )


def test_everything_held_is_a_page_a_document_and_data_each_for_whom_it_is_for(ovm, team, debt, database: Database):
    theirs, own = f"/debtors/{debt_of(database, debt).debtor_id}/everything", f"/debts/{debt}/everything"
    assert f'href="{theirs}"' in team.get(theirs.removesuffix("/everything")).text
    assert f'href="{own}"' in ovm.get(f"/debts/{debt}").text
    for browser, path in ((team, theirs), (ovm, own)):
        empty = browser.post(path, {"output": "page"})
        assert (empty.status_code, "Enter the reference of the request" in said(empty)) == (422, True)
        shown = browser.post(path, {"request": "SAR-17", "output": "page"})
        assert "SAR-17" in said(shown) and "Okonkwob" in said(shown)
        assert ("case 1" in said(shown)) == (browser is ovm)
        document = browser.post(path, {"request": "SAR-17", "output": "html"})
        assert "attachment" in document.headers["content-disposition"] and "Okonkwob" in document.text
        assert browser.post(path, {"request": "SAR-17", "output": "json"}).json()["request"] == "SAR-17"
