"""Where one organisation stands for one month (docs/promises.md, Who owes a return). Plain values; UK dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class State(StrEnum):
    NOT_OWED = "not_owed"
    NOT_DUE = "not_due"
    MISSING = "missing"
    SUBMITTED = "submitted"
    SUBMITTED_LATE = "submitted_late"
    NIL = "nil"
    NIL_LATE = "nil_late"
    EXCUSED = "excused"


RECEIVED = frozenset({State.SUBMITTED, State.SUBMITTED_LATE, State.NIL, State.NIL_LATE})
ON_TIME = frozenset({State.SUBMITTED, State.NIL})


@dataclass(frozen=True)
class Arrival:
    """One qualifying return of the month: a file or a nil. `superseded_by` names the return that replaced a nil."""

    id: str
    at: datetime
    is_nil: bool = False
    withdrawn: bool = False
    superseded_by: str | None = None


@dataclass(frozen=True)
class Submission:
    """What counts for the month: which return, when it arrived, and whether it is a nil."""

    return_id: str
    at: datetime
    is_nil: bool


def submission(arrivals: Sequence[Arrival]) -> Submission | None:
    """The earliest that is not withdrawn. A nil that a standing return has replaced lends that return its time."""
    standing = {arrival.id for arrival in arrivals if not arrival.withdrawn}
    counted = sorted(
        (arrival for arrival in arrivals if not arrival.withdrawn or arrival.superseded_by in standing),
        key=lambda arrival: (arrival.at, arrival.id),
    )
    if not counted:
        return None
    shown = next((arrival for arrival in counted if not arrival.is_nil), counted[0])
    return Submission(shown.id, counted[0].at, shown.is_nil)


def is_owed(covered: bool, opened: date | None, closed: date | None, last_day: date) -> bool:
    """An obligation covers the month, and the organisation is open on the month's last day."""
    return covered and is_open_on(last_day, opened, closed)


def is_open_on(day: date, opened: date | None, closed: date | None) -> bool:
    """The close date is the last open day."""
    return (opened is None or opened <= day) and (closed is None or day <= closed)


def state(owed: bool, excused: bool, arrived: Submission | None, arrived_late: bool, due_passed: bool) -> State:
    """One of the eight states. What was received outranks an excuse; whoever owes nothing stays so."""
    if not owed:
        return State.NOT_OWED
    if arrived is not None:
        if arrived.is_nil:
            return State.NIL_LATE if arrived_late else State.NIL
        return State.SUBMITTED_LATE if arrived_late else State.SUBMITTED
    if excused:
        return State.EXCUSED
    return State.MISSING if due_passed else State.NOT_DUE
