"""Who is to be reminded of a month, on which occasion and when: whoever still owes it, today and from today on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.periods.calendar import Period
from app.reminders.recipients import Recipient, recipients
from app.reminders.rules.occasions import Occasion, Timetable, due_today
from app.reminders.sent import Sent, sent
from app.submissions.rules.state import State
from app.submissions.standings import Submission, standings

STILL_OWES = frozenset({State.MISSING, State.NOT_DUE})


@dataclass(frozen=True)
class Planned:
    """One organisation that still owes the month. `now` is the occasion that has come, `next` the one after today.

    `since` is the day of that occasion; `sent` are the reminders it had for the month, the newest first.
    """

    cell: Submission
    recipients: tuple[Recipient, ...]
    now: Occasion | None
    since: date | None
    next: tuple[Occasion, date] | None
    sent: tuple[Sent, ...]

    @property
    def organisation(self) -> str:
        return self.cell.organisation

    @property
    def to_reach(self) -> tuple[Recipient, ...]:
        """Those who had no reminder since the day of the occasion that has come: one by hand serves as well."""
        if self.now is None or self.since is None:
            return ()
        reached = {id_ for one in self.sent if one.on >= self.since for id_ in one.recipients}
        return tuple(one for one in self.recipients if one.id not in reached)

    def had_on(self, day: date) -> bool:
        return any(one.on == day for one in self.sent)


def plan(db: Session, period: Period, today: date, codes: frozenset[str] | None = None) -> list[Planned]:
    """Every organisation that still owes the month, by code; of these or of all."""
    owing = [cell for cell in standings(db, codes, [period]) if cell.state in STILL_OWES]
    whom = recipients(db, {cell.organisation for cell in owing}, today)
    had = sent(db, period)
    return [
        _planned(cell, whom[cell.organisation], [one for one in had if one.organisation == cell.organisation], today)
        for cell in owing
    ]


def timetable(period: Period, due_on: date, nation: str) -> Timetable:
    """A month can be returned from the day after its end, or rather: a return sent then always counts."""
    return Timetable(due_on, nation, earliest=period.next().first_day)


def _planned(cell: Submission, whom: tuple[Recipient, ...], had: Sequence[Sent], today: date) -> Planned:
    days = timetable(cell.period, cell.due_on, cell.nation)
    now = due_today(days, today)
    since = days.day_of(now) if now else None
    return Planned(cell, whom, now, since, days.next_after(today), tuple(had))
