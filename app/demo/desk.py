"""One trust's desk over the year: which invoices wait to be reported, how each stands, and what goes into the next file."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random

from app.debts.models import Debt
from app.demo.dice import dice
from app.demo.faults import Fault, spoilt
from app.demo.invoices import Cells, Invoice, invoices_of
from app.demo.trusts import Trust
from app.periods.calendar import Period
from app.return_template.choices import OPEN_STATUSES, Status
from app.returns.prefill import row_of

FAULTY, CARELESS = 0.105, 0.02  # of new rows, of rows brought up to date
_BEFORE_THE_YEAR = 1  # month of which half of the invoices still wait when the year begins


@dataclass(frozen=True)
class Entry:
    """One row of a file with what lies behind it; `is_news`: more than what was prefilled."""

    cells: Cells
    invoice: Invoice | None = None
    fault: Fault | None = None
    is_news: bool = True


@dataclass
class Desk:
    """`known` are all its invoices by number; `waiting` those not reported yet; `told` the last month looked at."""

    trust: Trust
    first: Period
    today: date
    known: dict[str, Invoice] = field(default_factory=dict)
    waiting: dict[str, Invoice] = field(default_factory=dict)
    told: Period | None = None

    def look_up(self, period: Period) -> None:
        """Takes in the invoices that have become reportable since the last look."""
        start = self.told.next() if self.told else self.first.plus(-_BEFORE_THE_YEAR)
        for month in Period.span(start, period):
            found = invoices_of(self.trust, month, self.today)
            for invoice in found[:: 2 if month < self.first else 1]:
                self.known[invoice.number] = self.waiting[invoice.number] = invoice
        self.told = max(period, self.told or period)

    def new_entries(self, period: Period, day: date) -> list[Entry]:
        """The rows for what waits; what was paid before it was ever reported is left out for good."""
        chance = dice("entries", self.trust.code, period)
        waiting, self.waiting = self.waiting, {}
        found: list[Entry] = []
        for invoice in waiting.values():
            if invoice.state_on(day).status in OPEN_STATUSES:
                found += _entered(invoice, day, chance)
        return found

    def put_back(self, invoices: Iterable[Invoice]) -> None:
        """They go into the next month's file."""
        self.waiting |= {invoice.number: invoice for invoice in invoices}

    def prefilled_entries(self, debts: Iterable[Debt], period: Period, day: date) -> list[Entry]:
        """The prefilled rows brought up to date. Some trusts send only those that changed."""
        chance = dice("updates", self.trust.code, period)
        entries = []
        for debt in debts:
            news = self._news(debt, period, day, chance)
            entries.append(Entry({**row_of(debt), **news}, is_news=bool(news)))
        return [one for one in entries if one.is_news or not self.trust.sends_only_news]

    def _news(self, debt: Debt, period: Period, day: date, chance: Random) -> Cells:
        """The cells that differ from what is held, as at a day that is not older than what is held."""
        invoice = self.known.get(debt.invoice_number)
        if invoice is None:
            return {}
        state = invoice.state_on(day)
        left = min(state.outstanding, Decimal(debt.amount_outstanding) / 100)
        if state.status.value != debt.status:
            news: Cells = {"status": state.status.label, "status_date": max(state.since, debt.as_at)}
            if state.status is not Status.WITHDRAWN:
                news["amount_outstanding"] = left
            return news | _carelessly(state.status, chance)
        if left * 100 != debt.amount_outstanding and min(period.last_day, day) >= debt.as_at:
            return {"amount_outstanding": left}
        return {}


def _entered(invoice: Invoice, day: date, chance: Random) -> list[Entry]:
    row = invoice.cells_on(day)
    if chance.random() >= FAULTY:
        return [Entry(row, invoice)]
    fault, rows = spoilt(row, chance)
    return [Entry(cells, invoice, fault) for cells in rows]


def _carelessly(status: Status, chance: Random) -> Cells:
    """Now and then a payment is entered without its date."""
    return {"status_date": None} if status is Status.REPAID and chance.random() < CARELESS else {}
