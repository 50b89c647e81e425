"""Whatever is sent and taken back: rows to mend and holds are as if what was taken back had never been sent."""

from random import Random

import pytest
from sqlmodel import col, select

from app.debts.models import Debt
from app.returns.models import OpenRow
from tests.returns.conftest import MakeTrust, Trust, csv_of, row
from tests.verifying.conftest import Differences, differences

__all__ = ["differences"]

NOT_TOLD, WRONG, FRENCH = {"patient_informed": "No"}, {"date_of_birth": "?"}, {"nationality": "France"}
SAID = ({}, {}, NOT_TOLD, WRONG, NOT_TOLD | WRONG, NOT_TOLD | FRENCH)
MONTHS = ("2026-09", "2026-10", "2026-11")


def state(trust: Trust) -> tuple[list[tuple[str, bool]], list[tuple[str | None, list[str]]]]:
    """Which debts are held, and what is open for which reasons."""
    with trust.database.reading() as db:
        debts = db.exec(select(Debt).where(Debt.organisation_code == trust.code)).all()
        rows = db.exec(
            select(OpenRow).where(OpenRow.organisation_code == trust.code, col(OpenRow.closed_at).is_(None))
        ).all()
    held = sorted((debt.invoice_number, debt.held) for debt in debts)
    return held, sorted((one.invoice_number, sorted(finding["code"] for finding in one.findings)) for one in rows)


def lived(hospital: MakeTrust, seed: int, deeds: int) -> tuple[Trust, Trust]:
    """A trust that sends and takes back at random, and another that sends only what the first has left standing."""
    dice, one, other = Random(seed), hospital("RJ1"), hospital("RYJ")
    for trust in (one, other):
        trust.send([row("1"), row("2")], "2026-08", on="2026-10-05")
    standing: list[tuple[object, bytes, str]] = []
    for deed in range(deeds):
        if standing and dice.random() < 0.4:
            one.withdraw(standing.pop(dice.randrange(len(standing)))[0])  # type: ignore[arg-type]
            continue
        rows = [row(number, **dice.choice(SAID)) for number in dice.sample("12", dice.randint(1, 2))]
        data, month = csv_of([{}] * deed + rows), dice.choice(MONTHS)  # blank rows, so that no two files are the same
        standing.append((one.send(data, month).return_, data, month))
    for _, data, month in standing:
        other.send(data, month)
    return one, other


@pytest.mark.parametrize("seed", [16])
def test_what_was_taken_back_leaves_no_trace_in_rows_and_holds(
    hospital: MakeTrust, differences: Differences, seed: int
):
    one, other = lived(hospital, seed, 9)
    assert state(one) == state(other) and differences() == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 160))
def test_no_history_of_any_length_leaves_a_trace(hospital: MakeTrust, differences: Differences, seed: int):
    one, other = lived(hospital, seed, 25)
    assert state(one) == state(other) and differences() == []
