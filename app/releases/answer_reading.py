"""A recipient's answer as it arrives: a CSV or workbook of reference, result and reason, read and judged line by line."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.csv_list import Faults
from app.core.errors import Refused, TooLarge
from app.core.scanning import look_through
from app.core.spreadsheet import reading
from app.core.spreadsheet.csv_text import open_csv
from app.core.spreadsheet.headings import heading_key
from app.core.spreadsheet.packing import Packed, as_text, trim
from app.core.spreadsheet.tables import Table
from app.policy.in_force import policy_in_force
from app.settings import get_settings

LONGEST_REASON, LONGEST_REFERENCE = 300, 20
MOST_LINES = 250_000  # of a CSV, which is read here and not in a process of its own
MOST_COLUMNS = 100  # a row is filled up to the widest, so that one wide row would make all of them wide
UNKNOWN = "no release has given this reference. Compare it with the file that the release gave."
WHOLE = "Nothing was taken from this file. Mend these lines and send it again:"
_KEYS = ("reference", "result", "reason")
_KNOWN = frozenset(_KEYS)
# A file that cannot be read is told of in the words of a return.
_WORDS = (
    ("Save the return as", "Save the answer as"),
    ("far more than a return", "far more than an answer"),
    ("into a new workbook or a fresh template", "into a new workbook"),
    ("into a fresh template", "into a new workbook"),
)
_QUOTES = str.maketrans(dict.fromkeys("“”\"", "'"))  # fmt: skip


class Result(StrEnum):
    LOADED = "loaded"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Answer:
    """One line of the file: `line` is its number there."""

    line: int
    reference: str
    result: Result
    reason: str | None


def read(data: bytes) -> tuple[list[Answer], Faults]:
    """The answers, and what is wrong with others. Raises TooLarge (413), Refused (422) for a file that is no answer."""
    most = get_settings().max_upload_mb
    if len(data) > most << 20:
        raise TooLarge(f"The file is larger than {most} MB. Send the answer in several files.")
    look_through(data)
    try:
        headings, rows = _table(data)
    except reading.Unreadable as why:
        raise Refused(in_our_words(why.message), code=why.code) from None
    place = _places(headings)
    faults = Faults(WHOLE)
    answers = list(_answers(rows, place, faults))
    if not answers and not faults.found:
        raise Refused(
            "The file has no lines below its headings. Send one line for each debt that was loaded or rejected."
        )
    return answers, faults


def in_our_words(message: str) -> str:
    for theirs, ours in _WORDS:
        message = message.replace(theirs, ours)
    return message


def _table(data: bytes) -> tuple[Sequence[Packed], Iterable[tuple[int, list[Packed]]]]:
    """A workbook may be as long as a return, a CSV longer."""
    if reading.kind_of(data) != "csv":
        found = reading.readers().read(data, _KNOWN)
        return found.headings, found.rows
    if max(data.count(b"\n"), data.count(b"\r")) > MOST_LINES:
        raise Refused(f"The file has more than {MOST_LINES:,} lines. Send the answer in several files.")
    grid = open_csv(data, _KNOWN)[0]
    if grid.width > MOST_COLUMNS:
        raise Refused(f"The file has {grid.width:,} columns. An answer has the columns reference, result and reason: keep "
                      "these and send it again.")  # fmt: skip
    table = Table(grid, _KNOWN)
    return table.headings, table.rows() if table.heading_row else ()


def _places(headings: Sequence[Packed]) -> dict[str, int]:
    keys = [heading_key(as_text(cell)) for cell in headings]
    missing = [key for key in _KEYS[:2] if key not in keys]
    if missing:
        raise Refused(f"The heading {' and the heading '.join(missing)} cannot be found. The first line has to name the columns "
                      "reference, result and reason.")  # fmt: skip
    if double := [key for key in _KEYS if keys.count(key) > 1]:
        raise Refused(f"The heading {double[0]} stands there twice. Keep one column of it and send the file again.")
    return {key: keys.index(key) for key in _KEYS if key in keys}


def _answers(rows: Iterable[tuple[int, list[Packed]]], place: dict[str, int], faults: Faults) -> Iterator[Answer]:
    judged: dict[str, str | None] = {}  # the same few reasons come again and again
    seen: dict[str, int] = {}
    for number, cells in rows:
        reference, result, reason = (_text(cells, place.get(key)) for key in _KEYS)
        reference = reference.upper()
        fault = _fault(reference, result.casefold())
        if fault is None and result.casefold() == Result.REJECTED:
            if reason not in judged:
                judged[reason] = _fault_of_reason(reason)
            fault = judged[reason]
        if fault is None and reference in seen:
            fault = f"its reference stands in line {seen[reference]} already. Keep one line for each debt."
        if fault is not None:
            faults.add(number, fault)
            continue
        seen[reference] = number
        said = Result(result.casefold())
        yield Answer(number, reference, said, reason.translate(_QUOTES) if said is Result.REJECTED else None)


def _fault(reference: str, result: str) -> str | None:
    if not reference:
        return "it has no reference. Enter the reference of the debt as the release gave it."
    if len(reference) > LONGEST_REFERENCE or not (reference.isascii() and reference.isprintable()):
        return UNKNOWN
    if result not in set(Result):
        return "its result is neither loaded nor rejected. Enter one of these two words."
    return None


def _fault_of_reason(reason: str) -> str | None:
    if not reason:
        return "it is rejected without a reason. Enter the reason, so that the trust knows what to mend."
    if len(reason) > LONGEST_REASON:
        return f"its reason is longer than {LONGEST_REASON} characters. Shorten it."
    if not reason.isprintable():
        return "its reason holds characters that nobody can see. Type the reason again."
    if policy_in_force().has_clinical_words(reason):
        return "its reason seems to tell of health or treatment, which no trust needs to mend the debt. Take these words away."
    return None


def _text(cells: Sequence[Packed], at: int | None) -> str:
    """The cell on one line."""
    return " ".join(trim(as_text(cells[at])).split()) if at is not None and at < len(cells) else ""
