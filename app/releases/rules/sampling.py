"""Which lines of a release are compared with their source: how many, from which organisations, drawn from a seed."""

from collections.abc import Mapping
from enum import StrEnum
from math import isqrt, sqrt
from random import Random

from app.policy.sampling import FIXED, Sampling


class Wrong(StrEnum):
    """What is wrong with a line. The values are kept and named by clients, so they never change their meaning."""

    NAME = "name_differs"
    BIRTH = "birth_differs"
    AMOUNT = "amount_differs"
    STATUS = "status_differs"
    NOT_IN_SOURCE = "not_in_source"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: dict[Wrong, str] = {
    Wrong.NAME: "the name differs from the source",
    Wrong.BIRTH: "the date of birth differs from the source",
    Wrong.AMOUNT: "an amount differs from the source",
    Wrong.STATUS: "the status or its date differs from the source",
    Wrong.NOT_IN_SOURCE: "the source does not have it",
    Wrong.OTHER: "something else is wrong",
}


def size(lines: int, policy: Sampling) -> int:
    """How many lines to look at: never more than there are."""
    if policy.rule == FIXED:
        return min(policy.lines, lines)
    root = isqrt(lines)
    return min(max(root + (root * root < lines), policy.lines), lines)


def quotas(lines: Mapping[str, int], wanted: int, chance: Random) -> dict[str, int]:
    """How many lines of each organisation: by the square root of what it has, so that a large one does not swallow the
    sample. What is over after whole numbers goes to the largest remainders, and among equal ones to whom chance says.
    """
    weight = sum(sqrt(count) for count in lines.values())
    share = {code: wanted * sqrt(lines[code]) / weight for code in sorted(lines) if lines[code]}
    given = {code: min(int(share[code]), lines[code]) for code in share}
    order = {code: chance.random() for code in share}
    while (over := wanted - sum(given.values())) > 0:
        room = [code for code in share if given[code] < lines[code]]
        room.sort(key=lambda code: (given[code] - share[code], order[code]))
        for code in room[:over]:
            given[code] += 1
    return given


def places(lines: Mapping[str, int], wanted: int, seed: str) -> dict[str, frozenset[int]]:
    """Which of each organisation's lines, counted from 0 in their order. The same seed and lines give the same."""
    chance = Random(seed)  # noqa: S311 - to be drawn again by whoever checks it, not to be secret  # nosec B311
    given = quotas(lines, min(wanted, sum(lines.values())), chance)
    return {code: frozenset(chance.sample(range(lines[code]), count)) for code, count in given.items() if count}


def too_many_wrong(looked_at: int, wrong: int, policy: Sampling) -> bool:
    return wrong > policy.wrong_lines and wrong * 100 > policy.wrong_percent * looked_at
