"""When an organisation counts as one that never sends: nothing in the last months that it owed. Plain values."""

from collections.abc import Sequence

from app.submissions.rules.state import RECEIVED, State

LOOKED_AT, FEWEST = 12, 3  # owed months; with fewer than that nobody can say "never" yet


def months_of_silence(states: Sequence[State]) -> int:
    """In how many owed months running nothing has come, if it is none in all that are looked at; else 0.

    `states` are those of one organisation in the order of the months. What is excused or not due yet was not owed.
    """
    owed = [state for state in states if state in RECEIVED or state is State.MISSING][-LOOKED_AT:]
    return len(owed) if len(owed) >= FEWEST and RECEIVED.isdisjoint(owed) else 0
