"""The return workbook, blank or prefilled, made from the columns; the rejection workbook builds on the same sheet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import zip_longest

from app.core.spreadsheet.writing import (
    DATE_FORMAT,
    MONEY_FORMAT,
    TEXT_FORMAT,
    Book,
    Check,
    Look,
    Sheet,
    column_name,
    fits_in_a_list,
)
from app.return_template import guidance
from app.return_template.columns import Column, Kind, columns_on
from app.return_template.stamp import ABOUT, Stamp

Value = str | date | Decimal | None

RETURN, GUIDANCE, LISTS = "Return", "Guidance", "Lists"
CHECKED_ROWS = 20_000  # as far down as prompts, lists and tints reach; the service takes as many rows

MISSING = Look(fill="FFF2CC")
_HEADING = Look(bold=True, wrap=True, ink="FFFFFF", fill="005EB8")
_HEADING_OPTIONAL = Look(bold=True, wrap=True, ink="212B32", fill="D2E2F1")
_HEADING_OURS = Look(bold=True, wrap=True, ink="212B32", fill="E8EDEE")
_TITLE, _STRONG, _WORDS = Look(bold=True, size=14), Look(bold=True, wrap=True), Look(TEXT_FORMAT, wrap=True)
_FORMATS = {Kind.DATE: DATE_FORMAT, Kind.MONEY: MONEY_FORMAT}
_GUIDANCE_WIDTHS = (30.0, 72.0, 26.0, 28.0, 24.0, 34.0)
_WIDTHS = {Kind.DATE: 13, Kind.MONEY: 14, Kind.COUNTRY: 18}


@dataclass(frozen=True)
class Ours:
    """A column that we add to the template's: its heading, its width, how its cells look."""

    heading: str
    width: float
    look: Look


@dataclass(frozen=True)
class ReturnSheet:
    """The sheet with its headings written: where each column stands (from 0), how its cells look, and the words
    of the drop-down lists that stand on a sheet of their own."""

    sheet: Sheet
    places: Mapping[str, int]
    looks: Mapping[str, Look]
    long_lists: Sequence[Sequence[str]]


def template(
    stamp: Stamp,
    rows: Sequence[Mapping[str, Value]] = (),
    *,
    on: date,
    help_lines: Sequence[str] = (),
    countries: Sequence[str] = (),
) -> bytes:
    """The workbook as it stands on a day, prefilled with rows (by column key; choices as labels, money as Decimal).

    `countries` are offered as a list for the nationality; other entries stay possible.
    """
    book = Book(made=stamp.downloaded_at)
    page = return_sheet(book, on, filled=len(rows), countries=countries)
    for number, row in enumerate(rows, start=1):
        for key, place in page.places.items():
            if (value := row.get(key)) not in (None, ""):
                page.sheet.put(number, place, value, page.looks[key])
    finish(book, page, stamp, on=on, help_lines=help_lines)
    return book.close()


def return_sheet(
    book: Book,
    on: date,
    *,
    filled: int,
    before: Sequence[Ours] = (),
    after: Sequence[Ours] = (),
    countries: Sequence[str] = (),
) -> ReturnSheet:
    """Adds the sheet `Return`: headings, prompts, checks, lists, tints. `filled` is the number of rows to come."""
    columns = list(columns_on(on))
    page = ReturnSheet(
        book.sheet(RETURN),
        {column.key: place for place, column in enumerate(columns, start=len(before))},
        {column.key: Look(_FORMATS.get(column.kind, TEXT_FORMAT)) for column in columns},
        [words for column in columns if not fits_in_a_list(words := _words(column, countries))],
    )
    rows = (1, max(CHECKED_ROWS, filled))
    for place, ours in [*enumerate(before), *enumerate(after, start=len(before) + len(columns))]:
        page.sheet.column(place, ours.width, ours.look)
        page.sheet.put(0, place, ours.heading, _HEADING_OURS)
    page.sheet.fit(0, ("\n\n\n", 10))
    for column in columns:
        place = page.places[column.key]
        page.sheet.column(place, _width(column), page.looks[column.key])
        page.sheet.put(0, place, column.heading, _HEADING if column.required else _HEADING_OPTIONAL)
        page.sheet.check(place, rows, _check(column, _source(page, _words(column, countries))))
        if condition := _missing(column, page.places):
            page.sheet.tint_when(place, rows, condition, MISSING)
    page.sheet.finish(len(before) + len(columns) + len(after), rows[1])
    return page


def finish(book: Book, page: ReturnSheet, stamp: Stamp, *, on: date, help_lines: Sequence[str] = ()) -> None:
    """Adds the sheets that follow `Return`: the guidance, the hidden stamp and the hidden lists."""
    _guidance_sheet(book, on, help_lines or guidance.WHERE_TO_GET_HELP)
    about = book.sheet(ABOUT)
    about.hide_well()
    for number, line in enumerate(stamp.to_about()):
        about.put_row(number, line, Look(TEXT_FORMAT))
    if page.long_lists:
        lists = book.sheet(LISTS)
        lists.hide_well()
        for number, words in enumerate(zip_longest(*page.long_lists)):
            lists.put_row(number, words, Look(TEXT_FORMAT))


def _words(column: Column, countries: Sequence[str]) -> Sequence[str]:
    """The words of a column's drop-down list, none if it has no list."""
    if column.kind is Kind.COUNTRY:
        return tuple(countries)
    return tuple(choice.label for choice in column.choices or ())


def _source(page: ReturnSheet, words: Sequence[str]) -> Sequence[str] | str:
    """The list's words if they fit into the check, else where they stand on the sheet of lists."""
    if words not in page.long_lists:
        return words
    name = column_name(page.long_lists.index(words))
    return f"={LISTS}!${name}$1:${name}${len(words)}"


def _check(column: Column, words: Sequence[str] | str) -> Check:
    """Choices are firm; other entries are asked about, since reading is more forgiving than a spreadsheet program."""
    prompt = f"{guidance.needed(column)}. {column.prompt}"
    if column.kind is Kind.DATE:
        trouble = "This is not a date from 1900 on. Enter it as day, month, year, for example 27/03/1985."
        return Check("date", column.heading, prompt, trouble=trouble)
    if column.kind is Kind.MONEY:
        trouble = "This is not an amount. Enter pounds and pence in figures, for example 2550.00."
        return Check("money", column.heading, prompt, trouble=trouble)
    if column.kind is Kind.CHOICE:
        trouble = "This is not in the list. Choose one of the list, or press Escape to undo."
        return Check("list", column.heading, prompt, choices=words, trouble=trouble, strictness="stop")
    if column.kind is Kind.COUNTRY:
        return Check("list" if words else "any", column.heading, prompt, choices=words, strictness="none")
    trouble = f"This is longer than {column.limit} characters. Shorten it."
    return Check("length", column.heading, prompt, limit=column.limit or 0, trouble=trouble)


def _missing(column: Column, places: Mapping[str, int]) -> str | None:
    """When a cell is still missing, as a formula about the first row: empty in a row that holds something."""
    empty = f"LEN(TRIM(${column_name(places[column.key])}2))=0"
    if column.key in guidance.NOT_NEEDED_WHEN:
        other, value = guidance.NOT_NEEDED_WHEN[column.key]
        cell = f"${column_name(places[other])}2"
        return f'AND({empty},LEN(TRIM({cell}))>0,{cell}<>"{value.label}")'
    if not column.required:
        return None
    first, last = column_name(min(places.values())), column_name(max(places.values()))
    return f"AND({empty},COUNTA(${first}2:${last}2)>0)"


def _width(column: Column) -> float:
    if column.kind in _WIDTHS:
        return _WIDTHS[column.kind]
    longest = max((len(choice.label) for choice in column.choices or ()), default=column.limit or 0)
    return min(max(longest + 2, 12), 32)


def _guidance_sheet(book: Book, on: date, help_lines: Iterable[str]) -> None:
    sheet = book.sheet(GUIDANCE)
    for place, width in enumerate(_GUIDANCE_WIDTHS):
        sheet.column(place, width, _WORDS)
    row = _section(sheet, 0, "How to fill in", guidance.HOW_TO_FILL_IN)
    sheet.put_row(row, ("Column", "What to enter", "Needed", "Form", "Example", "Choose from"), _HEADING)
    for entry in guidance.entries(on):
        row += 1
        cells = (entry.heading, entry.what, entry.needed, entry.form, entry.example, "\n".join(entry.choices))
        sheet.fit(row, *zip(cells, _GUIDANCE_WIDTHS, strict=True))
        for place, words in enumerate(cells):
            sheet.put(row, place, words, _WORDS if place else _STRONG)
    row = _section(sheet, row + 2, "Declaration", guidance.DECLARATION)
    _section(sheet, row, "Where to get help", help_lines)
    sheet.print_across()


def _section(sheet: Sheet, row: int, title: str, lines: Iterable[str]) -> int:
    """A title with lines beside it; gives the row after the next one."""
    sheet.put(row, 0, title, _TITLE)
    for line in lines:
        sheet.fit(row, (line, _GUIDANCE_WIDTHS[1]))
        sheet.put(row, 1, line, _WORDS)
        row += 1
    return row + 1
