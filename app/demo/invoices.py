"""Invented invoices: when each was raised and for how much, and what became of it afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import exp
from random import Random

from app.demo.dice import dice, weighted
from app.demo.people import Person, invented, written_otherwise
from app.demo.trusts import Trust
from app.periods.calendar import Period
from app.return_template.choices import Status

Value = str | date | Decimal | None
Cells = dict[str, Value]

_PAID, _ARRANGED, _DEFAULTED, _CANCELLED = 0.0165, 0.0185, 0.0022, 0.0008  # chances a month while a debt is outstanding
_ARRANGED_ENDS, _ARRANGED_FAILS = 0.04, 0.045  # chances a month while instalments are paid


@dataclass(frozen=True)
class State:
    """How a debt stands from a day `on`; `since` is when its status began."""

    on: date
    status: Status
    since: date
    outstanding: Decimal


@dataclass(frozen=True)
class Invoice:
    """One invoice and its story; `states` begin with the invoice itself, outstanding in full."""

    number: str
    raised: date
    amount: Decimal
    person: Person
    states: tuple[State, ...]
    reference: str
    site: str

    def state_on(self, day: date) -> State:
        return [state for state in self.states if state.on <= day][-1]

    def cells_on(self, day: date) -> Cells:
        """The row that a trust would type on that day, by column key."""
        state = self.state_on(day)
        return {
            **vars(self.person),
            "invoice_number": self.number,
            "invoice_date": self.raised,
            "invoice_amount": self.amount,
            "amount_outstanding": state.outstanding,
            "status": state.status.label,
            "status_date": None if state.status is Status.OUTSTANDING else state.since,
            "site": self.site,
            "patient_informed": "Yes",
            "your_reference": self.reference,
        }


def invoices_of(trust: Trust, period: Period, last_day: date) -> list[Invoice]:
    """The trust's invoices that are old enough to be reported in a period, told up to a day."""
    chance = dice("invoices", trust.code, period)
    found: list[Invoice] = []
    for number in range(_poisson(chance, trust.expected)):
        raised = _raised(chance, period)
        again = found and chance.random() < 0.06  # several invoices of one stay
        person = found[-1].person if again else _anyone(chance, raised)
        found.append(
            _invoice(chance, trust, f"{period.year % 100}{period.month:02d}{number:03d}", raised, person, last_day)
        )
    return found


def _invoice(chance: Random, trust: Trust, serial: str, raised: date, person: Person, last_day: date) -> Invoice:
    amount = _amount(chance)
    style = dice("style", trust.code).randrange(3)
    number = (f"INV{serial}", f"{trust.code}-OV-{serial}", f"0{serial}")[style]
    site = dice("sites", trust.code).choice(("Demo General", "Demo Infirmary", "Specimen Royal"))
    return Invoice(
        number, raised, amount, person, tuple(_story(chance, trust, raised, amount, last_day)),
        f"invented person, case {serial}", f"{site} {chance.choice(('North', 'South'))}",
    )  # fmt: skip


def _anyone(chance: Random, raised: date) -> Person:
    """Somebody new, or one of a few people who owe several trusts, some of whom wrote them down a little otherwise."""
    if chance.random() < 0.03:
        person = invented(dice("wanderer", raised.year, chance.randrange(40)), date(raised.year, 1, 1))
        slips = dice("slips", raised, person)
        return written_otherwise(slips, person) if slips.random() < 0.2 else person
    return invented(chance, raised)


def _raised(chance: Random, period: Period) -> date:
    """Most are reported as soon as they may be, two months on; some lie about for longer."""
    months = weighted(chance, ((2, 70.0), (3, 16.0), (5, 8.0), (9, 4.0), (26, 1.6), (76, 0.4)))
    month = period.plus(-months)
    return month.first_day + timedelta(days=chance.randrange(28))


def _amount(chance: Random) -> Decimal:
    """£500 and more, half of them below £2,000; now and then somebody stays very long."""
    longer = chance.uniform(8, 25) if chance.random() < 0.0012 else 1
    pounds = 500 + min(longer * exp(chance.gauss(7.313, 1.0)), 480_000)
    return Decimal(round(pounds)) if chance.random() < 0.4 else Decimal(round(pounds * 100)) / 100


def _story(chance: Random, trust: Trust, raised: date, amount: Decimal, last_day: date) -> Iterator[State]:
    """What becomes of the debt, month by month, until a day or until it ends."""
    state = State(raised, Status.OUTSTANDING, raised, amount)
    yield state
    day = raised + timedelta(days=75)
    while state.status not in (Status.REPAID, Status.WITHDRAWN):
        day += timedelta(days=chance.randrange(24, 38))
        if day >= last_day:
            return
        if (following := _next(chance, trust, state, day)) is not state:
            state = following
            yield state


def _next(chance: Random, trust: Trust, state: State, day: date) -> State:
    luck, left = chance.random(), state.outstanding
    eager = 0.4 + 1.1 * trust.collects  # how well this trust collects, around 1
    if state.status is Status.ARRANGEMENT:
        instalment = Decimal(max(50, round(left / 20)))
        if luck < _ARRANGED_ENDS * eager or left <= instalment:
            return State(day, Status.REPAID, day, Decimal(0))
        if luck > 1 - _ARRANGED_FAILS:
            return State(day, Status.DEFAULTED, day, left)
        return State(day, Status.ARRANGEMENT, state.since, left - instalment)
    if luck < _PAID * eager:
        return State(day, Status.REPAID, day, Decimal(0))
    if luck < (_PAID + _ARRANGED) * eager:
        return State(day, Status.ARRANGEMENT, day, left)
    if luck > 1 - _CANCELLED:
        return State(day, Status.WITHDRAWN, day, left)
    if luck > 1 - _CANCELLED - _DEFAULTED and state.status is Status.OUTSTANDING:
        return State(day, Status.DEFAULTED, day, left)
    return state


def _poisson(chance: Random, mean: float) -> int:
    """How many happen when so many are expected (Knuth's way; the means are small)."""
    limit, product, number = exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        number += 1
    return number
