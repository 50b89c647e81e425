"""Reading a list that people keep as CSV: its headings, its lines, and every fault named by its line. Knows no database."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field

from app.core.errors import Refused

_FAULTS_SHOWN = 20
_DELIMITERS = ",;\t"  # cells copied from a spreadsheet arrive with tabs

Line = tuple[int, dict[str, str]]


class Faulty(Refused):
    """`sentences` are the faults, line by line, for the form that asked."""

    def __init__(self, whole: str, sentences: list[str]) -> None:
        super().__init__("\n".join([whole, *sentences]))
        self.sentences = sentences


@dataclass
class Faults:
    """What is wrong with a list, line by line. `whole` says what follows from it for all of it."""

    whole: str
    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, sentence: str) -> None:
        self.found.append((line, sentence))

    @property
    def sentences(self) -> list[str]:
        in_order = sorted(self.found, key=lambda fault: fault[0])
        return [f"Line {line}: {sentence}" for line, sentence in in_order]

    def raise_any(self) -> None:
        if not self.found:
            return
        sentences = self.sentences
        more = len(sentences) - _FAULTS_SHOWN
        raise Faulty(self.whole, sentences[:_FAULTS_SHOWN] + ([f"… and {more} more."] if more > 0 else []))


def read_list(
    text: str, key_of: Callable[[str], str], check: Callable[[list[str]], None], faults: Faults
) -> tuple[list[str], list[Line]]:
    """The headings by their keys, and the cells of every line that holds any. `check` judges the headings.

    A line that is wider or narrower than the headings is a fault. Raises Refused for what is no CSV.
    """
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    lines = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=max(_DELIMITERS, key=first.count))
    found: list[Line] = []
    try:
        headings = [key_of(cell) for cell in next(lines, [])]
        check(headings)
        for cells in lines:
            if not any(map(str.strip, cells)):
                continue
            if len(cells) == len(headings):
                found.append((lines.line_num, dict(zip(headings, map(str.strip, cells), strict=True))))
            else:
                faults.add(lines.line_num, f"it has {len(cells)} cells where the headings have {len(headings)}.")
    except csv.Error as error:
        raise Refused(f"Line {lines.line_num} is not CSV ({error}). Save the table as CSV and try again.") from None
    return headings, found


def heading_of(cell: str) -> str:
    """A heading without case, and with one form of what parts its words."""
    return "_".join(cell.strip().casefold().replace("-", " ").split())
