"""Periods: the calendar months that returns are about. Pure: no database, no clock."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from app.core.errors import Refused
from app.core.months import months_later

__all__ = ["Period", "months_later"]

_WRITTEN = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
EARLIEST, LATEST = 2000, 2199  # years; keeps the arithmetic of neighbours inside what a date can hold


@dataclass(frozen=True, order=True)
class Period:
    """One calendar month, written as 2026-10. Periods sort by time."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises Refused (422) for anything but a year and a month such as 2026-10."""
        match = _WRITTEN.fullmatch(text)
        if match is None or not EARLIEST <= int(match[1]) <= LATEST:
            raise Refused(f"“{text[:20]}” is not a month. Write the year and the month, for example 2026-10.")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def containing(cls, day: date) -> Self:
        return cls(day.year, day.month)

    @classmethod
    def span(cls, first: Self, last: Self) -> Iterator[Self]:
        """Every month from the first to the last, both included; none when the last is before the first."""
        while first <= last:
            yield first
            first = first.next()

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def label(self) -> str:
        """As people read it: October 2026."""
        return f"{self.first_day:%B} {self.year}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return self.next().first_day - timedelta(days=1)

    def plus(self, months: int) -> Self:
        return self.containing(months_later(self.first_day, months))

    def next(self) -> Self:
        return self.plus(1)

    def previous(self) -> Self:
        return self.plus(-1)

    def default_due_on(self, due_day: int) -> date:
        """The due date unless somebody moved it: this day of the following month."""
        return self.next().first_day.replace(day=due_day)

    def takes_returns(self, on: date, months_after: int) -> bool:
        """From its first day until so many months after its end."""
        return self.first_day <= on <= self.closes_on(months_after)

    def closes_on(self, months_after: int) -> date:
        """The last day on which it takes returns."""
        return self.plus(months_after).last_day
