"""Counting in calendar months, which are not equally long."""

from calendar import monthrange
from datetime import date
from functools import lru_cache


@lru_cache(maxsize=4096)  # the rows of a return have few different dates
def months_later(day: date, months: int) -> date:
    """The same day so many months later (earlier if negative); where that month is shorter, its last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
