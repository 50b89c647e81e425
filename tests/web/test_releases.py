"""Releases on pages: prepared by one, checked, approved by another, released, downloaded, answered; and what is refused."""

import csv
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.access import COMMAND_LINE
from app.accounts.models import Step
from app.accounts.permissions import Role
from app.core.db import Database
from app.debts import holds
from app.debts.models import Debt
from app.releases import forgetting, old_files
from app.releases.models import Handover, SampleLine
from tests.web.conftest import Browser, row, said
from tests.web.test_debts import report

__all__ = ["report"]
FORM = {"scope": "full", "recipient": "MIDAS", "purpose": "Monthly load"}


@pytest.fixture
def one(visitor: Callable[..., Browser]) -> Browser:
    return visitor(Role.DEBTORS_TEAM)


@pytest.fixture
def two(app, database: Database) -> Browser:
    """A second member of the Debtors Team."""
    made = Browser(app)
    with database.writing() as db:
        user = accounts.add_user(db, COMMAND_LINE, "second@all.example", Role.DEBTORS_TEAM)
        made.client.cookies.set("session", sessions.start(db, user, Step.IN))
    return made


def prepared(browser: Browser, **changes: str) -> str:
    """The address of a new release."""
    answer = browser.post("/releases/prepare", FORM | changes)
    assert answer.status_code == 303, said(answer)
    return answer.headers["location"].split("?")[0]


def check_all(browser: Browser, here: str, wrong: int = 0) -> None:
    """Looks at the sample line by line as the pages lead on; the first `wrong` ones are wrong."""
    found = re.search(rf'href="({here}/sample/\d+)" role="button"', browser.get(here).text)
    path = found[1] if found else here
    while "/sample/" in path:
        judgement = {"correct": "wrong", "reason": "name_differs"} if wrong > 0 else {"correct": "right"}
        answer = browser.post(path, judgement)
        assert answer.status_code == 303, said(answer)
        path, wrong = answer.headers["location"].split("?")[0], wrong - 1
    assert path == here


def test_a_release_goes_from_its_preparation_to_the_answer_by_two_people(one, two, report, visitor, database: Database):
    report(*(row(number) for number in range(1, 6)))
    assert "There is no release yet." in said(one.get("/releases"))
    here = prepared(one)
    words = said(one.get(here))
    assert "Release 1" in words and "0 of 5 lines checked" in words and "RJ1 Trust (RJ1) 5 £12,502.50" in words
    assert f"waits for its sample: {5} lines to check" in said(two.get("/"))
    check_all(one, here)
    assert "You prepared release 1, so another person must approve it." in said(one.get(here))
    assert "waits to be approved by somebody who neither prepared nor checked it" in said(one.get("/"))
    assert one.post(f"{here}/approve").status_code == 403
    assert "waits to be approved. You can do it." in said(two.get("/"))
    assert "is approved" in said(two.follow(two.post(f"{here}/approve")))
    assert "no line is taken out" in said(one.get(f"{here}/release"))
    words = said(one.follow(one.post(f"{here}/release")))
    assert "its files are frozen" in words and "midas.csv 5" in re.sub(r"Rows |Size |SHA-256 ", "", words)
    assert one.post(f"{here}/files/midas.csv", {"purpose": ""}).status_code == 422
    file = one.post(f"{here}/files/midas.csv", {"purpose": "Loading it"})
    lines = list(csv.DictReader(file.text.splitlines()))
    assert len(lines) == 5
    with database.reading() as db:
        assert [each.purpose for each in db.exec(select(Handover))] == ["Loading it"]
    answer = [
        "reference,result,reason",
        f"{lines[0]['reference']},rejected,no match",
        f"{lines[1]['reference']},loaded,",
    ]
    sent = {"file": ("answer.csv", "\n".join(answer).encode())}
    words = said(two.follow(two.post(f"{here}/acknowledgement", files=sent)))
    assert (
        "5 sent 1 loaded 1 rejected 0 of them mended 1 of them still to mend 0 of them closed without mending" in words
    )
    assert "0 sent again once mended 0 sent again before that 3 not answered" in words
    assert "Loading it" in words
    rows = said(visitor(Role.TRUST).get("/open-rows"))
    assert lines[0]["invoice_number"] in rows and lines[1]["invoice_number"] not in rows
    assert "No release is open." in said(one.get("/"))


def test_a_release_without_a_line_because_of_a_hold_says_so(one, report, database: Database):
    report(row(1))
    with database.writing() as db:
        holds.hold(db, COMMAND_LINE, db.exec(select(Debt.id)).one(), "An answer is awaited")
    words = said(one.get(prepared(one)))
    assert "No line: 1 debt that would have had one is on hold, and there is nothing else to tell." in words


def test_a_line_marked_wrong_holds_its_debt_and_is_listed_as_taken_out(one, two, report, database: Database):
    report(*(row(number) for number in range(1, 6)))
    here = prepared(one)
    check_all(one, here, wrong=1)
    assert "5 of 5 lines checked. 1 is marked wrong." in said(one.get(here))
    two.post(f"{here}/approve")
    why = "It was compared with its source and marked wrong"
    assert why in said(one.get(f"{here}/release"))
    words = said(one.follow(one.post(f"{here}/release")))
    assert why in words and "Taken out 1 line" in words
    with database.reading() as db:
        assert [debt.held for debt in db.exec(select(Debt).order_by(Debt.reference))].count(True) == 1


def test_the_sample_shows_the_source_beside_the_line_and_says_in_words_what_differs(one, report, database: Database):
    report(row(1), row(2))
    with database.writing() as db:
        debt = db.exec(select(Debt).where(Debt.invoice_number == "INV00001")).one()
        debt.given_names = "Adaeze"
        db.add(debt)
    here = prepared(one)
    words = [said(one.get(f"{here}/sample/{line}")) for line in (1, 2)]
    assert (
        sum(
            "Given names As read from the source Ada As the line says Adaeze Compared Different" in page
            for page in words
        )
        == 1
    )
    assert all(
        "Nationality As read from the source NGA As the line says Nigeria Compared Same" in page for page in words
    )
    assert all("Your reference" not in page for page in words)


def test_what_is_missing_in_a_judgement_is_told_and_nothing_is_marked(one, report, database: Database):
    report(row(1))
    here = prepared(one)
    for fields, words in (
        ({}, "Choose whether the line is right or wrong"),
        ({"correct": "wrong"}, "Choose what is wrong"),
    ):
        answer = one.post(f"{here}/sample/1", fields)
        assert (answer.status_code, words in said(answer)) == (422, True)
    with database.reading() as db:
        assert db.exec(select(SampleLine)).one().correct is None


def test_what_is_missing_when_preparing_is_told_for_every_field(one):
    answer = one.post("/releases/prepare", {"recipient": "", "purpose": ""})
    assert answer.status_code == 422
    for words in ("Choose what the release holds", "Say who it is for", "Say what it is for"):
        assert words in said(answer)


def test_a_second_release_leads_to_the_one_that_is_open_until_it_is_abandoned(one, report):
    report(row(1))
    here = prepared(one)
    assert f'href="{here}"' in one.get("/releases/prepare").text
    refused = one.post("/releases/prepare", FORM)
    assert (refused.status_code, "Finish it or abandon it first" in said(refused)) == (409, True)
    assert one.post(f"{here}/abandon", {"reason": ""}).status_code == 422
    words = said(one.follow(one.post(f"{here}/abandon", {"reason": "The wrong recipient"})))
    assert "Abandoned on" in words and "The wrong recipient" in words
    assert "cannot be abandoned" in said(one.get(f"{here}/abandon"))
    assert prepared(one) != here


def test_changes_are_shown_line_by_line_with_what_differs(one, two, report, visitor):
    debt, _ = report(row(1), row(2))
    first = prepared(one)
    check_all(one, first)
    two.post(f"{first}/approve")
    one.post(f"{first}/release")
    assert visitor(Role.TRUST).post(f"/debts/{debt}/amend", {"given_names": "Adaeze"}).status_code == 303
    here = prepared(two, scope="changes", recipient=" midas ")
    words = said(two.get(f"{here}/lines?change=corrected"))
    assert "Given names: Ada → Adaeze" in words and "release 1" in words and "1 line." in words
    assert "Okonkwo" not in words
    assert "This release has no such lines." in said(two.get(f"{here}/lines?change=new"))


def test_an_empty_release_says_so_and_can_be_approved_by_another(one, two):
    here = prepared(one, scope="changes")
    assert "No line: nothing has changed since the recipient was last told." in said(one.get(here))
    assert two.post(f"{here}/approve").status_code == 303


def test_pages_say_what_comes_first_before_their_turn(one, report):
    report(row(1))
    here = prepared(one)
    assert "Only an approved release can go" in said(one.get(f"{here}/release"))
    assert one.post(f"{here}/release").status_code == 409
    assert one.get(f"{here}/files/midas.csv").status_code == 409
    assert "has not left yet" in said(one.get(f"{here}/acknowledgement"))
    sent = {"file": ("answer.csv", b"reference,result,reason\n")}
    assert one.post(f"{here}/acknowledgement", files=sent).status_code in (409, 422)


def test_what_is_wrong_in_an_answer_is_told_line_by_line_and_nothing_is_taken(one, two, report):
    report(row(1))
    here = prepared(one)
    check_all(one, here)
    two.post(f"{here}/approve")
    one.post(f"{here}/release")
    assert "Choose the recipient’s file" in said(one.post(f"{here}/acknowledgement"))
    sent = {"file": ("answer.csv", b"reference,result,reason\nND-1,loaded,\nND-2,rejected,\n")}
    answer = one.post(f"{here}/acknowledgement", files=sent)
    assert answer.status_code == 422
    assert "Line 2: no release has given this reference" in said(answer) and "Line 3: it is rejected" in said(answer)
    assert "No answer is noted yet." in said(one.get(here))
    png = {"file": ("answer.csv", b"\x89PNG\r\n\x1a\n" + bytes(50))}
    refused = one.post(f"{here}/acknowledgement", files=png)
    assert refused.status_code == 422 and "a PNG image" in said(refused) and "Save the answer as" in said(refused)


def test_an_answer_is_put_right_by_one_that_says_so(one, two, report, visitor, database):
    report(row(1))
    with database.reading() as db:
        reference = db.exec(select(Debt.reference)).one()
    here = prepared(one)
    check_all(one, here)
    two.post(f"{here}/approve")
    one.post(f"{here}/release")
    wrong, right = (
        {"file": ("answer.csv", f"reference,result,reason\n{reference},{said_}\n".encode())}
        for said_ in ("rejected,no match", "loaded,")
    )
    one.follow(one.post(f"{here}/acknowledgement", files=wrong))
    refused = one.post(f"{here}/acknowledgement", files=right)
    assert refused.status_code == 422 and "answered otherwise before (rejected)" in said(refused)
    words = said(one.follow(one.post(f"{here}/acknowledgement", {"replaces": "true"}, files=right)))
    assert "1 loaded 0 rejected" in words and "1 of these in place of an earlier answer" in words
    assert "Nothing is waiting to be mended." in said(visitor(Role.TRUST).get("/open-rows"))


def test_what_is_not_there_is_404(one, report):
    report(row(1))
    here, absent = prepared(one), "/releases/" + "0" * 32
    for path in (f"{here}/sample/99", absent, f"{absent}/lines", f"{absent}/sample/1", f"{absent}/approve",
                 f"{absent}/release", f"{absent}/abandon", f"{absent}/files/midas.csv", f"{absent}/acknowledgement"):  # fmt: skip
        assert one.get(path).status_code == 404, path


def test_what_was_deleted_in_its_time_is_told_and_everything_else_of_the_release_stays(one, two, report, database):
    report(row(1), row(2))
    here = prepared(one)
    check_all(one, here)
    two.post(f"{here}/approve")
    one.post(f"{here}/release")
    then = datetime(2028, 11, 22, 12, tzinfo=UTC)
    with database.writing() as db:
        gone = db.exec(select(Debt).where(Debt.invoice_number == "INV00001")).one()
        forgetting.of_debts(db, [gone.id], then)
        assert old_files.delete_some(db, then, then) == 4
    words = said(one.get(here))
    assert words.count("Deleted on 22 November 2028, under the policy") == 4
    assert re.search(r"[0-9a-f]{64}", words) and f'href="{here}/files/' not in one.get(here).text
    for answer in (one.get(f"{here}/files/midas.csv"), one.post(f"{here}/files/midas.csv", {"purpose": "Again"})):
        assert answer.status_code == 410
        assert "midas.csv of release 1 was deleted on 22 November 2028" in said(answer)
    words = said(one.get(f"{here}/lines?change=new"))
    assert "Invoice Deleted on 22 November 2028, under the policy" in words and "INV00002" in words
    assert f"/debts/{gone.id}" not in one.get(f"{here}/lines?change=new").text
    pages = [said(one.get(f"{here}/sample/{line}")) for line in (1, 2)]
    (forgotten,) = [page for page in pages if "As the line says" not in page]
    assert "What this line said was deleted on 22 November 2028, under the policy" in forgotten
    assert "Marked right by" in forgotten
