"""The mistakes that trusts make in their rows, each as a change of a good row; what the rules then say is theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from app.demo.dice import weighted
from app.demo.invoices import Cells
from app.return_template.choices import Status

_Spoil = Callable[[Cells, Random], Cells]


@dataclass(frozen=True)
class Fault:
    """One kind of mistake. `code` is the rule that catches it; `can_be_mended`: the right row can be sent later."""

    code: str
    share: float
    spoil: _Spoil
    can_be_mended: bool = True
    doubles: bool = False


def spoilt(row: Cells, chance: Random) -> tuple[Fault, list[Cells]]:
    """A mistake, and what the trust enters in place of the row: usually one row, two where it enters it twice."""
    fault = weighted(chance, [(each, each.share) for each in FAULTS])
    wrong = row | fault.spoil(row, chance)
    return fault, [row, wrong] if fault.doubles else [wrong]


def _without(key: str) -> _Spoil:
    return lambda _row, _chance: {key: None}


def _one_of(key: str, *values: str | Decimal) -> _Spoil:
    return lambda _row, chance: {key: chance.choice(values)}


def _no_such_day(row: Cells, chance: Random) -> Cells:
    year = _day(row, "date_of_birth").year
    return {"date_of_birth": chance.choice((f"31/02/{year}", f"30.2.{year}", f"{year}", "not known"))}


def _born_after_the_invoice(row: Cells, _chance: Random) -> Cells:
    return {"date_of_birth": _day(row, "invoice_date") + timedelta(days=1)}


def _too_early(row: Cells, chance: Random) -> Cells:
    """A month younger than what may just be reported."""
    return {"invoice_date": _day(row, "invoice_date") + timedelta(days=chance.randrange(31, 61))}


def _small(_row: Cells, chance: Random) -> Cells:
    amount = Decimal(chance.randrange(9_000, 49_000)) / 100
    return {"invoice_amount": amount, "amount_outstanding": amount}


def _more_left_than_invoiced(row: Cells, _chance: Random) -> Cells:
    amount = row["invoice_amount"]
    assert isinstance(amount, Decimal)
    return {"amount_outstanding": amount + 150}


def _long_ago(row: Cells, _chance: Random) -> Cells:
    return {"invoice_date": _day(row, "invoice_date").replace(year=2010, day=1)}


def _repaid_already(row: Cells, _chance: Random) -> Cells:
    began = _day(row, "invoice_date") + timedelta(days=20)
    return {"status": Status.REPAID.label, "status_date": began, "amount_outstanding": Decimal(0)}


def _day(row: Cells, key: str) -> date:
    value = row[key]
    assert isinstance(value, date)
    return value


FAULTS = (
    Fault("R01", 22, _without("date_of_birth")),
    Fault("R01", 5, _without("patient_informed")),
    Fault("R01", 3, _without("nationality")),
    Fault("R02", 10, _no_such_day),
    Fault("R04", 2, _born_after_the_invoice),
    Fault("R05", 5, _one_of("invoice_amount", "1.234,50", "tbc", "(850.00)", Decimal(-500))),
    Fault("R06", 7, _one_of("nationality", "Nigerean", "Congolese", "Overseas", "Pakstan")),
    Fault("R07", 12, _one_of("nationality", "France", "Polish", "Romania", "ESP", "Swiss"), can_be_mended=False),
    Fault("R08", 3, _one_of("nationality", "British", "Ireland"), can_be_mended=False),
    Fault("R09", 6, _small, can_be_mended=False),
    Fault("R10", 7, _too_early, can_be_mended=False),
    Fault("R11", 1, _long_ago),
    Fault("R12", 3, lambda _row, _chance: {}, can_be_mended=False, doubles=True),
    Fault("R13", 4, _one_of("status", "Unpaid", "Open", "Overdue")),
    Fault("R15", 2, _repaid_already, can_be_mended=False),
    Fault("R17", 3, _one_of("uk_address", "12 Demo Street, admitted for chemotherapy", "Ward 7B, Demo General Hospital")),
    Fault("R18", 4, _one_of("patient_informed", "No")),
    Fault("R19", 4, _more_left_than_invoiced),
    Fault("R20", 2, _one_of("overseas_address", "1 Demo Road\nLagos", "Specimen Lane " * 20)),
    Fault("R23", 1, _one_of("nationality", "XXB"), can_be_mended=False),
)  # fmt: skip
