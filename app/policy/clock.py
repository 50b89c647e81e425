"""From when and from what amount an invoice can be reported: the rows of thresholds.csv (ICIBI 6.149)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.months import months_later
from app.policy.reading import Line

COLUMNS = ("from", "threshold_pence", "clock", "wait")


@dataclass(frozen=True)
class Threshold:
    """For invoices dated from a day on: the least total in pence, and how long to wait in calendar months or days."""

    begins: date
    pence: int
    clock: str
    wait: int

    def reportable_from(self, invoice_date: date) -> date:
        """The first day on which an invoice of that date is old enough."""
        if self.clock == "days":
            return invoice_date + timedelta(days=self.wait)
        return months_later(invoice_date, self.wait)


def thresholds(lines: Sequence[Line]) -> tuple[Threshold, ...]:
    """The rows in order of their day. Raises BrokenTable when two begin on one day."""
    found: dict[date, Threshold] = {}
    for line in lines:
        begins = line.day("from")
        if begins in found:
            raise line.fault(f"a second row from {begins}. Keep one.")
        clock = line.choice("clock", ("calendar_months", "days"))
        found[begins] = Threshold(begins, line.whole("threshold_pence"), clock, line.whole("wait"))
    return tuple(found[day] for day in sorted(found))
