"""Excusing a month on its page: the form, what is refused, and taking it back."""

import pytest

from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.periods.calendar import Period
from app.submissions.obligations import set_obligation
from tests.web.conftest import Browser, said

PAGE = "/organisations/RJ1/excuse/2026-10"
REASON = "Its finance system was being replaced."


@pytest.fixture
def manager(visitor, database) -> Browser:
    """The manager of RJ1, which owes from October 2026 on, as RYJ does."""
    with database.writing() as db:
        set_obligation(db, COMMAND_LINE, ["RJ1", "RYJ"], Period(2026, 10))
    return visitor(Role.LPM, "RJ1")


def test_a_manager_excuses_a_month_and_takes_it_back(manager):
    assert "Do not name patients" in said(manager.get(PAGE))
    done = manager.follow(manager.post(PAGE, {"reason": REASON}))
    assert "The month is excused" in done.text
    assert "October 2026 Excused" in said(done)
    shown = said(manager.get(PAGE))
    assert f"Reason {REASON} Excused by lpm@rj1.example" in shown
    token = {"form_token": manager.form_token(PAGE)}
    done = manager.follow(manager.client.post(f"{PAGE}/end", data=token))
    assert "October 2026 Missing" in said(done)
    assert manager.client.post(f"{PAGE}/end", data=token).status_code == 409


def test_a_reason_is_needed_and_what_was_entered_stays(manager):
    answer = manager.post(PAGE, {"reason": " "})
    assert (answer.status_code, "Give the reason" in answer.text) == (422, True)
    answer = manager.post(PAGE, {"reason": "x" * 501})
    assert (answer.status_code, "x" * 501 in answer.text) == (422, True)


def test_where_nothing_is_owed_there_is_no_form(manager):
    page = "/organisations/RJ1/excuse/2026-09"
    assert "No return is owed for this month" in said(manager.get(page))
    assert manager.post(page, {"reason": REASON}).status_code == 409


def test_outside_the_portfolio_it_is_forbidden_in_words_and_nowhere_it_is_not_found(manager):
    other = "/organisations/RYJ/excuse/2026-10"
    answer = manager.get(other)
    assert (answer.status_code, "not in your portfolio" in said(answer)) == (403, True)
    token = {"form_token": manager.form_token(PAGE), "reason": REASON}
    assert manager.client.post(other, data=token).status_code == 403
    assert manager.client.post(f"{other}/end", data=token).status_code == 403
    absent = manager.get("/organisations/XXX/excuse/2026-10")
    assert absent.status_code == 404
    assert manager.get("/organisations/RJ1/excuse/2026-13").content == absent.content


def test_an_administrator_reads_in_the_history_what_was_excused_and_not_why(manager, visitor):
    manager.post(PAGE, {"reason": REASON})
    words = said(visitor(Role.ADMIN).get("/organisations/RJ1"))
    assert "Month excused: 2026-10" in words
    assert REASON not in words
