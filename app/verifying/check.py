"""What a check is, what it finds, and a check's result as it is told: never a name, only references, dates and amounts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

MOST_SHOWN = 100


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it should be: of which debt, return or row, what, and both values where they are nobody's."""

    where: str
    what: str
    expected: str = ""
    found: str = ""

    def __str__(self) -> str:
        told = f": expected {self.expected or 'nothing'}, found {self.found or 'nothing'}"
        return f"{self.where}: {self.what}{told if self.expected or self.found else ''}"


@dataclass(frozen=True)
class Check:
    """`words` say what is proved; `look` gives what it finds wrong with one thing, or with the whole."""

    words: str
    look: Callable[..., Iterator[Difference]]


@dataclass
class Result:
    """What one check found in how many things; of many differences the first are kept."""

    words: str
    number: int = 0
    differences: list[Difference] = field(default_factory=list)
    wrong: int = 0

    def note(self, found: Iterator[Difference]) -> None:
        self.number += 1
        for difference in found:
            self.wrong += 1
            if len(self.differences) < MOST_SHOWN:
                self.differences.append(difference)


def differing(where: str, expected: dict[str, Any], found: Any) -> Iterator[Difference]:
    """One difference for each named value that is not as expected."""
    for name, value in expected.items():
        if (there := getattr(found, name)) != value:
            yield Difference(where, name.replace("_", " "), _told(value), _told(there))


def _told(value: Any) -> str:
    return "" if value is None else str(value)
