"""Due dates: the list of months, moving one after a look at what follows, and taking that back."""

from datetime import UTC, datetime

import pytest

from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.periods.calendar import Period
from app.returns.models import Lifecycle, Outcome, Return
from app.submissions.obligations import set_obligation
from tests.web.conftest import Browser, said

LATER = {"due-day": "25", "due-month": "11", "due-year": "2026", "reason": "The service could not be reached."}


@pytest.fixture
def keeper(visitor, database) -> Browser:
    """RJ1 and RYJ owe October 2026; RJ1 sent on 21 November."""
    with database.writing() as db:
        set_obligation(db, COMMAND_LINE, ["RJ1", "RYJ"], Period(2026, 10))
        db.add(Return(organisation_code="RJ1", period="2026-10", outcome=Outcome.ACCEPTED, qualifies=True,
                      lifecycle=Lifecycle.SUBMITTED, submitted_at=datetime(2026, 11, 21, 9, tzinfo=UTC), ruleset="test",
                      reporting_day=Period(2026, 10).last_day))  # fmt: skip
    return visitor(Role.DEBTORS_TEAM)


def moved(keeper: Browser):
    return keeper.post("/periods/2026-10", LATER | {"sure": "2026-11-25"})


def test_the_list_shows_the_last_year_and_the_next_three_months(keeper):
    words = said(keeper.get("/periods"))
    assert "November 2026 (now) Opens 1 November 2026 Due 20 December 2026 Closes 30 November 2027" in words
    assert words.index("February 2027") < words.index("November 2025")
    assert "March 2027" not in words.split("Month Opens")[1].split("February 2027")[0]


def test_what_follows_is_shown_before_a_due_date_is_moved(keeper):
    answer = keeper.post("/periods/2026-10", LATER)
    words = said(answer)
    assert answer.status_code == 200
    assert "For 2 organisations the month stands otherwise then" in words
    assert "1 return that came late counts as on time 1 missing return is not due yet" in words
    assert "20 November 2026" in said(keeper.get("/periods/2026-10"))
    done = keeper.follow(moved(keeper))
    assert "The due date is moved" in done.text
    assert (
        "Due 25 November 2026 Closes 31 October 2027 Moved The service could not be reached. debtors_team@all.example"
        in said(done)
    )


def test_a_moved_due_date_is_taken_back(keeper):
    moved(keeper)
    assert "usually it is due on 20 November 2026" in said(keeper.get("/periods/2026-10"))
    words = said(keeper.get("/periods/2026-10/reset"))
    assert "1 return that came on time counts as late 1 return not due yet is missing" in words
    done = keeper.follow(keeper.post("/periods/2026-10/reset"))
    assert "The usual due date holds again" in done.text
    assert "could not be reached" not in said(done)
    assert keeper.get("/periods/2026-10/reset").status_code == 409


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"due-day": "31", "due-month": "10"}, "Choose a day after 31 October 2026"),
        ({"due-year": "2036"}, "takes returns until 31 October 2027"),
        ({"due-day": "31"}, "must be a real date"),
        ({"reason": ""}, "Give the reason"),
        ({"reason": "x" * 501}, "Shorten this to 500"),
        ({"due-day": "20"}, "due on that day already"),
    ],
)
def test_a_due_date_that_cannot_be_is_shown_again_with_what_was_entered(keeper, changes, words):
    sure = {"sure": "2026-11-25"} if "reason" in changes else {}
    answer = keeper.post("/periods/2026-10", LATER | changes | sure)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert f'value="{(LATER | changes)["due-day"]}"' in answer.text
    assert "could not be reached" not in said(keeper.get("/periods"))


@pytest.mark.parametrize("month", ["2025-10", "2027-03", "2026-13", "october", "2026-10%0A", "1999-01"])
def test_a_month_that_is_not_in_the_list_is_not_there(keeper, month):
    answer, absent = keeper.get(f"/periods/{month}"), keeper.get("/periods/nowhere")
    assert (answer.status_code, answer.content) == (404, absent.content)
