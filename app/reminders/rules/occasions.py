"""When a trust that still owes a return is reminded: the one list of occasions, and which of them has come. UK dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.reminders.rules.working_days import working_days_before

# How long an occasion that nobody could act on in time is made up for: by then the next month's reminders are near.
MADE_UP_FOR = timedelta(days=14)


class Days(StrEnum):
    """How the days of an occasion are counted."""

    WORKING = "working"
    CALENDAR = "calendar"


@dataclass(frozen=True)
class Occasion:
    """One reason to remind. `days` are counted from the due date: before it below zero, after it above."""

    code: str
    days: int
    counted: Days
    words: str
    subject: str
    body: str

    @property
    def is_after(self) -> bool:
        return self.days > 0

    def day(self, due_on: date, nation: str, earliest: date) -> date:
        """The day on which it comes, never before `earliest`: a month that goes on cannot be returned yet."""
        if self.counted is Days.WORKING and self.days < 0:
            return max(working_days_before(due_on, -self.days, nation), earliest)
        return max(due_on + timedelta(days=self.days), earliest)


_HOW = """Send the return here:
{{ link }}

If there are no new debts and nothing has changed, send a nil return:
{{ nil_link }}

If you need help, ask {{ lpm }}. Returns are passed on to the Home Office by {{ passed_on_by }}.

If the return was sent in the last few minutes, there is nothing more to do.

NHS debtor returns
"""

OCCASIONS: tuple[Occasion, ...] = (
    Occasion(
        "before", -5, Days.WORKING, "5 working days before the due date",
        "Return for {{ month }} is due on {{ due_date }}: {{ organisation }}",
        f"""Hello

The return of {{{{ organisation }}}} for {{{{ month }}}} is due on {{{{ due_date }}}}. It has not been sent yet.

{_HOW}""",
    ),
    Occasion(
        "due", 0, Days.CALENDAR, "on the due date",
        "Return for {{ month }} is due today: {{ organisation }}",
        f"""Hello

The return of {{{{ organisation }}}} for {{{{ month }}}} is due today, {{{{ due_date }}}}, and has not been sent yet. It is on time until midnight.

{_HOW}""",
    ),
    Occasion(
        "late_3", 3, Days.CALENDAR, "3 days after the due date",
        "Return for {{ month }} is late: {{ organisation }}",
        f"""Hello

The return of {{{{ organisation }}}} for {{{{ month }}}} was due on {{{{ due_date }}}} and has not been sent. It is {{{{ days_late }}}} late.

{_HOW}""",
    ),
    Occasion(
        "late_10", 10, Days.CALENDAR, "10 days after the due date",
        "Return for {{ month }} is still missing: {{ organisation }}",
        f"""Hello

The return of {{{{ organisation }}}} for {{{{ month }}}} was due on {{{{ due_date }}}} and is still missing. It is {{{{ days_late }}}} late. While it is missing, payments and new debts of that month may be unknown at the border.

{_HOW}""",
    ),
)  # fmt: skip

# Sent by a person, whenever they choose; no day brings it about.
BY_HAND = Occasion(
    "by_hand", 0, Days.CALENDAR, "sent by hand",
    "Return for {{ month }} is {{ when }}: {{ organisation }}",
    f"""Hello

The return of {{{{ organisation }}}} for {{{{ month }}}} is {{{{ when }}}}: its due date is {{{{ due_date }}}}. It has not been sent yet.

{_HOW}""",
)  # fmt: skip

BY_CODE: dict[str, Occasion] = {one.code: one for one in (*OCCASIONS, BY_HAND)}


@dataclass(frozen=True)
class Timetable:
    """One month of one nation: when it is due, and the first day on which it can be returned."""

    due_on: date
    nation: str
    earliest: date

    def days(self) -> Iterator[tuple[Occasion, date]]:
        """Every occasion with its day, in order of time."""
        return ((one, self.day_of(one)) for one in OCCASIONS)

    def day_of(self, occasion: Occasion) -> date:
        return occasion.day(self.due_on, self.nation, self.earliest)

    def next_after(self, today: date) -> tuple[Occasion, date] | None:
        """What comes next after today; a before or on that would fall behind the due date never comes."""
        return next(((one, day) for one, day in self.days() if day > today), None)


def due_today(timetable: Timetable, today: date) -> Occasion | None:
    """The newest occasion whose day has come and whose time is not gone; older ones are passed over for good.

    Before the due date that is the one before it, on that day the one of that day, after it those after it. So a worker
    that was down sends one reminder and not several.
    """
    come = [(one, day) for one, day in timetable.days() if day <= today]
    if not come:
        return None
    newest, day = come[-1]
    in_time = today - day <= MADE_UP_FOR if newest.is_after else today <= timetable.due_on
    return newest if in_time else None
