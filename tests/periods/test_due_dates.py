"""When returns are due: the 20th of the next month, before 24:00 in the UK, unless somebody moved it."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from app.accounts.access import COMMAND_LINE
from app.core.errors import Refused
from app.periods import service
from app.periods.calendar import Period

SEPTEMBER, OCTOBER = Period(2026, 9), Period(2026, 10)


def test_a_return_is_due_on_the_20th_of_the_next_month(db: Session):
    assert service.due_on(db, OCTOBER) == date(2026, 11, 20)
    assert service.due_on(db, Period(2026, 12)) == date(2027, 1, 20)


def test_one_second_before_midnight_uk_time_is_on_time_in_winter_and_in_summer(db: Session):
    assert not service.is_late(db, OCTOBER, datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC))
    assert service.is_late(db, OCTOBER, datetime(2026, 11, 21, 0, 0, tzinfo=UTC))
    june = Period(2026, 6)
    assert not service.is_late(db, june, datetime(2026, 7, 20, 22, 59, 59, tzinfo=UTC))
    assert service.is_late(db, june, datetime(2026, 7, 20, 23, 0, tzinfo=UTC))


def test_a_due_date_can_be_moved_for_one_period_and_moved_again(db: Session):
    service.set_due_on(db, COMMAND_LINE, OCTOBER, date(2026, 11, 25), "The service was down.")
    moved = service.set_due_on(db, COMMAND_LINE, OCTOBER, date(2026, 11, 27), "It was down for longer.")
    assert (moved.reason, moved.set_by) == ("It was down for longer.", None)
    assert service.due_dates(db, [SEPTEMBER, OCTOBER]) == {SEPTEMBER: date(2026, 10, 20), OCTOBER: date(2026, 11, 27)}


def test_a_due_date_needs_a_reason_and_cannot_lie_inside_its_period(db: Session):
    with pytest.raises(Refused, match="reason"):
        service.set_due_on(db, COMMAND_LINE, OCTOBER, date(2026, 11, 25), "  ")
    with pytest.raises(Refused, match="after 31 October 2026"):
        service.set_due_on(db, COMMAND_LINE, OCTOBER, date(2026, 10, 31), "Too early.")
