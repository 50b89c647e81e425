"""Which state of a release may follow which, and who may approve one: four eyes. One table; everything that moves one asks it."""

from collections.abc import Collection

from app.core.errors import Conflict, Forbidden
from app.releases.rules.words import State

MOVES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.CHECKING, State.ABANDONED}),
    State.CHECKING: frozenset({State.APPROVED, State.ABANDONED}),
    State.APPROVED: frozenset({State.RELEASED, State.ABANDONED}),
    State.RELEASED: frozenset(),
    State.ABANDONED: frozenset(),
}

IN_WORDS: dict[State, str] = {
    State.DRAFT: "being prepared",
    State.CHECKING: "being checked",
    State.APPROVED: "approved",
    State.RELEASED: "released",
    State.ABANDONED: "abandoned",
}


class MoveNotAllowed(Conflict):
    """409, naming from, to and what is allowed."""

    def __init__(self, number: int, was: State, wanted: State) -> None:
        allowed = " or ".join(IN_WORDS[state] for state in State if state in MOVES[was])
        way_out = f"It can only become {allowed}." if allowed else "That is its end: prepare a new one."
        super().__init__(f"Release {number} is {IN_WORDS[was]}, so it cannot become {IN_WORDS[wanted]}. {way_out}")


def check_move(number: int, was: State, wanted: State) -> None:
    """Raises MoveNotAllowed (409)."""
    if wanted not in MOVES[was]:
        raise MoveNotAllowed(number, was, wanted)


def check_samples(number: int, state: State) -> None:
    """Raises Conflict (409): lines are judged only while the release is being checked."""
    if state is not State.CHECKING:
        raise Conflict(
            f"Release {number} is {IN_WORDS[state]}. Lines are marked right or wrong only while it is being checked."
        )


def check_approver(number: int, who: str, prepared_by: str, sampled_by: Collection[str]) -> None:
    """Raises Forbidden (403): whoever made it or looked through it is not the second pair of eyes."""
    done = "prepared" if who == prepared_by else "checked lines of" if who in sampled_by else None
    if done is not None:
        raise Forbidden(
            f"You {done} release {number}, so another person must approve it. "
            "Ask a colleague in the Debtors Team who neither prepared nor checked it."
        )
