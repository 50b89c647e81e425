"""What one recorded step does to what is open. Pure: the movements of a month lead from its opening to its closing figures."""

from enum import StrEnum
from typing import NamedTuple

from app.return_template.choices import OPEN_STATUSES, Status

PUTTING_RIGHT = frozenset({"corrected", "undone"})  # kinds of events: a mistake is mended, a return was withdrawn


class Movement(StrEnum):
    """The first ones change how many debts are open or how much is owed; the last two only the status of what is open."""

    NEW = "new"
    TAKEN_OVER = "taken_over"
    REINSTATED = "reinstated"
    REPAID = "repaid"
    WITHDRAWN = "withdrawn"
    PART_PAID = "part_paid"
    CORRECTED = "corrected"
    ARRANGED = "arranged"
    DEFAULTED = "defaulted"


ADDING = frozenset({Movement.NEW, Movement.TAKEN_OVER, Movement.REINSTATED, Movement.CORRECTED})
TAKING = frozenset({Movement.REPAID, Movement.WITHDRAWN, Movement.PART_PAID})


class Stand(NamedTuple):
    """Where a debt stands: its status, and what is outstanding in pence."""

    status: str
    pence: int

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES


class Moved(NamedTuple):
    """One movement. A correction may be negative; a part payment leaves the number of open debts as it is."""

    movement: Movement
    debts: int
    pence: int


def net(moved: Moved) -> tuple[int, int]:
    """By how many debts and pence it changes what is open."""
    movement, debts, pence = moved
    if movement not in ADDING | TAKING:
        return 0, 0
    sign = 1 if movement in ADDING else -1
    return (0 if movement is Movement.PART_PAID else sign * debts), sign * pence


def movements(kind: str, was: Stand | None, now: Stand, is_taken_over: bool = False) -> list[Moved]:
    """Those of one step. `was` is None at the first report."""
    before, after = _open(was), _open(now)
    if was is not None and kind in PUTTING_RIGHT:
        found = Moved(Movement.CORRECTED, (after is not None) - (before is not None), (after or 0) - (before or 0))
        return [found] if found.debts or found.pence else []
    if before is None and after is None:
        return []
    if before is None:
        first = Movement.TAKEN_OVER if is_taken_over else Movement.NEW
        return [Moved(first if was is None else Movement.REINSTATED, 1, now.pence)]
    if after is None:
        return [Moved(Movement.REPAID if now.status == Status.REPAID else Movement.WITHDRAWN, 1, before)]
    return [*_turned(was, now), *_paid(before, after)]


def _open(stand: Stand | None) -> int | None:
    """What is owed on an open debt; None for one that is not open."""
    return stand.pence if stand is not None and stand.is_open else None


def _turned(was: Stand | None, now: Stand) -> list[Moved]:
    turns = {Status.ARRANGEMENT.value: Movement.ARRANGED, Status.DEFAULTED.value: Movement.DEFAULTED}
    if was is None or was.status == now.status or now.status not in turns:
        return []
    return [Moved(turns[now.status], 1, now.pence)]


def _paid(before: int, after: int) -> list[Moved]:
    """Less is owed: that was paid. More is owed: the earlier amount was wrong."""
    if after < before:
        return [Moved(Movement.PART_PAID, 1, before - after)]
    return [Moved(Movement.CORRECTED, 0, after - before)] if after > before else []
