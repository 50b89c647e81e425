"""The report of what samples of releases found: by month, by organisation and by reason, for each reader as they may see it."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from app.accounts.access import Actor, Grant
from app.accounts.permissions import Role
from app.core import clock
from app.releases import sampling
from app.releases.models import Release, SampleLine
from app.reports.table import Hidden
from tests.releases.desk import Desk
from tests.reports.adding_up import BOARD, figures, report, rows, table
from tests.returns.conftest import MakeTrust, at, hospital, row

__all__ = ["hospital"]

LPM = Actor("lpm", "Manager", (Grant(Role.LPM),))
SLUG, CHECKED = "release-quality", ("checked", "right", "wrong")
OCTOBER = datetime(2026, 9, 30, 23, 30, tzinfo=UTC)  # half past midnight in the UK
LAST_OF_OCTOBER, FIRST_OF_NOVEMBER = datetime(2026, 10, 31, 23, 59, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def checked(hospital: MakeTrust) -> Desk:
    """Of two trusts five lines each: in October three are checked, of which two are wrong at RJ1; in November two of RYJ,
    of which one is wrong.
    """
    one, other = hospital("RJ1"), hospital("RYJ")
    one.send([row(f"A{number}") for number in range(5)])
    other.send([row(f"B{number}") for number in range(5)])
    desk = Desk(one)
    release = desk.prepare()
    codes = [debt.organisation_code for debt in sorted(desk.trust.debts(), key=lambda debt: debt.id)]
    mine, theirs = ([place for place, one in enumerate(codes, 1) if one == code] for code in ("RJ1", "RYJ"))
    for line, reason in zip(mine, ("status_differs", "status_differs", None), strict=False):
        judge(desk, release, line, OCTOBER, reason)
    for line in theirs[:3]:
        judge(desk, release, line, LAST_OF_OCTOBER)
    for line, reason in zip(theirs[3:], (None, "name_differs"), strict=True):
        judge(desk, release, line, FIRST_OF_NOVEMBER, reason)
    return desk


def judge(desk: Desk, release: Release, line: int, moment: datetime, reason: str | None = None) -> None:
    with clock.at(moment), desk.database.writing() as db:
        sampling.judge(db, desk.one, release.id, line, reason is None, reason)


def test_lines_are_told_by_the_month_in_which_they_were_judged_and_by_organisation(checked: Desk):
    with at("2026-11-22"), checked.database.reading() as db:
        found = report(db, SLUG, "2026-11", 3)
        october = report(db, SLUG, "2026-10", 1)
    months = {name: figures(each, *CHECKED) for name, each in rows(found, "by_month").items()}
    assert months == {"September 2026": (0, 0, 0), "October 2026": (6, 4, 2), "November 2026": (2, 1, 1)}
    of = {each.code: figures(each, *CHECKED, "status_differs", "name_differs")
          for each in rows(found, "by_organisation").values()}  # fmt: skip
    assert of == {"RJ1": (3, 1, 2, 2, 0), "RYJ": (5, 4, 1, 0, 1)}
    assert {each.code: each.values["share"] for each in rows(october, "by_organisation").values()} == {
        "RJ1": 2 / 3, "RYJ": 0.0
    }  # fmt: skip


def test_what_was_wrong_is_told_by_reason_and_comes_to_the_lines_that_were_wrong(checked: Desk):
    with at("2026-11-22"), checked.database.reading() as db:
        found = report(db, SLUG, "2026-11", 3)
    reasons = {name: each.values["wrong"] for name, each in rows(found, "by_reason").items()}
    assert reasons == {"The name differs from the source": 1, "The status or its date differs from the source": 2}
    assert figures(table(found, "by_reason").total, "wrong") == (3,)


def test_a_line_that_is_judged_again_counts_once_as_it_was_judged_last(checked: Desk):
    with checked.database.reading() as db:
        last = db.exec(select(SampleLine).where(SampleLine.reason == "name_differs")).one()
        release = db.get_one(Release, last.release_id)
    judge(checked, release, last.line, FIRST_OF_NOVEMBER)
    with at("2026-11-22"), checked.database.reading() as db:
        assert figures(rows(report(db, SLUG, "2026-11", 1), "by_month")["November 2026"], *CHECKED) == (2, 2, 0)


def test_a_trust_reads_its_own_lines_a_manager_no_small_number_and_a_board_of_no_trust_by_name(checked: Desk):
    with at("2026-12-03"), checked.database.reading() as db:
        own = report(db, SLUG, "2026-11", 3, checked.trust.officer)
        board, lpm = (report(db, SLUG, "2026-11", 12, who) for who in (BOARD, LPM))
    assert [each.code for each in table(own, "by_organisation").rows] == ["RJ1"]
    assert figures(table(own, "by_month").total, *CHECKED) == (3, 1, 2)
    assert [each.key for each in board.tables] == ["by_month", "by_reason"]
    for protected in (board, lpm):
        assert {each.values["wrong"] for each in table(protected, "by_reason").rows} <= {*Hidden}
    assert {each.values["wrong"] for each in table(lpm, "by_organisation").rows} <= {*Hidden}
