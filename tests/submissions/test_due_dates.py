"""Moving a due date after returns came: lateness follows, the page is told for whom, and it can be taken back."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, select

from app.accounts.access import COMMAND_LINE
from app.audit.models import AuditAction, AuditEvent
from app.core import clock
from app.core.errors import Conflict, Refused
from app.periods import service as periods
from app.periods.calendar import Period
from app.submissions import due_dates
from app.submissions.due_dates import Effect
from tests.submissions.test_submissions import AFTER, BEFORE, NOVEMBER, OCTOBER, World

EARLY = datetime(2026, 11, 10, 12, tzinfo=UTC)


@pytest.fixture
def trusts(db: Session) -> World:
    """Four organisations owe October: one sent early, one in the last second, one a second late, one nothing."""
    world = World(db)
    for code in ("AAA", "BBB", "CCC", "DDD"):
        world.organisation(code)
    world.owes("AAA", "BBB", "CCC", "DDD", begins=OCTOBER)
    for code, at in (("AAA", EARLY), ("BBB", BEFORE), ("CCC", AFTER)):
        world.sends(code, at)
    return world


def test_a_later_due_date_makes_late_returns_punctual_and_missing_ones_not_due(trusts: World):
    later = date(2026, 11, 25)
    assert due_dates.effect(trusts.db, OCTOBER, later) == Effect(1, 0, 0, 1)
    assert trusts.states() == {"AAA": "submitted", "BBB": "submitted", "CCC": "submitted_late", "DDD": "missing"}
    assert due_dates.move(trusts.db, COMMAND_LINE, OCTOBER, later, "The service was down.").number == 2
    assert trusts.states() == {"AAA": "submitted", "BBB": "submitted", "CCC": "submitted", "DDD": "not_due"}


def test_an_earlier_due_date_makes_punctual_returns_late(trusts: World):
    assert due_dates.move(trusts.db, COMMAND_LINE, OCTOBER, date(2026, 11, 15), "Agreed.") == Effect(0, 1, 0, 0)
    assert trusts.states()["BBB"] == "submitted_late"


def test_a_due_date_that_has_passed_makes_what_was_not_due_missing(trusts: World):
    with clock.at(EARLY):
        assert due_dates.effect(trusts.db, OCTOBER, date(2026, 11, 9)) == Effect(0, 2, 1, 0)


def test_taking_it_back_gives_everybody_the_old_state(trusts: World):
    before = trusts.states()
    due_dates.move(trusts.db, COMMAND_LINE, OCTOBER, date(2026, 11, 25), "The service was down.")
    assert due_dates.take_back(trusts.db, COMMAND_LINE, OCTOBER) == Effect(0, 1, 1, 0)
    assert (trusts.states(), periods.due_on(trusts.db, OCTOBER)) == (before, date(2026, 11, 20))
    with pytest.raises(Conflict, match="nothing to take back"):
        due_dates.take_back(trusts.db, COMMAND_LINE, OCTOBER)


def test_the_audit_keeps_both_dates_and_how_many_it_changed_and_not_the_reason(trusts: World):
    due_dates.move(trusts.db, COMMAND_LINE, OCTOBER, date(2026, 11, 25), "The service was down.")
    due_dates.take_back(trusts.db, COMMAND_LINE, OCTOBER)
    events = trusts.db.exec(select(AuditEvent).where(AuditEvent.subject_type == "period").order_by(AuditEvent.id))
    assert [(one.action, one.subject_id, one.detail) for one in events] == [
        (AuditAction.DUE_DATE_MOVED, "2026-10", {"begins": "2026-11-20", "ends": "2026-11-25", "organisations": 2}),
        (AuditAction.DUE_DATE_TAKEN_BACK, "2026-10", {"begins": "2026-11-25", "ends": "2026-11-20", "organisations": 2}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (date(2026, 10, 31), "after 31 October 2026"),
        (date(2027, 11, 1), "takes returns until 31 October 2027"),
        (date(2026, 11, 20), "due on that day already"),
    ],
)
def test_a_due_date_that_cannot_be_is_refused_and_nothing_changes(trusts: World, due: date, said: str):
    with pytest.raises(Refused, match=said):
        due_dates.move(trusts.db, COMMAND_LINE, OCTOBER, due, "A reason.")
    assert periods.moved(trusts.db, [OCTOBER]) == {}


def test_the_reason_alone_can_be_put_right(trusts: World):
    day = date(2026, 11, 25)
    due_dates.move(trusts.db, COMMAND_LINE, OCTOBER, day, "Teh service was down.")
    assert due_dates.move(trusts.db, COMMAND_LINE, OCTOBER, day, "The service was down.").number == 0
    with pytest.raises(Refused, match="already"):
        due_dates.move(trusts.db, COMMAND_LINE, OCTOBER, day, " The service was down. ")


def test_the_months_that_are_looked_after_are_all_that_take_returns_and_the_next_three():
    today = date(2026, 11, 22)
    months = due_dates.looked_after(today)
    assert (months[0], months[-1]) == (Period(2027, 2), Period(2025, 11))
    assert set(periods.open_periods(today)) == {one for one in months if one <= NOVEMBER}
