"""Which organisations take part in the demo, how much each reports, and how faithfully (the field's own figures)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.demo.dice import dice

FIRST = "RJ1"  # the trust of the tour: large, faithful, and last month's return is still to be sent
NEW_ROWS_A_MONTH = 465  # over all trusts; skipped months and lost rows bring the year to about 400
LARGE, SHARE_OF_LARGE = 10, 0.44  # with their regularity, ten trusts hold half of the money
ONLY_NEWS = 0.15
NEVER, IRREGULAR = 0.15, 0.40  # shares of the trusts; the rest return in most months (ICIBI 6.165)


class Habit(StrEnum):
    NEVER = "never"
    IRREGULAR = "irregular"
    REGULAR = "regular"


@dataclass(frozen=True)
class Trust:
    """`expected` is how many invoices become reportable in a month on average; `collects` the share that is paid.

    `sends_only_news`: it deletes the prefilled rows that did not change, so that they stay unconfirmed.
    """

    code: str
    habit: Habit
    expected: float
    collects: float
    is_large: bool = False
    sends_only_news: bool = False


def chosen(codes: Sequence[str], others: Sequence[str], number: int) -> list[str]:
    """So many organisations: of the default set, filled up from the others. RJ1 is always one of them."""
    ranked = sorted(codes, key=lambda code: (code != FIRST, dice("chosen", code).random()))
    return sorted([*ranked, *sorted(others)][:number])


def trusts(codes: Sequence[str]) -> list[Trust]:
    """Gives each organisation its size and its habit."""
    ranked = sorted(codes, key=lambda code: (code != FIRST, dice("size", code).random()))
    large, small = ranked[:LARGE], ranked[LARGE:]
    never = round(NEVER * len(codes))
    irregular = round(IRREGULAR * len(codes))
    habits = [Habit.NEVER] * never + [Habit.IRREGULAR] * irregular
    habits = (habits + [Habit.REGULAR] * len(small))[: len(small)]
    rows = NEW_ROWS_A_MONTH * len(codes) / 160
    shares = _shares(small, 0.55)
    of_large = _shares(large, 0.35)
    return [
        *(_trust(code, Habit.REGULAR, rows * SHARE_OF_LARGE * of_large[code], is_large=True) for code in large),
        *(
            _trust(code, habit, rows * (1 - SHARE_OF_LARGE) * shares[code])
            for code, habit in zip(small, habits, strict=True)
        ),
    ]


def _shares(codes: Sequence[str], spread: float) -> dict[str, float]:
    """What each has of the whole; the larger the spread, the more unequal."""
    sizes = {code: dice("share", code).lognormvariate(0, spread) for code in codes}
    whole = sum(sizes.values())
    return {code: size / whole for code, size in sizes.items()}


def _trust(code: str, habit: Habit, expected: float, *, is_large: bool = False) -> Trust:
    only_news = not is_large and dice("only news", code).random() < ONLY_NEWS
    return Trust(code, habit, expected, dice("collects", code).uniform(0.15, 1.0), is_large, only_news)
