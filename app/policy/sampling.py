"""How many lines of a release are compared with their source, and how many may be wrong: the rows of sampling.csv."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.policy.reading import Line

COLUMNS = ("since", "rule", "lines", "wrong_percent", "wrong_lines")
SQUARE_ROOT, FIXED = "square_root", "fixed"


@dataclass(frozen=True)
class Sampling:
    """From a day on. `lines` is the least number for `square_root`, the number itself for `fixed`. A release stops when
    both more than `wrong_lines` lines and more than `wrong_percent` of a hundred looked at are wrong.
    """

    since: date
    rule: str
    lines: int
    wrong_percent: int
    wrong_lines: int


def sampling(lines: Sequence[Line]) -> tuple[Sampling, ...]:
    """The rows in order of their day. Raises BrokenTable for two from one day."""
    found: dict[date, Sampling] = {}
    for line in lines:
        since = line.day("since")
        if since in found:
            raise line.fault(f"a second row from {since}. Keep one.")
        found[since] = Sampling(
            since,
            line.choice("rule", (SQUARE_ROOT, FIXED)),
            line.whole("lines"),
            line.whole("wrong_percent"),
            line.whole("wrong_lines"),
        )
    return tuple(found[since] for since in sorted(found))


def in_force(rows: Sequence[Sampling], today: date) -> Sampling:
    """The newest row that has begun, and before all of them the first."""
    return next((row for row in reversed(rows) if row.since <= today), rows[0])
