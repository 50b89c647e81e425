"""Every rule has a row or a file in sample_returns that breaks it, and every sample does what it is said to do."""

import io
from collections.abc import Iterator
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlmodel import update

from app.core.db import Database
from app.core.spreadsheet.reading import readers
from app.organisations import service as organisations
from app.organisations.models import Organisation
from app.periods.calendar import Period
from app.policy.tables import load
from app.returns import offline
from app.returns.parsing import parse
from app.returns.reading import Sheet, read
from app.returns.rules.context import context_for
from app.returns.rules.engine import RULES, Scope
from sample_returns import make, rows
from sample_returns.make import FOLDER, IGNORED_HEADING, KEPT, MADE, REFUSED
from tests.returns.conftest import MakeTrust, Trust

MONTH = Period.parse(rows.PERIOD)
SAME_AS_CLEAN = ["messy_but_fine.xlsx", "old_format.xls", "open_document.ods", "plain.csv"]


def sample(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def refused(data: bytes) -> list[str]:
    """The codes with which RJ1's file for October 2026 is refused on the day the tests live in, 22 November."""
    return [finding.code for finding in offline.check(data, rows.ORGANISATION, MONTH).refusal]


@pytest.mark.parametrize("name", MADE)
def test_every_file_is_what_the_script_makes(name: str):
    assert sample(name) == MADE[name](), "Run python -m sample_returns.make."


def test_every_file_is_made_by_the_script_or_kept_with_its_reason_and_explained():
    there = {file.name for file in FOLDER.iterdir() if file.is_file() and file.suffix != ".py"}
    assert there == MADE.keys() | KEPT.keys() | {"README.md"}
    explained = (FOLDER / "README.md").read_text()
    assert [name for name in there - {"README.md"} if f"`{name}`" not in explained] == []


def test_every_rule_has_a_row_or_a_file_that_breaks_it():
    of_rows = {code for case in rows.EVERY_RULE for code in case.codes} | {"W04"}
    of_files = {*REFUSED.values(), "F03", "F11"}  # too large to keep; not to be kept: see tests/core/test_scanning.py
    assert of_rows == {code for code, rule in RULES.items() if rule.scope is not Scope.FILE} | {"W04"}
    assert of_files == {code for code, rule in RULES.items() if rule.scope is Scope.FILE} - {"W04"}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_to_be_refused_is_refused_for_its_reason_and_no_other(name: str):
    assert refused(sample(name)) == [REFUSED[name]]


def test_a_file_too_large_to_keep_is_refused_for_its_size():
    assert refused(make.too_large()) == ["F03"]


def test_the_clean_return_is_taken_whole_and_nothing_is_found():
    found = offline.check(sample("clean.xlsx"), None, None)
    assert found.assessment is not None
    assert found.assessment.findings() == []
    assert found.assessment.counts()["new"] == len(rows.CLEAN)


@pytest.mark.parametrize("name", SAME_AS_CLEAN)
def test_other_formats_and_a_messy_table_say_the_same_as_the_clean_return(name: str):
    assert refused(sample(name)) == []
    assert values(sample(name)) == values(sample("clean.xlsx"))


def values(data: bytes) -> list[tuple[object, ...]]:
    policy = load(None)
    sheet = read(data, readers(), policy, 10)
    assert isinstance(sheet, Sheet)
    context = context_for(policy, rows.PERIOD, MONTH.last_day, rows.SENT_ON)
    found = parse(sheet.rows, sheet.place, context)
    assert [finding for row in found for finding in row.findings] == []
    return [tuple(row.value(column.key) for column in make.COLUMNS) for row in found]


def test_the_second_sheet_says_which_code_each_row_must_raise():
    book = load_workbook(io.BytesIO(sample("every_rule.xlsx")))
    told = [tuple(cell or "" for cell in line) for line in book["Expected"].iter_rows(values_only=True)]
    assert told == [tuple(line) for line in make.expected(rows.EVERY_RULE)]
    assert book["Return"].max_row == len(rows.EVERY_RULE) + 1


def test_without_a_register_every_row_raises_what_it_is_said_to_unless_it_needs_one():
    found = offline.check(sample("every_rule.xlsx"), None, None).assessment
    assert found is not None
    raised = {one.row.number: tuple(finding.code for finding in one.row.findings) for one in found.judged}
    said = {number: () if case.needs else case.codes for number, case in enumerate(rows.EVERY_RULE, 2)}
    assert raised == said
    ignored = [finding for finding in found.findings() if finding.code == "W04"]
    assert [finding.column for finding in ignored] == [IGNORED_HEADING]


@pytest.fixture
def trusts(database: Database) -> Iterator[MakeTrust]:
    with database.writing() as db:
        organisations.load_shipped(db, None)
    yield MakeTrust(database)


def merge(database: Database) -> None:
    """From 20 November RJ1 answers for what RYJ reported."""
    with database.writing() as db:
        takes_over = update(Organisation).where(Organisation.code == rows.PREDECESSOR)
        db.execute(takes_over.values(successor_code=rows.ORGANISATION, successor_from=date(2026, 11, 20)))


def taken(trust: Trust, name: str, period: str) -> dict[int, tuple[str, list[str]]]:
    got = trust.send(sample(name), period=period, on="2026-11-22").return_
    assert got is not None
    return trust.results(got)


def test_with_the_register_of_a_merged_trust_every_row_raises_what_it_is_said_to(trusts: MakeTrust):
    predecessor, rj1 = trusts(rows.PREDECESSOR), trusts(rows.ORGANISATION, rows.PREDECESSOR)
    before = taken(predecessor, "every_rule_predecessor.xlsx", rows.EARLIER_PERIOD)
    before |= taken(rj1, "every_rule_first.xlsx", rows.EARLIER_PERIOD)
    assert set(map(str, before.values())) == {"('new', [])"}
    merge(trusts.database)
    raised = taken(rj1, "every_rule.xlsx", rows.PERIOD)
    said = {number: list(case.codes) for number, case in enumerate(rows.EVERY_RULE, 2)}
    assert {number: codes for number, (_, codes) in raised.items()} == said
    rejected = {number for number, (result, _) in raised.items() if result == "rejected"}
    assert rejected == {number for number, codes in said.items() if any(code[0] == "R" for code in codes)}


def test_corrections_after_the_clean_return_do_what_they_say(trusts: MakeTrust):
    rj1 = trusts(rows.ORGANISATION)
    assert {result for result, _ in taken(rj1, "clean.xlsx", rows.PERIOD).values()} == {"new"}
    corrected = taken(rj1, "corrections.xlsx", rows.PERIOD)
    said = {number: (case.result, []) for number, case in enumerate(rows.CORRECTIONS, 2)}
    assert corrected == said
