"""Reading a list of obligations, one span a line: `code,from,to,reason`. Knows no database."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from app.core.csv_list import Faults, heading_of, read_list
from app.core.errors import Refused
from app.core.spreadsheet.csv_text import decode
from app.periods.calendar import Period
from app.submissions.obligations import Reason
from app.submissions.rules.owing import in_words
from app.submissions.rules.spans import Span

HEADINGS = ("code", "from", "to", "reason")
NEEDED = ("code", "from")
LONGEST = 150_000  # characters: some five thousand lines, and what one field of a form takes
_FORMS = ("%b-%y", "%B %Y", "%b %Y", "%m/%Y")  # what a spreadsheet makes of a month when it saves a CSV


@dataclass(frozen=True)
class Entry:
    """One line."""

    line: int
    code: str
    span: Span
    reason: Reason | None


def text_of(data: bytes) -> str:
    """The text of a file. Raises Refused (422) for a workbook."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refused("This is a workbook. Save the table as CSV, or copy its cells into the box.")
    return decode(data)


def read(text: str) -> tuple[list[Entry], Faults]:
    """The lines and the faults found so far. Raises Refused (422) for a list with other headings, or without lines."""
    if len(text) > LONGEST:
        raise Refused(f"The list is longer than {LONGEST:,} characters. Divide it into two.")
    if not text.strip():
        raise Refused("The list is empty. Its first line names the columns: code, from, to, reason.")
    faults = Faults("The obligations were not imported; nothing was changed.")
    entries: list[Entry] = []
    _, lines = read_list(text, heading_of, lambda headings: _check_headings(headings, faults), faults)
    for number, cells in lines:
        if (entry := _entry(number, cells, faults)) is not None:
            entries.append(entry)
    if not lines and not faults.found:
        raise Refused("The list has no lines below its headings.")
    _check_overlaps(entries, faults)
    return entries, faults


def _check_headings(headings: Sequence[str], faults: Faults) -> None:
    for heading in headings:
        if heading not in HEADINGS:
            faults.add(1, f"the heading “{heading[:30]}” is not known. The headings are {', '.join(HEADINGS)}.")
    for heading in HEADINGS:
        if heading in NEEDED and heading not in headings:
            faults.add(1, f"there is no heading “{heading}”. Add that column.")
        if headings.count(heading) > 1:
            faults.add(1, f"the heading “{heading}” stands twice. Keep one.")
    faults.raise_any()


def _entry(number: int, cells: dict[str, str], faults: Faults) -> Entry | None:
    before = len(faults.found)
    code = cells["code"]
    if not (0 < len(code) <= 20 and code.isascii() and code.isalnum()):
        faults.add(number, f"the code “{code[:30]}” is not 1 to 20 letters and figures.")
    first = _month(number, "from", cells["from"], faults)
    last = _month(number, "to", cells["to"], faults) if cells.get("to") else None
    if first and last and last < first:
        faults.add(number, f"it ends in {last}, before it begins in {first}. Swap the months.")
    reason = cells.get("reason", "").casefold().replace(" ", "-")
    if reason and reason not in set(Reason):
        faults.add(number, f"the reason “{reason[:30]}” is not known. Write one of {', '.join(Reason)}, or none.")
    if first is None or len(faults.found) > before:
        return None
    return Entry(number, code, Span(first, last), Reason(reason) if reason else None)


def _month(number: int, heading: str, cell: str, faults: Faults) -> Period | None:
    try:
        return Period.parse(_as_written(cell))
    except Refused as error:
        faults.add(number, f"{heading}: {error.detail}" if cell else f"{heading} is empty. Write the first month.")
        return None


def _as_written(cell: str) -> str:
    """A month in a form of a spreadsheet, Oct-26 for example, as people write it here; anything else as it is."""
    for form in () if cell[:4].isdecimal() else _FORMS:
        try:
            return f"{datetime.strptime(cell, form):%Y-%m}"  # noqa: DTZ007  # a month has no zone
        except ValueError:
            continue
    return cell


def _check_overlaps(entries: Sequence[Entry], faults: Faults) -> None:
    by_code: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_code[entry.code].append(entry)
    for code, found in by_code.items():
        for one, other in pairwise(sorted(found, key=lambda entry: (entry.span.first, entry.line))):
            if not one.span.is_before(other.span):
                first, second = sorted((one, other), key=lambda entry: entry.line)
                faults.add(
                    second.line,
                    f"{code} owes {in_words(second.span)} here and {in_words(first.span)} on line {first.line}. "
                    "Change one of them so that no month stands in both.",
                )
