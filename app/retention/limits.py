"""What counts as over at one moment: the policy's terms as days and instants before which things have been kept long enough."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.core import clock
from app.policy.in_force import policy_in_force
from app.policy.retention import Kept
from app.policy.tables import Policy


@dataclass(frozen=True)
class Limits:
    """One moment with its policy. `now` and `today` are the domain's; `real_now` is for what counts real time."""

    policy: Policy
    now: datetime
    today: date
    real_now: datetime

    def day(self, kind: Kept) -> date:
        """What is of this day or an earlier one is over."""
        return self.policy.kept_for(kind, self.today).over_on(self.today)

    def instant(self, kind: Kept) -> datetime:
        """What is from before this instant, the end of that day in the UK, is over."""
        return end_of(self.day(kind))


def limits_now() -> Limits:
    return Limits(policy_in_force(), clock.now(), clock.today(), clock.real_now())


def end_of(day: date) -> datetime:
    """The first instant after a UK day."""
    return datetime.combine(day + timedelta(days=1), time(), clock.UK)
