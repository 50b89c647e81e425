"""Which sheet, which row holds the headings, and which rows hold data: every row of the file is accounted for."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.spreadsheet.builders import HEADINGS, sheet_xml, xlsx, xlsx_parts, zipped
from tests.core.spreadsheet.conftest import Asking

DATA = ["1", None, 12.5, "Okafor"]
OTHER = [["Column", "What it is"], ["Invoice number", "Your own number"]]


def test_case_spacing_and_order_of_headings_do_not_matter(file: Asking) -> None:
    headings = ["  FAMILY name ", "amount", "invoice-number", "Invoice  Date"]
    assert file.read(xlsx({"Sheet1": [headings, DATA]})).heading_row == 1


def test_headings_may_stand_below_a_title(file: Asking) -> None:
    reading = file.read(xlsx({"Return": [["NHS debtors, October"], [], HEADINGS, DATA]}))
    assert (reading.heading_row, reading.headings, [number for number, _ in reading.rows]) == (3, HEADINGS, [4])


def test_headings_may_stand_in_row_10_and_no_lower(file: Asking) -> None:
    assert file.read(xlsx({"Return": [*[["title"]] * 9, HEADINGS, DATA]})).heading_row == 10
    assert file.read(xlsx({"Return": [*[["title"]] * 10, HEADINGS, DATA]})).heading_row == 0


def test_without_a_heading_that_we_know_the_first_likely_row_is_shown(file: Asking) -> None:
    reading = file.read(xlsx({"Return": [["A title"], ["Debt", "Person"], ["1", "2"]]}))
    assert (reading.heading_row, reading.headings, reading.rows) == (0, ["Debt", "Person"], [])


def test_merged_headings_above_the_real_ones_are_passed_over(file: Asking) -> None:
    xml = sheet_xml([["The invoice", None, None, "Invoice date"], HEADINGS, DATA])
    xml = xml.replace("</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:C1"/></mergeCells>')
    assert file.read(zipped(xlsx_parts({"Return": xml}))).heading_row == 2


def test_the_sheet_called_return_goes_before_another_with_the_headings(file: Asking) -> None:
    assert file.read(xlsx({"Old": [HEADINGS[:1], ["1"]], " RETURN ": [HEADINGS, DATA]})).sheet == " RETURN "


def test_without_a_sheet_called_return_the_one_with_most_headings_is_read(file: Asking) -> None:
    reading = file.read(xlsx({"Guidance": OTHER, "Sheet7": [HEADINGS, DATA]}))
    assert (reading.sheet, reading.rival) == ("Sheet7", None)


def test_a_hidden_sheet_counts_too(file: Asking) -> None:
    data = xlsx({"Notes": OTHER, "Debts": [HEADINGS, DATA]}, states={"Debts": "hidden"})
    assert file.read(data).sheet == "Debts"


def test_rows_pasted_beside_an_empty_return_sheet_are_found(file: Asking) -> None:
    reading = file.read(xlsx({"Return": [HEADINGS], "Sheet1": [HEADINGS, DATA]}))
    assert (reading.sheet, reading.rival, len(reading.rows)) == ("Sheet1", None, 1)


def test_two_sheets_with_data_are_named_so_that_nothing_is_left_out_unsaid(file: Asking) -> None:
    reading = file.read(xlsx({"Return": [HEADINGS, DATA], "October": [HEADINGS, DATA]}, states={"October": "hidden"}))
    assert (reading.sheet, reading.rival) == ("Return", "October")


def test_a_second_sheet_with_headings_and_no_data_is_no_rival(file: Asking) -> None:
    assert file.read(xlsx({"Return": [HEADINGS, DATA], "Blank": [HEADINGS, [None, " \u00a0"]]})).rival is None


def test_the_very_hidden_sheet_about_is_handed_over(file: Asking) -> None:
    about = [["organisation", "RJ1"], ["period", "2026-10"], ["rows", 3], [None, "nothing"], ["alone"]]
    data = xlsx({"Return": [HEADINGS, DATA], "About": about}, states={"About": "veryHidden"})
    assert file.read(data).about == {"organisation": "RJ1", "period": "2026-10", "rows": "3", "alone": ""}


def test_blank_rows_are_counted_and_those_after_the_last_are_not(file: Asking) -> None:
    rows = [HEADINGS, [], DATA, [None, " ", "\u200b"], [], DATA, [], []]
    reading = file.read(xlsx({"Return": rows}))
    assert ([number for number, _ in reading.rows], reading.blank) == ([3, 6], 3)


def test_each_row_starts_at_column_a_and_is_as_wide_as_the_widest(file: Asking) -> None:
    reading = file.read(xlsx({"Return": [[None, *HEADINGS], [None, "1"], [None, *DATA, "extra"]]}))
    assert [row for _, row in reading.rows] == [[None, "1", None, None, None, None], [None, *DATA, "extra"]]


def test_a_row_of_zeros_or_of_no_is_not_blank(file: Asking) -> None:
    assert file.rows(xlsx({"Return": [HEADINGS, [0, 0], ['<c t="b"><v>0</v></c>']]})) == [[0.0, 0.0], [False]]


CELLS = st.sampled_from([None, None, "x", " ", "\u200b", "0", 0, 1.5, '<c t="e"><v>#N/A</v></c>', "<c><f>A1</f></c>"])
SHEETS = st.lists(st.lists(CELLS, max_size=5), max_size=40)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SHEETS, st.integers(0, 9))
def test_every_row_is_read_or_counted_as_blank(file: Asking, rows: list[list[object]], above: int) -> None:
    def holds_something(row: list[object]) -> bool:
        return any(cell not in {None, " ", "\u200b"} for cell in row)

    reading = file.read(xlsx({"Return": [*[["title"]] * above, HEADINGS, *rows]}))
    held = [number for number, row in enumerate(rows, above + 2) if holds_something(row)]
    assert [number for number, _ in reading.rows] == held
    assert reading.blank == (held[-1] - reading.heading_row - len(held) if held else 0)
