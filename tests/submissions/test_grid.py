"""The grid of organisations and months, and its files. Today is 22 November 2026."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import event

from app.core.errors import Refused
from app.organisations import service as organisations
from app.periods.calendar import Period
from app.returns.models import Lifecycle, Outcome
from app.submissions import grid, grid_files
from app.submissions.grid import WORDS, Narrowing, Row
from app.submissions.rules.state import State
from tests.submissions.test_submissions import AFTER, BEFORE, NOVEMBER, OCTOBER, SEPTEMBER, World, world

__all__ = ["world"]

TODAY = date(2026, 11, 22)
MONTHS = [SEPTEMBER, OCTOBER, NOVEMBER]


@pytest.fixture
def mixed(world: World) -> World:
    """AAA was on time and then late, BBB sent a nil, CCC is excused once, DDD sent a nil late, EEE owes nothing."""
    world.sends("AAA", BEFORE.replace(month=10, day=5), SEPTEMBER)
    world.sends("AAA", AFTER)
    world.sends("BBB", BEFORE, outcome=Outcome.NIL)
    world.excused("CCC")
    world.sends("DDD", AFTER, outcome=Outcome.NIL)
    return world


def shown(world: World, scope: frozenset[str] | None = None) -> list[Row]:
    return grid.rows(world.db, scope, MONTHS)


def words(row: Row) -> list[str]:
    return [WORDS[cell.state] if cell else "closed" for cell in row.cells]


def test_every_state_has_its_word():
    assert set(WORDS) == set(State)


def test_each_month_of_each_organisation_that_owes_has_its_word(mixed: World):
    assert {row.code: words(row) for row in shown(mixed)} == {
        "AAA": ["On time", "Late", "Not due"],
        "BBB": ["Missing", "Nil", "Not due"],
        "CCC": ["Missing", "Excused", "Not due"],
        "DDD": ["Missing", "Nil late", "Not due"],
    }


def test_rows_and_months_are_added_up_over_what_is_due_or_received_less_what_is_excused(mixed: World):
    rows = shown(mixed)
    assert {row.code: (row.count.received, row.count.owed, row.count.on_time) for row in rows} == {
        "AAA": (2, 2, 1),
        "BBB": (1, 2, 1),
        "CCC": (0, 1, 0),
        "DDD": (1, 2, 0),
    }
    months = grid.by_month(rows, len(MONTHS))
    assert [(one.received, one.owed, one.rate) for one in months] == [(1, 4, 0.25), (3, 3, 1.0), (0, 0, None)]
    assert grid.in_all(months) == grid.in_all(row.count for row in rows) == grid.Count(7, 4, 2)


def test_who_owes_nothing_stands_in_the_grid_only_for_a_smaller_scope_or_when_something_was_sent(mixed: World):
    assert "EEE" not in [row.code for row in shown(mixed)]
    assert [words(row) for row in shown(mixed, frozenset({"EEE"}))] == [["Not owed"] * 3]
    mixed.sends("EEE")
    assert [words(row) for row in shown(mixed) if row.code == "EEE"] == [["Not owed"] * 3]


def test_nobody_sees_rows_beyond_their_scope(mixed: World):
    assert [row.code for row in shown(mixed, frozenset({"BBB"}))] == ["BBB"]
    assert shown(mixed, frozenset()) == []


def test_a_month_after_the_last_open_day_is_empty(mixed: World):
    organisations.import_csv(mixed.db, None, "code,close_date\nDDD,2026-10-31\n")
    assert [words(row) for row in shown(mixed) if row.code == "DDD"] == [["Missing", "Nil late", "closed"]]


@pytest.mark.parametrize(
    ("narrowing", "codes"),
    [
        (Narrowing(), ["AAA", "BBB", "CCC", "DDD"]),
        (Narrowing(region="London"), ["AAA", "DDD"]),
        (Narrowing(nation="Wales"), ["CCC"]),
        (Narrowing(lpm="PAT@lpm.example"), ["AAA", "BBB"]),
        (Narrowing(state=State.SUBMITTED_LATE), ["AAA"]),
        (Narrowing(state=State.NOT_DUE, lpm="pat"), ["AAA", "BBB"]),
        (Narrowing(gaps=True), ["BBB", "CCC", "DDD"]),
        (Narrowing(search=" trust   b"), ["BBB"]),
        (Narrowing(search="ccc"), ["CCC"]),
        (Narrowing(search="%"), []),
        (Narrowing(region="Nowhere"), []),
    ],
)
def test_the_grid_is_narrowed(mixed: World, narrowing: Narrowing, codes: list[str]):
    assert [row.code for row in shown(mixed) if narrowing.takes(row)] == codes


@pytest.mark.parametrize(
    ("first", "last", "span"),
    [
        ("", "", ("2025-11", "2026-10")),
        ("2026-09", "2026-11", ("2026-09", "2026-11")),
        ("", "2026-03", ("2025-04", "2026-03")),
        ("2026-08", "", ("2026-08", "2026-10")),
        ("2026-11", "", ("2026-11", "2026-11")),
        ("2020-01", "", ("2020-01", "2021-12")),
        ("2024-12", "2026-11", ("2024-12", "2026-11")),
    ],
)
def test_without_words_the_grid_shows_the_year_up_to_the_month_that_ended_last(first: str, last: str, span: object):
    found = grid.months(first, last, TODAY)
    assert (str(found[0]), str(found[-1])) == span


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-11", "2026-10", "Swap"),
        ("2024-11", "2026-11", "at most 24"),
        ("x", "", "not a month"),
        ("", "y", "not a"),
    ],
)
def test_months_that_make_no_sense_are_refused(first: str, last: str, said: str):
    with pytest.raises(Refused, match=said):
        grid.months(first, last, TODAY)


def test_the_files_hold_the_words_and_numbers_of_the_page(mixed: World):
    rows = shown(mixed)
    told = list(csv.reader(io.StringIO(grid_files.csv_file(rows, MONTHS).decode("utf-8-sig"))))
    assert told[0] == [
        "Code", "Organisation", "Nation", "Region", "Local Partnership Manager", "September 2026", "October 2026",
        "November 2026", "Owed", "Received", "On time", "Rate",
    ]  # fmt: skip
    assert told[2] == [
        "BBB",
        "Trust BBB",
        "England",
        "South West",
        "pat",
        "Missing",
        "Nil",
        "Not due",
        "2",
        "1",
        "1",
        "0.5",
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(grid_files.workbook(rows, MONTHS))).active
    assert sheet is not None
    cells = [["" if value is None else value for value in line] for line in sheet.iter_rows(values_only=True)]
    assert cells[0] == told[0]
    assert [[str(value) for value in line] for line in cells[1:]] == told[1:]
    assert (sheet["L3"].number_format, sheet.freeze_panes) == ("0%", "A2")


def test_nothing_in_the_files_is_a_formula(world: World):
    world.organisation("FFF", region="+1")
    world.owes("FFF", begins=OCTOBER)
    world.lpm('=HYPERLINK("x")@lpm.example', "FFF")
    rows = grid.rows(world.db, frozenset({"FFF"}), [OCTOBER])
    assert ",'+1," in grid_files.csv_file(rows, [OCTOBER]).decode()
    assert "'=HYPERLINK" in grid_files.csv_file(rows, [OCTOBER]).decode()
    sheet = openpyxl.load_workbook(io.BytesIO(grid_files.workbook(rows, [OCTOBER]))).active
    assert sheet is not None
    assert {cell.data_type for cell in sheet[2]} == {"s", "n"}


def test_files_of_an_empty_grid_have_their_headings(world: World):
    assert grid_files.csv_file([], [OCTOBER]).decode().count("\n") == 1
    assert openpyxl.load_workbook(io.BytesIO(grid_files.workbook([], [OCTOBER]))).active is not None


def test_a_withdrawn_return_leaves_a_gap(world: World):
    world.sends("AAA", lifecycle=Lifecycle.WITHDRAWN)
    assert words(shown(world)[0]) == ["Missing", "Missing", "Not due"]


def test_the_number_of_queries_does_not_grow_with_organisations_or_months(world: World):
    def queries(months: int) -> int:
        counted: list[str] = []
        engine = world.db.get_bind()
        listener = lambda *arguments: counted.append(arguments[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        grid.rows(world.db, None, list(Period.span(OCTOBER.plus(1 - months), OCTOBER)))
        event.remove(engine, "before_cursor_execute", listener)
        return len(counted)

    few = queries(1)
    for number in range(30):
        world.organisation(f"X{number}")
    world.owes(*(f"X{number}" for number in range(30)))
    assert queries(24) == few <= 8
