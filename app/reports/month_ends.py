"""When months end in the UK, and in which month of a span something was recorded."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, case

from app.core import clock
from app.periods.calendar import Period
from app.reports.report import Asked


def end_of(month: Period) -> datetime:
    """The first instant after it, in UK time."""
    return datetime.combine(month.next().first_day, time(), clock.UK)


def place_of(moment: Any, asked: Asked) -> ColumnElement[int]:
    """0 before the span, 1 in its first month and so on, one more than it has months after it."""
    ends = [end_of(asked.first.previous()), *map(end_of, asked.months)]
    return case(*((moment < end, number) for number, end in enumerate(ends)), else_=len(ends))
