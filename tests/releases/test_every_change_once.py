"""Whatever happens to the register, each change since the last release is in the next one exactly once."""

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

import pytest

from app.core.errors import ServiceError
from app.debts import holds, service
from app.debts.models import Debt
from app.debts.service import Move
from app.releases.rules.selection import PARTICULARS, STATUS
from app.return_template.choices import OPEN_STATUSES, Status
from tests.releases.carrying import TEAM, abandoned, lines_of, prepared, sent
from tests.returns.conftest import Trust, at, hospital, rj1, row  # noqa: F401

Said = tuple[Any, ...]
DAY = "2026-11-22"


def state(values: Any) -> Said:
    get = values.get if isinstance(values, dict) else lambda key: getattr(values, key)
    return tuple(get(key) for key in (*STATUS, *PARTICULARS))


@dataclass
class Recipient:
    """Somebody who does what the lines say, and finds it strange when they make no sense."""

    known: dict[str, Said] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def read(self, trust: Trust, scope: str) -> int:
        release = prepared(trust, scope)
        lines = lines_of(trust, release)
        abandoned(trust, release)  # the same again leaves below
        sent(trust, scope)
        for line in lines:
            self._take(line.reference, line.change, state(line.values), line.shown and not line.flagged)
        assert len({line.reference for line in lines}) == len(lines)
        return len(lines)

    def _take(self, reference: str, change: str, said: Said, needs_flag: bool) -> None:
        if change == "new":
            assert reference not in self.known and reference not in self.gone
        elif change == "removed":
            del self.known[reference]
            self.gone.add(reference)
            return
        elif change == "same":
            assert self.known[reference] == said
        elif reference in self.gone:
            self.gone.remove(reference)
        else:
            was = self.known[reference]
            assert was != said or needs_flag
            assert (change == "corrected") is (was[len(STATUS) :] != said[len(STATUS) :])
        self.known[reference] = said


def anything(trust: Trust, chance: Random, number: int) -> None:
    """One thing that may happen to the register; what is not allowed does not happen."""
    debts = trust.debts()
    debt = chance.choice(debts)
    with at(DAY), trust.database.writing() as db:
        match chance.randrange(6):
            case 0 | 1:
                status = chance.choice(list(Status))
                amount = 0 if status is Status.REPAID else chance.randrange(50_000, 250_000)
                reopens = debt.status not in OPEN_STATUSES and status is Status.OUTSTANDING
                reason = "payment_failed" if reopens else None
                wanted = Move(status, date(2026, 11, 22), amount, reason)
                service.change_status(db, TEAM if reopens else trust.officer, debt.id, wanted)
            case 2:
                service.amend(db, trust.officer, debt.id, {"family_name": chance.choice(["Example", "Sample"])})
            case 3:
                service.amend(db, trust.officer, debt.id, {"site": f"Site {number}"})
            case 4:
                holds.hold(db, TEAM, debt.id, "a question")
            case _:
                holds.unhold(db, TEAM, debt.id, "answered")


def in_order(trust: Trust, recipient: Recipient) -> None:
    """Of every debt without a hold the recipient knows exactly what the register says."""
    debts: list[Debt] = [debt for debt in trust.debts() if not debt.held]
    owed = {debt.reference: state(debt) for debt in debts if debt.status in OPEN_STATUSES}
    references = {debt.reference for debt in debts}
    assert {reference: said for reference, said in recipient.known.items() if reference in references} == owed
    assert all(debt.flagged for debt in debts if debt.status in ("outstanding", "defaulted"))


@pytest.mark.parametrize("seed", range(3))
def test_each_change_is_in_the_next_release_exactly_once(rj1: Trust, seed: int):  # noqa: F811
    chance, recipient = Random(seed), Recipient()
    for turn in range(4):
        rj1.send([row(f"{turn}{number}") for number in range(3)])
        for number in range(8):
            try:
                anything(rj1, chance, number)
            except ServiceError:
                continue
        recipient.read(rj1, chance.choice(["full", "changes"]))
        in_order(rj1, recipient)
        assert recipient.read(rj1, "changes") == 0
