"""Reading a CSV of organisations into typed entries, with every fault named by its line. Knows no database."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.core.csv_list import Faults, heading_of, read_list
from app.core.errors import Refused

_ALSO_CALLED = {
    "org_key": "code",
    "org_type": "organisation_type",
    "rtt_provider_2026_04": "acute_provider",
}
_LIMITS = {
    "ods_code": 20, "name": 200, "nation": 40, "region": 80, "organisation_type": 80, "postcode": 12, "icb_code": 20,
    "icb_name": 200, "successor_code": 20,
}  # fmt: skip
_DATES = ("open_date", "close_date", "successor_from")
_YES_NO = {"yes": True, "true": True, "no": False, "false": False, "": False}
_COLUMNS = {"code", *_LIMITS, *_DATES, "acute_provider"}


@dataclass(frozen=True)
class Entry:
    """One line: the values of the columns that the file has, None for an empty cell."""

    line: int
    code: str
    values: dict[str, Any]


def read(text: str) -> tuple[list[Entry], list[str], Faults]:
    """The entries, the headings that are not used, and the faults found so far. Raises Refused when it is no such table."""
    faults, entries, seen = Faults("The organisations were not imported; nothing was changed."), [], dict[str, int]()
    headings, lines = read_list(text, _heading, _check_headings, faults)
    for number, cells in lines:
        entry = _entry(number, cells, faults)
        if entry.code in seen:
            faults.add(number, f"{entry.code} stands already on line {seen[entry.code]}. Keep one of them.")
        seen.setdefault(entry.code, number)
        entries.append(entry)
    if not entries and not faults.found:
        raise Refused("The file has no organisations below its headings.")
    return entries, [heading for heading in headings if heading not in _COLUMNS], faults


def _heading(cell: str) -> str:
    key = heading_of(cell)
    return _ALSO_CALLED.get(key, key)


def _check_headings(headings: list[str]) -> None:
    if "code" not in headings:
        raise Refused("The first line has no heading “code”. Name the columns as in the shipped organisations.csv.")
    if twice := sorted({heading for heading in headings if heading and headings.count(heading) > 1}):
        raise Refused(f"The heading {', '.join(twice)} stands twice. Keep one.")


def _entry(number: int, cells: dict[str, str], faults: Faults) -> Entry:
    code = cells["code"]
    if not (0 < len(code) <= 20 and code.isascii() and code.isalnum()):
        faults.add(number, f"the code “{code[:30]}” is not 1 to 20 letters and figures.")
    values: dict[str, Any] = {}
    for key, cell in cells.items():
        if key in _DATES:
            values[key] = _date(number, key, cell, faults)
        elif key == "acute_provider":
            if cell.casefold() not in _YES_NO:
                faults.add(number, f"{key} “{cell[:30]}” is neither yes nor no.")
            values[key] = _YES_NO.get(cell.casefold(), False)
        elif key in _LIMITS:
            if len(cell) > _LIMITS[key] or not cell.isprintable():
                faults.add(number, f"{key} is longer than {_LIMITS[key]} characters or holds control characters.")
            values[key] = cell or None
    return Entry(number, code, values)


def _date(number: int, key: str, cell: str, faults: Faults) -> date | None:
    if not cell:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d"):
        try:
            return datetime.strptime(cell, form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    faults.add(number, f"{key} “{cell[:30]}” is not a date. Write it as year-month-day, such as 2026-04-01.")
    return None
