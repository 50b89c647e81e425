"""Chance that repeats itself: everything in the demo follows from a seed, so that two runs on one day are alike."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

SEED = 2111  # the scheme began on 1 November 2011
_Thing = TypeVar("_Thing")


def dice(*what: object) -> Random:
    """A source of chance of its own for each purpose, such as one trust's invoices."""
    return Random("/".join(map(str, (SEED, *what))))  # noqa: S311 - invented data, nothing secret  # nosec B311


def weighted(chance: Random, choices: Sequence[tuple[_Thing, float]]) -> _Thing:
    """One of the things, each with its weight."""
    return chance.choices([thing for thing, _ in choices], [weight for _, weight in choices])[0]
