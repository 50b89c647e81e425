"""Each mistake that the demo's trusts make is caught by the rule that it says, and the right row by none."""

from datetime import date
from decimal import Decimal

import pytest

from app.core import clock
from app.demo.dice import dice
from app.demo.faults import FAULTS, Fault, spoilt
from app.demo.files import filled_in, wrong
from app.demo.invoices import Cells, Invoice, State
from app.demo.people import Person
from app.periods.calendar import Period
from app.return_template.choices import Status
from app.returns import offline

PERIOD = Period(2026, 10)
RAISED, AMOUNT = date(2026, 8, 20), Decimal("2150.00")
PERSON = Person(
    "Okafor", "Ngozi", None, date(1985, 3, 27), "Female", "Nigeria", "A10000001", None,
    "12 Demo Street, London", "ZZ1 1AB", "3 Demo Road, Lagos",
)  # fmt: skip
INVOICE = Invoice(
    "INV1", RAISED, AMOUNT, PERSON, (State(RAISED, Status.OUTSTANDING, RAISED, AMOUNT),), "invented", "Demo General"
)


def codes(rows: list[Cells]) -> list[str]:
    found = offline.check(filled_in("RJ1", PERIOD, rows), "RJ1", PERIOD)
    assert found.assessment is not None
    return sorted({finding.code for finding in found.assessment.findings()})


def test_the_right_row_gives_no_finding():
    assert codes([INVOICE.cells_on(clock.today())]) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.code)
def test_a_mistake_is_caught_by_the_rule_it_names(fault: Fault):
    row = INVOICE.cells_on(clock.today())
    for turn in range(5):
        wrong_row = row | fault.spoil(row, dice(fault.code, turn))
        found = codes([row, wrong_row] if fault.doubles else [wrong_row])
        assert [code for code in found if code.startswith("R")] == [fault.code]


def test_mistakes_of_every_kind_come_up():
    chance, row = dice("kinds"), INVOICE.cells_on(clock.today())
    assert {spoilt(row, chance)[0].code for _ in range(2000)} == {fault.code for fault in FAULTS}


def test_files_that_are_no_return_are_refused_each_for_its_own_reason():
    reasons = set()
    for turn in range(40):
        _, data = wrong("RJ1", PERIOD, dice("wrong", turn))
        refusal = offline.check(data, "RJ1", PERIOD).refusal
        assert refusal
        reasons.add(refusal[0].code)
    assert {"F01", "F05", "F06", "F07", "F10"} <= reasons
