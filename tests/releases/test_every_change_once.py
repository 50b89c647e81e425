"""Whatever happens to the register, each change since the last release is in the next one exactly once, and can be traced."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

import pytest
from sqlmodel import select

from app.accounts.access import Actor, Grant
from app.accounts.permissions import Role
from app.core.errors import ServiceError
from app.debts import holds, service
from app.debts.models import Debt
from app.debts.service import Move
from app.releases import handing_over, releasing, sampling, sign_off
from app.releases.lines import taken_out
from app.releases.models import Release
from app.releases.rules.selection import PARTICULARS, STATUS
from app.releases.sample_lines import sample_lines
from app.return_template.choices import OPEN_STATUSES, Status
from app.returns.models import Return
from tests.releases.carrying import TEAM, abandoned, lines_of, prepared
from tests.releases.tracing import check_traced
from tests.returns.conftest import Trust, at, hospital, rj1, row

__all__ = ["hospital", "rj1"]

SECOND = Actor("second", "A second person", (Grant(Role.DEBTORS_TEAM),))
Said = tuple[Any, ...]
DAY = "2026-11-22"
STATUSES = (Status.OUTSTANDING, Status.ARRANGEMENT, Status.DEFAULTED, Status.REPAID, Status.WITHDRAWN)


def state(values: Any) -> Said:
    get = values.get if isinstance(values, dict) else lambda key: getattr(values, key)
    return tuple(get(key) for key in (*STATUS, *PARTICULARS))


def nothing() -> None:
    """What happens meanwhile, where nothing does."""


@dataclass
class Recipient:
    """Somebody who does what the lines say, and finds it strange when they make no sense."""

    known: dict[str, Said] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def read(
        self, trust: Trust, scope: str, one_is_wrong: bool = False, meanwhile: Callable[[], None] = nothing
    ) -> int:
        """A release from its preparation to its files, while the register goes on. Gives how many lines arrived."""
        release = prepared(trust, scope)
        abandoned(trust, release)
        release = prepared(trust, scope)  # what was abandoned told nothing: it is all here again
        approve(trust, release, one_is_wrong)
        meanwhile()
        with at(DAY):
            releasing.release(trust.database, SECOND, release.id)
        with trust.database.reading() as db:
            out = set(taken_out(db, release.id))
        arrived = [line for line in lines_of(trust, release) if line.line not in out]
        assert [each["reference"] for each in file_of(trust, release)] == [line.reference for line in arrived]
        assert len({line.reference for line in arrived}) == len(arrived)
        check_traced(trust, arrived)
        for line in arrived:
            self._take(line.reference, line.change, state(line.values), line.shown and not line.flagged)
        return len(arrived)

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


def approve(trust: Trust, release: Release, one_is_wrong: bool) -> None:
    with at(DAY), trust.database.writing() as db:
        for place, line in enumerate(sample_lines(db, release.id)):
            is_wrong = one_is_wrong and place == 0
            sampling.judge(db, TEAM, release.id, line.line, not is_wrong, "other" if is_wrong else None)
        sign_off.approve(db, SECOND, release.id)


def file_of(trust: Trust, release: Release) -> list[dict[str, str]]:
    """The frozen file for MIDAS as its recipient reads it."""
    pieces = handing_over.hand_over(trust.database, TEAM, release.id, "midas.csv").pieces
    return list(csv.DictReader(b"".join(pieces).decode().splitlines()))


def anything(trust: Trust, chance: Random, number: int) -> None:
    """One thing that may happen to the register; what is not allowed does not happen."""
    debts = trust.debts()
    debt = chance.choice([debt for debt in debts if debt.status != Status.WITHDRAWN] or debts)
    match chance.randrange(15):
        case 0 | 1 | 2 | 3:
            (status,) = chance.choices(STATUSES, (3, 3, 3, 3, 1))
            amount = 0 if status is Status.REPAID else chance.randrange(50_000, 250_000)
            reopens = debt.status not in OPEN_STATUSES and status is Status.OUTSTANDING
            wanted = Move(status, date(2026, 11, 22), amount, "payment_failed" if reopens else None)
            with at(DAY), trust.database.writing() as db:
                service.change_status(db, TEAM if reopens else trust.officer, debt.id, wanted)
        case 4 | 5:
            amend(trust, debt, family_name=chance.choice(["Example", "Sample"]))
        case 6:
            amend(trust, debt, site=f"Site {number}")
        case 7 | 8:
            with at(DAY), trust.database.writing() as db:
                holds.hold(db, TEAM, debt.id, "a question")
        case 9 | 10:
            held = [each for each in debts if each.held] or [debt]
            with at(DAY), trust.database.writing() as db:
                holds.unhold(db, TEAM, chance.choice(held).id, "answered")
        case 11 | 12 | 13:
            names = {key: getattr(debt, key) for key in ("family_name", "given_names", "passport_number")}
            pounds = str(chance.randrange(600, 2550))
            trust.send(
                [row(debt.invoice_number, **names, amount_outstanding=pounds, uk_address=f"{number} Example Road")]
            )
        case _:
            with trust.database.reading() as db:
                sent = db.exec(select(Return).where(Return.lifecycle == "submitted").order_by(Return.id)).all()
            if sent:
                trust.withdraw(chance.choice(sent))


def amend(trust: Trust, debt: Debt, **changes: str) -> None:
    with at(DAY), trust.database.writing() as db:
        service.amend(db, trust.officer, debt.id, changes)


def some_things(trust: Trust, chance: Random, how_many: int) -> None:
    for number in range(how_many):
        try:
            anything(trust, chance, number)
        except ServiceError:
            continue


def in_order(trust: Trust, recipient: Recipient) -> None:
    """Of every debt without a hold the recipient knows exactly what the register says."""
    debts: list[Debt] = [debt for debt in trust.debts() if not debt.held]
    owed = {debt.reference: state(debt) for debt in debts if debt.status in OPEN_STATUSES}
    references = {debt.reference for debt in debts}
    assert {reference: said for reference, said in recipient.known.items() if reference in references} == owed
    assert all(debt.flagged for debt in debts if debt.status in ("outstanding", "defaulted"))


def live(trust: Trust, seed: int, turns: int) -> None:
    """Things happen before a release, and while one is checked and signed. What it left behind is in the one after it."""
    chance, recipient = Random(seed), Recipient()
    for turn in range(turns):
        trust.send([row(f"{turn}{number}") for number in range(4)])
        some_things(trust, chance, 8)
        scope, one_is_wrong = chance.choice(["full", "changes"]), chance.random() < 0.3
        recipient.read(trust, scope, one_is_wrong, lambda: some_things(trust, chance, 4))
        recipient.read(trust, "changes")
        in_order(trust, recipient)
        rest = prepared(trust, "changes")
        assert lines_of(trust, rest) == []
        abandoned(trust, rest)


@pytest.mark.parametrize("seed", range(3))
def test_each_change_is_in_the_next_release_exactly_once(rj1: Trust, seed: int):
    live(rj1, seed, turns=3)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 110))
def test_each_change_is_in_the_next_release_exactly_once_for_long(rj1: Trust, seed: int):
    live(rj1, seed, turns=8)
