"""Reads .xlsx, .xlsb and .ods: calamine for the cells, a second look for what it does not tell."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice
from math import isfinite
from typing import Any

from python_calamine import CalamineError, CalamineSheet, SheetTypeEnum, load_workbook

from app.core.spreadsheet import biff12, sheet_ods, sheet_xml
from app.core.spreadsheet.easing import eased
from app.core.spreadsheet.packing import Packed, pack_date, pack_error, pack_text
from app.core.spreadsheet.preflight import READ_ERRORS, Package, open_package
from app.core.spreadsheet.refusals import damaged, macros, too_large
from app.core.spreadsheet.result import Limits, Unreadable
from app.core.spreadsheet.second_look import SecondLook
from app.core.spreadsheet.serials import MARCH_1900, pack_serial

_FIRST_BATCH, _BATCH = 16, 512
_TEXTS, _NUMBERS = {str}, {float}


def open_zipped(data: bytes, limits: Limits) -> tuple[Package, list["ZippedGrid"]]:
    """Raises Unreadable. What `scan` finds goes into the package's `second_look` before the rows are read."""
    package = open_package(data, limits)
    looks = SecondLooks(package)
    return package, [ZippedGrid(sheet, package, looks) for sheet in _whatever_it_takes(data, package, limits)]


@contextmanager
def _calamine() -> Iterator[None]:
    """What calamine cannot read is damaged; its panics (numbers that no date can have) are no Exceptions."""
    try:
        yield
    except (CalamineError, OSError, ValueError) as error:
        raise damaged() from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise damaged() from error


def _whatever_it_takes(data: bytes, package: Package, limits: Limits) -> list[CalamineSheet]:
    """The worksheets, of a copy that is easier to read when calamine does not take the file as it stands."""
    try:
        return _worksheets(data, limits)
    except Unreadable as refusal:
        try:
            copy = eased(package) if package.kind == "xlsx" and refusal.code == damaged().code else None
        except READ_ERRORS as error:
            raise damaged() from error
        if copy is None:
            raise
        return _worksheets(copy, limits)


def _worksheets(data: bytes, limits: Limits) -> list[CalamineSheet]:
    with _calamine():
        workbook = load_workbook(BytesIO(data))
        sheets = workbook.sheets_metadata
        if any(sheet.typ in (SheetTypeEnum.MacroSheet, SheetTypeEnum.Vba) for sheet in sheets):
            raise macros()
        if len(sheets) > limits.sheets:
            raise too_large(f"The workbook has {len(sheets):,} sheets; the limit is {limits.sheets}.")
        return [
            workbook.get_sheet_by_index(place)
            for place, sheet in enumerate(sheets)
            if sheet.typ == SheetTypeEnum.WorkSheet
        ]


class SecondLooks:
    """The second look into each sheet, taken once and only when something calls for it."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._taken: dict[str, SecondLook] = {}

    def known_to_need(self, sheet: str) -> bool:
        """What calamine gives as nothing must be looked up before the rows are read."""
        package = self._package
        if package.kind == "ods":
            return bool(package.second_look)
        return package.kind == "xlsb" or package.sheets.get(sheet) in package.second_look

    def of(self, sheet: str) -> SecondLook:
        if sheet not in self._taken:
            try:
                self._take(sheet)
            except READ_ERRORS as error:
                raise damaged() from error
        return self._taken.setdefault(sheet, SecondLook())

    def _take(self, sheet: str) -> None:
        package = self._package
        if package.kind == "ods":
            self._taken.update(sheet_ods.second_look(package.pieces("content.xml")))
        elif package.kind == "xlsb":
            self._taken[sheet] = biff12.second_look(b"".join(package.pieces(package.sheets[sheet])))
        else:
            self._taken[sheet] = sheet_xml.second_look(package.pieces(package.sheets[sheet]))


class ZippedGrid:
    """One worksheet as calamine read it."""

    def __init__(self, sheet: CalamineSheet, package: Package, looks: SecondLooks) -> None:
        self.name = sheet.name
        self._sheet = sheet
        self._end = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
        self._package = package
        self._looks = looks
        self._dates: dict[object, Packed] = {}
        self._look: SecondLook | None = None

    def _special(self) -> SecondLook:
        if self._look is None:
            self._look = self._looks.of(self.name) if self._looks.known_to_need(self.name) else SecondLook()
        return self._look

    @property
    def height(self) -> int:
        return max(self._end[0], self._special().height)

    @property
    def width(self) -> int:
        return max(self._end[1], self._special().width)

    def rows(self) -> Iterator[list[Packed]]:
        """Every row from the first of the sheet, each as wide as the table."""
        start = (self._sheet.start or (0, 0))[1]
        before: list[Packed] = [None] * start
        after: list[Packed] = [None] * (self.width - self._end[1])
        special = self._special().cells
        number = 0
        for batch in self._batches():
            for row in self._pack(batch, number, start):
                if before or after:
                    row = [*before, *row, *after]  # noqa: PLW2901
                if number in special:
                    _correct(row, special[number])
                yield row
                number += 1
        for further in range(number, self.height):
            row = [None] * self.width
            _correct(row, special.get(further, {}))
            yield row

    def _pack(self, batch: list[list[Any]], first: int, start: int) -> Iterator[list[Packed]]:
        if not any(map(any, batch)) and not any(0 in cells for cells in batch):
            return ([None] * len(cells) for cells in batch)  # a long stretch of nothing
        columns = [self._column(cells, first, place) for place, cells in enumerate(zip(*batch, strict=True), start)]
        return map(list, zip(*columns, strict=True))

    def _batches(self) -> Iterator[list[list[Any]]]:
        with _calamine():
            rows = self._sheet.iter_rows()
            size = _FIRST_BATCH
            while batch := list(islice(rows, size)):
                yield batch
                size = _BATCH

    def _column(self, cells: tuple[Any, ...], first: int, column: int) -> Sequence[Packed]:
        """One column of a batch, which mostly holds one kind of cell: what needs no packing is passed on whole.

        A text greater than \\1 is not empty and does not begin with NUL.
        """
        kinds = set(map(type, cells))
        if kinds == _TEXTS:
            return cells if min(cells) > "\1" else [cell if cell > "\1" else pack_text(cell) or None for cell in cells]
        if kinds == _NUMBERS and isfinite(sum(cells)):
            return cells
        dates = self._dates
        packed: list[Any] = [dates.get(cell, ...) if cell else None if cell == "" else ... for cell in cells]
        if ... in packed:
            packed = [
                self._cell(cells[place], first + place, column) if cell is ... else cell
                for place, cell in enumerate(packed)
            ]
        return packed

    def _cell(self, cell: object, row: int, column: int) -> Packed:
        if isinstance(cell, str):
            return pack_text(cell)
        if isinstance(cell, float):
            return cell if isfinite(cell) else pack_error("#NUM!")
        if isinstance(cell, bool | int):
            return cell
        if isinstance(cell, datetime | date) and (self._package.kind == "ods" or _day(cell) >= MARCH_1900):
            self._dates[cell] = packed = pack_date(cell)
            return packed
        if isinstance(cell, timedelta):
            return cell / timedelta(days=1)
        return self._serial(cell, row, column)

    def _serial(self, cell: object, row: int, column: int) -> Packed:
        """A time, or a date about 1900: what calamine makes of numbers that are no date."""
        if self._package.kind != "ods":
            number = self._looks.of(self.name).numbers.get((row, column))
            if number is not None:
                return pack_serial(number, self._package.date1904)
        if isinstance(cell, time):
            return timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second) / timedelta(days=1)
        return pack_error("#NUM!")


def _correct(row: list[Packed], cells: dict[int, Packed]) -> None:
    for column, cell in cells.items():
        row[column] = cell


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
