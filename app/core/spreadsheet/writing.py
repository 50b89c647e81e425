"""Writing workbooks with looks, checks, comments and hidden sheets; rows and columns count from 0.

xlsxwriter builds the book: it is the fastest, its bytes depend on nothing but the input, and it writes large exports in
constant memory. The cells are our own (`xml_cells`), because xlsxwriter keeps 16 digits of a number, has no errors
without formulas, and takes a text between <r> and </r> for markup.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import Worksheet

from app.core.spreadsheet.guard import looks_like_formula
from app.core.spreadsheet.xml_cells import Value, is_date_cell, rest_of_cell, writable

TEXT_FORMAT, DATE_FORMAT, MONEY_FORMAT, GENERAL = "@", "dd/mm/yyyy", "0.00", "General"
MOMENT_FORMAT = "dd/mm/yyyy hh:mm:ss"
AUTHOR = "NHS debtor returns"
_MADE = datetime(2026, 1, 1, tzinfo=UTC)  # stands in every book without a moment of its own: same input, same bytes
_LONGEST_TITLE, _LONGEST_PROMPT, _LONGEST_LIST = 32, 255, 255
_LOOKS_AT_HAND = 100
_HIGHEST_ROW = 409  # points, Excel's limit


@dataclass(frozen=True)
class Look:
    """How cells look. Colours as RRGGBB. `quoted`: editing the cell in Excel keeps it a text."""

    number_format: str = GENERAL
    bold: bool = False
    wrap: bool = False
    fill: str | None = None
    ink: str | None = None
    quoted: bool = False
    left: bool = False
    size: int | None = None

    def properties(self) -> dict[str, Any]:
        wanted = {
            "num_format": self.number_format, "bold": self.bold, "text_wrap": self.wrap, "quote_prefix": self.quoted,
            "bg_color": self.fill and f"#{self.fill}", "font_color": self.ink and f"#{self.ink}",
            "font_size": self.size, "valign": "top", "align": "left" if self.left else None,
        }  # fmt: skip
        return {key: value for key, value in wanted.items() if value}


@dataclass(frozen=True)
class Check:
    """What a column's cells may hold, and the prompt beside a chosen cell.

    `choices` are the words themselves or a range such as =Lists!$A$1:$A$9. `limit` is in characters. `strictness` says
    what happens to another entry: refused, asked about, or let through.
    """

    kind: Literal["any", "list", "date", "money", "length"]
    title: str
    prompt: str
    choices: Sequence[str] | str = ()
    limit: int = 0
    trouble: str = ""
    strictness: Literal["stop", "warning", "none"] = "warning"

    def options(self) -> dict[str, Any]:
        kinds: dict[str, dict[str, Any]] = {
            "any": {"validate": "any"},
            "list": {"validate": "list", "source": self.choices if isinstance(self.choices, str) else [*self.choices]},
            "date": {"validate": "date", "criteria": ">=", "value": date(1900, 1, 1)},
            "money": {"validate": "decimal", "criteria": ">=", "value": 0},
            "length": {"validate": "length", "criteria": "<=", "value": self.limit},
        }
        how = kinds[self.kind]
        how |= {"input_title": _shortened(self.title), "input_message": self.prompt, "show_error": False}
        if self.strictness != "none" and self.kind != "any":
            how |= {"show_error": True, "error_type": self.strictness, "error_title": _shortened(self.title)}
            how["error_message"] = self.trouble or self.prompt
        if len(self.prompt) > _LONGEST_PROMPT or len(how.get("error_message", "")) > _LONGEST_PROMPT:
            raise ValueError(f"The prompt of {self.title} has more than {_LONGEST_PROMPT} characters.")
        return how


def _shortened(title: str) -> str:
    if len(title) <= _LONGEST_TITLE:
        return title
    return title[: _LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"


def column_name(col: int) -> str:
    return str(xl_col_to_name(col))


def fits_in_a_list(words: Sequence[str]) -> bool:
    """Whether the words of a drop-down list can stand in the list itself; else they need cells of a sheet."""
    return len(",".join(words)) <= _LONGEST_LIST and not any("," in word for word in words)


_NAMES = tuple(xl_col_to_name(col) for col in range(100))


class _Placed(NamedTuple):
    format: Any
    rest: str


class _Worksheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A worksheet of ready-made cells, in memory or row by row."""

    def place(self, row: int, col: int, look: Any, rest: str) -> None:
        if self._check_dimensions(row, col):
            raise ValueError(f"Row {row + 1}, column {col + 1} does not fit into the sheet or comes too late.")
        if self.constant_memory and row > self.previous_row:
            self._write_single_row(row)
        self.table[row][col] = _Placed(look, rest)

    def place_row(self, row: int, cells: Sequence[str]) -> None:
        """Writes a row at once that stands below every cell so far."""
        outside = self._check_dimensions(row, 0) or self._check_dimensions(row, len(cells) - 1)
        if outside or not self.constant_memory or row in self.row_info or self.table.get(row):
            raise ValueError(f"Row {row + 1} does not fit into the sheet, has begun already, or comes too late.")
        self._write_single_row(row + 1)
        number = row + 1
        placed = [f'<c r="{name}{number}{cell}' for name, cell in zip(_NAMES, cells, strict=False) if cell]
        self.fh.write(f'<row r="{number}">{"".join(placed)}</row>')

    def _write_cell(self, row: int, col: int, cell: _Placed) -> None:
        self.fh.write(f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{cell.format._get_xf_index()}"{cell.rest}')


class Sheet:
    """One sheet of a book that is being written."""

    def __init__(self, book: "Book", worksheet: Any) -> None:
        self._book = book
        self._worksheet = worksheet

    def put(self, row: int, col: int, value: Value, look: Look = Look()) -> None:
        """Writes a cell. A date always shows as a date and a number never turns into one, whatever the look says."""
        self._worksheet.place(row, col, self._book.format(_suited(look, value)), rest_of_cell(value))

    def put_row(self, row: int, values: Iterable[Value], look: Look = Look()) -> None:
        for col, value in enumerate(values):
            self.put(row, col, value, look)

    def ready(self, value: Value, look: Look = Look()) -> str:
        """A cell for `put_ready`, wherever it will stand; nothing to write is an empty text."""
        if value is None:
            return ""
        return f'" s="{self._book.format(_suited(look, value))._get_xf_index()}"{rest_of_cell(value)}'

    def put_ready(self, row: int, cells: Sequence[str]) -> None:
        """Writes a whole row of ready cells from the first column on, below all others: for long sheets in constant memory,
        where the same cells come again and again.
        """
        self._worksheet.place_row(row, cells)

    def note(self, row: int, col: int, text: str) -> None:
        """A comment on a cell."""
        height = 30 + 18 * (len(text) // 45 + text.count("\n"))
        options = {"author": AUTHOR, "width": 320, "height": min(height, 400), "font_size": 9}
        self._worksheet.write_comment(row, col, writable(text)[:8000], options)

    def column(self, col: int, width: float, look: Look = Look()) -> None:
        """The width of a column, in characters, and the look of its empty cells."""
        self._worksheet.set_column(col, col, width, self._book.format(look))

    def check(self, col: int, rows: tuple[int, int], check: Check) -> None:
        """Puts a check and its prompt on a column's cells, from the first to the last of `rows`."""
        if self._worksheet.data_validation(rows[0], col, rows[1], col, check.options()):
            raise ValueError(f"The check of {check.title} cannot be written.")

    def tint_when(self, col: int, rows: tuple[int, int], condition: str, look: Look) -> None:
        """Shows a column's cells so while a formula about the first of them (and with it each) is true."""
        how = {"type": "formula", "criteria": "=" + condition, "format": self._book.format(look)}
        if self._worksheet.conditional_format(rows[0], col, rows[1], col, how):
            raise ValueError("The condition cannot be written.")

    def fit(self, row: int, *cells: tuple[str, float]) -> None:
        """Makes a row high enough for wrapped texts, given with the widths of their columns.

        Not every spreadsheet program does so by itself. In constant memory it must come before the row's cells.
        """
        lines = max(sum(ceil(len(line) / width) or 1 for line in text.split("\n")) for text, width in cells)
        self._worksheet.set_row(row, min(15 * lines + 1, _HIGHEST_ROW))

    def finish(self, columns: int, last_row: int) -> None:
        """Freezes the heading row, lets people filter, and prints wide pages that repeat the headings."""
        sheet = self._worksheet
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last_row, columns - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_rowcol_to_cell_fast(last_row, columns - 1)}"})
        sheet.repeat_rows(0)
        self.print_across()

    def print_across(self) -> None:
        self._worksheet.set_landscape()
        self._worksheet.set_paper(9)  # A4
        self._worksheet.fit_to_pages(1, 0)

    def hide_well(self) -> None:
        """Very hidden: the sheet does not stand in the program's list of hidden sheets."""
        self._worksheet.very_hidden()


class Book:
    """A workbook that is being written in memory; large ones go to a file in constant memory (see `streamed`)."""

    def __init__(self, made: datetime | None = None, *, to: Path | None = None, workspace: str | None = None) -> None:
        self._bytes = BytesIO()
        how = {"constant_memory": True, "tmpdir": workspace} if to else {"in_memory": True}
        self._workbook = Workbook(str(to) if to else self._bytes, how)
        self._workbook.use_zip64()  # only a sheet of two thousand million bytes is written otherwise for it
        made = made if made and made.year > 1979 else _MADE  # the moment may come from a stamp that people can edit
        self._workbook.set_properties({"author": AUTHOR, "created": made.astimezone(UTC)})
        self._formats: dict[Look, Any] = {}
        self._of_same: dict[int, tuple[Look, Any]] = {}  # the very same look is found without comparing it

    def sheet(self, name: str) -> Sheet:
        return Sheet(self, self._workbook.add_worksheet(name, worksheet_class=_Worksheet))

    def format(self, look: Look) -> Any:
        same = self._of_same.get(id(look))
        if same is not None and same[0] is look:
            return same[1]
        known = self._formats.get(look)
        if known is None:
            known = self._formats[look] = self._workbook.add_format(look.properties())
        if len(self._of_same) < _LOOKS_AT_HAND:
            self._of_same[id(look)] = (look, known)
        return known

    def close(self) -> bytes:
        """Finishes the book; its bytes when it was written in memory, else none."""
        self._workbook.close()
        return self._bytes.getvalue()

    def abandon(self) -> None:
        """Lets go of the files of a book that is not to be finished."""
        for worksheet in self._workbook.worksheets():
            worksheet._opt_close()


@contextmanager
def streamed(to: Path, made: datetime | None = None) -> Iterator[Book]:
    """A book that goes to a file in constant memory; the rows of each sheet must come in order.

    Its scratch files stand beside the file and never outlive it; the file appears when it is whole, or not at all.
    """
    with TemporaryDirectory(prefix=".writing-", dir=to.parent) as workspace:
        whole = Path(workspace, to.name)
        book = Book(made, to=whole, workspace=workspace)
        try:
            yield book
            book.close()
        except BaseException:
            book.abandon()
            raise
        whole.chmod(0o600)  # large exports hold personal data
        whole.replace(to)


def _suited(look: Look, value: Value) -> Look:
    if isinstance(value, str):
        return replace(look, quoted=True) if looks_like_formula(value) else look
    if isinstance(value, date) and is_date_cell(value):
        wanted = MOMENT_FORMAT if isinstance(value, datetime) else DATE_FORMAT
        return look if look.number_format == wanted else replace(look, number_format=wanted)
    if isinstance(value, int | float | Decimal) and look.number_format in {DATE_FORMAT, MOMENT_FORMAT}:
        return replace(look, number_format=GENERAL)
    return look
