"""Which status may follow which (docs/promises.md, Debts, debtors and statuses). One table; everything that moves a debt asks it."""

from collections.abc import Iterable

from app.core.errors import Conflict
from app.return_template.choices import Status

NEW: frozenset[Status] = frozenset({Status.OUTSTANDING, Status.ARRANGEMENT, Status.DEFAULTED})

MOVES: dict[Status, frozenset[Status]] = {
    Status.OUTSTANDING: frozenset({Status.ARRANGEMENT, Status.DEFAULTED, Status.REPAID, Status.WITHDRAWN}),
    Status.ARRANGEMENT: frozenset({Status.DEFAULTED, Status.REPAID, Status.WITHDRAWN}),
    Status.DEFAULTED: frozenset({Status.ARRANGEMENT, Status.REPAID, Status.WITHDRAWN}),
    Status.REPAID: frozenset(),
    Status.WITHDRAWN: frozenset(),
}

# Only the Debtors Team, with a reason.
REINSTATEMENTS: dict[Status, frozenset[Status]] = {
    Status.REPAID: frozenset({Status.OUTSTANDING}),
    Status.WITHDRAWN: frozenset({Status.OUTSTANDING}),
}

WITHDRAWAL_REASONS: dict[str, str] = {
    "raised_in_error": "the invoice was raised in error",
    "patient_exempt": "the patient was exempt",
    "paid_before_report": "it was paid before it was reported",
    "duplicate": "it was reported twice",
    "other_body": "another body is to be paid",
    "wrong_person": "it named the wrong person",
}

REOPENING_REASONS: dict[str, str] = {
    "payment_returned": "the payment was returned",
    "recorded_in_error": "it was recorded in error",
    "still_owed": "the trust says that it is still owed",
    "other": "of another reason",
}


class MoveNotAllowed(Conflict):
    """409, naming from, to and what is allowed."""

    def __init__(self, was: Status, wanted: Status) -> None:
        super().__init__(not_allowed(was, wanted))


def may_become(was: Status, wanted: Status) -> bool:
    """The same status again is not a move and is always allowed."""
    return wanted is was or wanted in MOVES[was]


def may_correct(before: Status | None, wanted: Status) -> bool:
    """A mistaken status is corrected to what could have followed the status before the mistake, or to that status."""
    return wanted in NEW if before is None else may_become(before, wanted)


def not_allowed(was: Status, wanted: Status) -> str:
    allowed = listing(status.label for status in Status if status in MOVES[was])
    way_out = f"It can become {allowed}." if allowed else "Only the Debtors Team can reopen it: ask them."
    return f'A debt with the status "{was.label}" cannot become "{wanted.label}". {way_out}'


def listing(words: Iterable[str]) -> str:
    """One, two or three: `one, two or three`."""
    *first, last = [*words] or [""]
    return f"{', '.join(first)} or {last}" if first else last
