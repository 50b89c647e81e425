"""The page of reminders: who gets what when, sending by hand, and the words. Today is 23 November 2026."""

import pytest

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.periods.calendar import Period
from app.settings import get_settings
from app.submissions import service as submissions
from tests.api.conftest import Person
from tests.web.conftest import Browser, row, said, workbook

OCTOBER = "/reminders?period=2026-10"


@pytest.fixture(autouse=True)
def october(monkeypatch, app, database) -> Person:
    """RJ1, RYJ and 7A1 owe October, due on the 20th; nobody can be reached at 7A1. Gives the officer of RJ1."""
    monkeypatch.setenv("DEBTOR_RETURNS_TODAY", "2026-11-23")
    get_settings.cache_clear()
    with database.writing() as db:
        submissions.set_obligation(db, COMMAND_LINE, ["RJ1", "RYJ", "7A1"], Period(2026, 10))
        accounts.add_user(db, COMMAND_LINE, "a@rj1.example", Role.TRUST, "RJ1")
        accounts.add_user(db, COMMAND_LINE, "c@ryj.example", Role.TRUST, "RYJ")
        return Person(Browser(app).client, accounts.create_token(db, COMMAND_LINE, "a@rj1.example"))


def test_the_month_says_who_gets_what_when_and_whom_nobody_can_reach(visitor):
    words = said(visitor(Role.DEBTORS_TEAM).get("/reminders"))
    assert words.startswith("Reminders for October 2026")
    assert "The returns are due on 20 November 2026." in words
    assert "13 November 2026 : 5 working days before the due date (over)".replace(" :", ":") in words
    assert "30 November 2026: 10 days after the due date" in words
    assert "1 organisation owes the return and has neither an account nor an office" in words and "7A1 Trust" in words
    assert "RJ1 Trust (RJ1) Next reminder Now, 3 days after the due date Last reminder None yet" in words
    assert "Nothing has been sent for October 2026." in words


def test_reminders_are_sent_to_the_ticked_ones_and_the_answer_counts_them(visitor, october):
    team = visitor(Role.DEBTORS_TEAM)
    october.upload(workbook(row(1)))
    answer = team.post(OCTOBER, {"organisations": ["RJ1", "RYJ"]})
    words = said(answer)
    assert answer.status_code == 200
    assert "1 organisation is reminded 1 mail is in the outbox." in words
    assert "Left out RJ1 Trust (RJ1): its return is in" in words
    after = said(team.get(OCTOBER))
    assert "23 November 2026, sent by hand 1 mail to 1 organisation: 1 In the outbox only" in after
    assert "RYJ Trust (RYJ): it was reminded today already" in said(team.post(OCTOBER, {"organisations": "RYJ"}))


def test_all_are_ticked_at_first_but_not_those_reminded_today(visitor):
    team = visitor(Role.DEBTORS_TEAM)
    assert team.get(OCTOBER).text.count(" checked") == 2
    team.post(OCTOBER, {"organisations": ["RYJ"]})
    assert team.get(OCTOBER).text.count(" checked") == 1


def test_nobody_ticked_is_said_beside_the_boxes(visitor):
    answer = visitor(Role.DEBTORS_TEAM).post(OCTOBER)
    assert answer.status_code == 422
    assert said(answer).count("Tick at least one organisation to remind") == 2


def test_a_manager_sees_the_portfolio_first_and_sends_nothing_for_others(visitor):
    manager = visitor(Role.LPM, "RJ1")
    own, everybody = manager.get(OCTOBER), manager.get(OCTOBER + "&whose=all")
    assert "RYJ Trust" not in own.text and "RYJ Trust" in everybody.text
    assert everybody.text.count('name="organisations"') == 1
    assert manager.post(OCTOBER, {"organisations": ["RYJ"]}).status_code == 403
    assert manager.post(OCTOBER, {"organisations": ["ZZ9"]}).status_code == 404
    assert "1 organisation is reminded" in said(manager.post(OCTOBER, {"organisations": ["RJ1"]}))


def test_a_month_that_has_not_ended_can_be_looked_at_but_not_reminded_of(visitor):
    team = visitor(Role.DEBTORS_TEAM)
    page = team.get("/reminders", period="2026-11")
    assert "14 December 2026: 5 working days before the due date" in said(page)
    assert "Send the reminders now" not in page.text
    assert team.post("/reminders?period=2026-11", {"organisations": ["RJ1"]}).status_code == 422


def test_words_are_tried_saved_and_taken_back(visitor):
    team, path = visitor(Role.DEBTORS_TEAM), "/reminders/wording/by_hand"
    entered = {"subject": "{{ code }} owes {{ month }}", "body": "See {{ link }} <b>now</b>"}
    tried = team.post(path, entered | {"do": "preview"})
    assert tried.status_code == 200 and "ZZ1 owes October 2026" in said(tried) and "<b>" not in tried.text
    assert "ZZ1 owes" not in team.get(path).text
    assert "The words are saved" in said(team.follow(team.post(path, entered | {"do": "save"})))
    assert "RJ1 owes October 2026" in team.get(OCTOBER).text
    assert "Changed" in said(team.get("/reminders/wording"))
    assert "hold again" in said(team.follow(team.post(path, {"do": "restore"})))
    assert "Changed" not in said(team.get("/reminders/wording"))


def test_an_unknown_field_is_named_beside_what_was_entered(visitor):
    answer = visitor(Role.ADMIN).post("/reminders/wording/due", {"subject": "Due", "body": "Dear {{ debtor }}"})
    assert answer.status_code == 422
    assert said(answer).count("There is no field “debtor”. There is: organisation, code, month") == 2
    assert "Dear {{ debtor }}" in answer.text


def test_an_occasion_that_there_is_not_is_404(visitor):
    team = visitor(Role.DEBTORS_TEAM)
    assert team.get("/reminders/wording/never").status_code == 404


def test_without_reminding_by_itself_the_page_says_so(visitor, app):
    app.state.settings = app.state.settings.model_copy(update={"reminders": "off"})
    words = said(visitor(Role.DEBTORS_TEAM).get(OCTOBER))
    assert "The service is set to remind nobody by itself." in words and "Next reminder None" in words
