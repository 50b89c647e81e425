"""A file is read and judged many rows at a time; each row must come out as it would alone."""

import pytest

from app.core.spreadsheet.packing import DATE, ERROR, FORMULA, TEXT, WITHHELD, Packed, is_blank
from app.return_template.columns import COLUMNS, Column, Kind
from app.returns.parsing import parse
from app.returns.rules import cells
from app.returns.rules.plain_cells import shortcuts
from tests.naughty import NAUGHTY
from tests.returns.rules.building import PLACE, POLICY, context, judged, person

TEXTS = (
    *NAUGHTY, "", " ", "  A 1 ", "A1", "-", "--", "N/A", "unknown", "Ward 7B", "Ward Road", "hiv", "h.i.v.", "A & E",
    "1 Example Street", "Chemotherapy unit", "x" * 20, "x" * 21, "x" * 41, "x" * 251, "\u00a0B2\u200b", "a\nb", "a\tb", "\x7f",
    "1.23457E+15", "+44", "27/03/1985", "1985-03-27", "31/02/2026", "£12.50", "12.505", "Nigeria", "Yes", "no", "Female", "Debt repaid",
    f"{DATE}1985-03-27", f"{DATE}1985-03-27T10:30:00", f"{ERROR}#N/A", FORMULA, f"{WITHHELD}abc", f"{TEXT}\0d",
)  # fmt: skip
NUMBERS = (0.0, -0.0, 0.005, 0.01, 12.5, 0.29, 1.15, 4.35, 1250.0, 1e5 / 3, 5e6, 5e6 + 0.01, -5.0, 2.0**53, 1e300)
OF_EVERY_KIND: tuple[Packed, ...] = (None, True, False, 0, 1, 12, *TEXTS, *NUMBERS)


@pytest.mark.parametrize("column", COLUMNS, ids=[column.key for column in COLUMNS])
@pytest.mark.parametrize("given", [TEXTS, NUMBERS], ids=["texts", "numbers"])
def test_the_short_way_gives_what_the_reader_of_the_cell_gives(column: Column, given: tuple[Packed, ...]):
    at = COLUMNS.index(column)
    reader, short = cells.readers(POLICY)[at], shortcuts(POLICY)[at]
    if short is None or not isinstance(given[0], short[0]):
        assert column.kind in (Kind.CHOICE, Kind.COUNTRY) or short is not None
        return
    values = short[1](set(given))
    assert values, "at least some of these are plain"
    for cell, value in values.items():
        assert value == (None if is_blank(cell) else reader(cell)), cell


@pytest.mark.parametrize("kinds", [OF_EVERY_KIND, TEXTS, NUMBERS], ids=["mixed", "texts", "numbers"])
def test_a_row_is_read_in_a_file_as_it_is_alone(kinds: tuple[Packed, ...]):
    rows = [(number, [kinds[(number * 7 + at * 5) % len(kinds)] for at in range(len(COLUMNS))])
            for number in range(2, 2 + 2 * len(kinds))]  # fmt: skip
    together = parse(rows, PLACE, context())
    assert together == [parse([one], PLACE, context())[0] for one in rows]
    assert any(row.findings for row in together)


def test_a_row_is_judged_in_a_file_as_it_is_alone():
    odd = [
        {}, {"sex": None}, {"sex": "it"}, {"sex": None}, {"nationality": "France"}, {"nationality": "XXB"}, {},
        {"nationality": "GBN"}, {"nationality": "Ireland"}, {"invoice_date": "1/11/2026"}, {"invoice_date": "1/1/2009"},
        {"invoice_date": "1/1/2019"}, {"invoice_date": "no day"}, {"nationality": "Utopia"}, {"uk_address": None},
        {"uk_postcode": "12"}, {"date_of_birth": "1/1/1850"}, {"date_of_birth": "2/2/1920"}, {"status": "Debt repaid"}, {},
    ]  # fmt: skip
    rows = [person(f"{number}", **changes) for number, changes in enumerate((*odd, *reversed(odd)))]
    for number, one in enumerate(judged(*rows)):
        alone = judged(rows[number], first_row=number + 2)[0]
        assert (one.result, one.row.findings) == (alone.result, alone.row.findings)
