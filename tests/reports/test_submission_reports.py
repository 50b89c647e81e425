"""Reports of submissions and rejections: they equal what a counter finds in the tables, and the board reads nobody by name."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from app.accounts.access import COMMAND_LINE, Actor, Grant
from app.accounts.permissions import Role
from app.core.errors import Refused
from app.reports import service
from app.reports.catalogue import REPORTS
from app.reports.service import Read
from app.reports.table import Hidden, Table
from app.returns.models import Outcome, RuleCount
from tests.submissions.test_submissions import AFTER, BEFORE, OCTOBER, SEPTEMBER, World, world

__all__ = ["world"]
BOARD, LPM, TEAM = (Actor("x", "X", (Grant(role),)) for role in (Role.BOARD, Role.LPM, Role.DEBTORS_TEAM))
IN_SEPTEMBER = datetime(2026, 10, 12, 9, tzinfo=UTC)
RATES, REASONS = "submission-rates", "rejection-reasons"


@pytest.fixture
def sent(world: World) -> World:
    """October: AAA sends 40 rows, of which 30 stand; BBB late and wholly rejected; CCC (Wales) one of three back.
    September: AAA 20 rows, all right. DDD has a file refused.
    """
    files = [
        world.sends("AAA", BEFORE, read=40, accepted=30, rejected=10, outcome=Outcome.ACCEPTED_WITH_REJECTIONS),
        world.sends("BBB", AFTER, read=8, rejected=8, outcome=Outcome.REJECTED),
        world.sends("CCC", BEFORE, read=3, accepted=2, rejected=1, outcome=Outcome.ACCEPTED_WITH_REJECTIONS),
        world.sends("AAA", IN_SEPTEMBER, period=SEPTEMBER, read=20, accepted=20),
    ]
    world.refused("DDD", BEFORE)
    marks = [(0, "R02", 7), (0, "R07", 4), (0, "W01", 30), (1, "R02", 8), (2, "R07", 1)]
    for number, code, rows in marks:
        world.db.add(RuleCount(return_id=files[number].id, code=code, rows=rows))
    world.db.flush()
    return world


def read(made: World, slug: str, actor: Actor = COMMAND_LINE, **more: object) -> Read:
    return service.read(made.db, actor, slug, service.asked_for(actor, "2026-10", **more))  # type: ignore[arg-type]


def table(found: Read, key: str) -> Table:
    return next(one for one in found.tables if one.key == key)


def column(of: Table, key: str) -> dict[str, object]:
    return {row.name: row.values[key] for row in (*of.rows, *filter(None, [of.total]))}


def test_returns_are_counted_by_month_nation_region_and_organisation(sent: World):
    found = read(sent, RATES)
    assert column(table(found, "months"), "received")["October 2026"] == 2
    assert column(table(found, "by_nation"), "owed") == {"England": 6, "Wales": 2, "All": 8}
    assert column(table(found, "by_region"), "received") == {"London": 2, "South West": 0, "Wales": 1, "All": 3}
    assert column(table(found, "by_organisation"), "received")["Trust AAA"] == 2
    assert column(table(found, "by_lpm"), "received") == {"No LPM": 1, "pat": 2}
    assert column(table(found, "rows_by_nation"), "rows_wrong") == {"England": 18, "Wales": 1, "All": 19}


def test_what_went_back_equals_an_independent_count(sent: World):
    found = read(sent, REASONS)
    counted = sent.db.execute(text("SELECT sum(read), sum(rejected) FROM returns WHERE lifecycle = 'submitted'")).one()
    total = table(found, "by_month").total
    assert total is not None and (total.values["read"], total.values["rejected"]) == tuple(counted)
    by_rule = {
        code: rows
        for code, rows in sent.db.execute(
            text("SELECT code, sum(rows) FROM rule_counts WHERE code LIKE 'R%' GROUP BY code")
        )
    }
    assert {name[:3]: rows for name, rows in column(table(found, "by_rule"), "rows").items()} == by_rule
    assert column(table(found, "by_organisation"), "rejected") == {
        "Trust AAA": 10, "Trust BBB": 8, "Trust CCC": 1, "All": 19,
    }  # fmt: skip
    assert list(column(table(found, "refused_files"), "files").values()) == [1, 1]
    assert column(table(found, "often"), "R02")["October 2026"] == 15


def test_the_board_and_the_auditor_read_no_single_organisation_that_sends_returns(sent: World):
    auditor = Actor("x", "X", (Grant(Role.AUDITOR),))
    for actor in (BOARD, auditor):
        for slug in (RATES, REASONS):
            found = read(sent, slug, actor)
            assert not [row for each in found.tables for row in each.rows if row.code or row.name.startswith("Trust")]
            assert not {"by_organisation", "by_lpm", "rows_by_organisation"} & {each.key for each in found.tables}


def test_a_board_that_is_also_a_trust_reads_no_other_trust_by_name(sent: World):
    both = Actor("x", "X", (Grant(Role.BOARD), Grant(Role.TRUST, "AAA", frozenset({"AAA"}))))
    assert "by_organisation" not in {each.key for each in read(sent, RATES, both).tables}


def test_a_manager_reads_every_organisations_submissions_but_no_row_that_stands_for_few_people(sent: World):
    found = read(sent, REASONS, LPM)
    rejected = column(table(found, "by_organisation"), "rejected")
    assert rejected["Trust CCC"] == Hidden.FEW and rejected["Trust AAA"] != 10
    assert column(table(read(sent, RATES, LPM), "by_organisation"), "owed")["Trust AAA"] == 2


def test_of_one_nation_protected_readers_are_told_of_returns_and_of_no_row(sent: World):
    for slug in (RATES, REASONS):
        found = read(sent, slug, BOARD, nation="Wales")
        assert found.without_people
        assert all(one.behind is None for each in found.tables for one in each.columns)
    assert column(table(read(sent, RATES, BOARD, nation="Wales"), "months"), "received")["October 2026"] == 1
    assert not read(sent, RATES, COMMAND_LINE, nation="Wales").without_people


@pytest.mark.parametrize("report", [one for one in REPORTS if not one.tells_of_nobody], ids=lambda one: one.slug)
def test_what_is_about_people_alone_is_not_told_of_a_part_to_protected_readers(sent: World, report):
    for part in ({"nation": "Wales"}, {"region": "London"}):
        with pytest.raises(Refused, match="Choose All"):
            read(sent, report.slug, BOARD, **part)
        read(sent, report.slug, TEAM, **part)


def test_protected_readers_choose_no_span_and_no_month_that_still_goes_on(sent: World):
    for wrong in ({"months": 1}, {"months": 24}, {"last": "2026-11"}):
        with pytest.raises(Refused):
            service.asked_for(BOARD, **wrong)
        service.asked_for(TEAM, **wrong)


def test_an_organisation_of_an_unknown_nation_is_counted_like_any_other(sent: World):
    sent.organisation("ZZZ", nation="Atlantis", region="Deep")
    sent.owes("ZZZ")
    assert column(table(read(sent, RATES), "by_nation"), "owed")["Atlantis"] == 2
    for report in REPORTS:
        read(sent, report.slug, BOARD)


def test_october_is_the_month_that_was_asked_for():
    assert service.asked_for(BOARD).last == OCTOBER
