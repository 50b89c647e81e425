"""A small year sent through the real upload path, and how the demo tells a whole database from a half one."""

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from app.accounts.access import COMMAND_LINE
from app.core import clock
from app.core.db import Database
from app.core.errors import Refused
from app.debts.models import Debt
from app.demo import database as demo
from app.demo.accounts import PASSWORD, with_password
from app.demo.database import Stage
from app.demo.diary import Sending
from app.demo.released import with_release
from app.demo.trusts import FIRST, trusts
from app.demo.year import Mending, Year, year_before
from app.organisations import service as organisations
from app.periods.calendar import Period
from app.releases import queries
from app.releases.models import Acknowledgement, Release
from app.reminders.sent import sent
from app.returns.models import Lifecycle, OpenRow, RefusedUpload, Return
from app.submissions.service import State, submissions

MONTHS = year_before(Period(2026, 11), 4)


def load(database: Database, number: int, months: list[Period]) -> list[Sending]:
    actors = demo.prepare(database, number, months[0])
    sent = list(with_release(database, Year(database, trusts(list(actors)), months, actors)))
    demo.finish(database, list(actors))
    return sent


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """A loaded database and what was sent into it. The tests below only look."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('demo')}/demo.db")
    yield database, load(database, 24, MONTHS)
    database.close()


def check_that_all_is_there(database: Database, loaded: list[Sending]) -> None:
    with database.reading() as db:
        returns = db.exec(select(Return)).all()
        refused = db.exec(select(RefusedUpload)).all()
        debts = db.exec(select(func.count(col(Debt.id)))).one()
    assert len(returns) + len(refused) == len(loaded)
    assert {one.submitted_at for one in returns} | {one.at for one in refused} == {one.at for one in loaded}
    assert all(one.submitted_by for one in returns)
    assert all(one.lifecycle == Lifecycle.SUBMITTED or one.superseded_by for one in returns)
    assert sum(one.new for one in returns) == debts > 5


def test_a_year_goes_through_the_real_path_each_file_at_its_own_moment(year):
    check_that_all_is_there(*year)


def test_a_manager_has_reminded_those_who_still_owe_the_month_before_last_and_nobody_else(year):
    database, _ = year
    with database.reading() as db:
        owing = {one.organisation for one in submissions(db, None, MONTHS[-2], state="missing", limit=500).items}
        reminded = {one.organisation for one in sent(db, MONTHS[-2])}
        assert reminded and reminded <= owing
        assert not sent(db, MONTHS[-1])


def test_last_months_release_has_left_and_was_answered_and_the_next_one_can_be_prepared(year):
    database, _ = year
    with database.reading() as db:
        release = db.exec(select(Release)).one()
        answer = db.exec(select(Acknowledgement)).one()
        assert (release.state, release.recipient) == ("released", "MIDAS")
        assert release.prepared_by != release.approved_by and release.approved_at and release.released_at
        assert release.as_at < release.approved_at <= release.released_at < answer.at < clock.now()
        midas = next(one for one in queries.files_of(db, release) if one.name == "midas.csv")
        assert (answer.loaded + answer.rejected, answer.rejected) == (midas.rows, 3)
        assert queries.open_release(db) is None
        sent_back = db.exec(select(OpenRow).where(OpenRow.origin == "acknowledgement")).all()
    assert len(sent_back) == 3 and any(one.closed_at is None for one in sent_back)


def test_a_short_demo_loads_into_either_database(database):
    check_that_all_is_there(database, load(database, 12, MONTHS[-1:]))


def test_trusts_update_debts_mend_rows_and_leave_some(year):
    database, sent = year
    with database.reading() as db:
        changed, new, rejected = db.exec(
            select(*(func.sum(col(count)) for count in (Return.changed, Return.new, Return.rejected)))
        ).one()
        closed = set(db.exec(select(OpenRow.closed_reason)).all())
        statuses = set(db.exec(select(Debt.status)).all())
    assert changed > 3
    assert 0.04 < rejected / new < 0.25
    assert {"accepted", None} <= closed and any(isinstance(one, Mending) for one in sent)
    assert {"outstanding", "arrangement", "repaid"} <= statuses


def test_the_demo_answers_who_has_not_submitted_last_month(year):
    with year[0].reading() as db:
        missing = submissions(db, None, MONTHS[-1], state=State.MISSING).items
    assert FIRST in {one.organisation for one in missing}
    assert 3 < len(missing) < 24


def test_a_database_is_whole_only_when_the_people_who_sign_in_are_there(database):
    assert demo.stage(database) is Stage.EMPTY
    actors = demo.prepare(database, 3, MONTHS[0])
    assert demo.stage(database) is Stage.HALF
    demo.finish(database, list(actors))
    assert demo.stage(database) is Stage.WHOLE


def test_a_half_loaded_database_is_cleared_and_can_be_loaded_again(database):
    demo.prepare(database, 3, MONTHS[0])
    demo.clear(database)
    assert demo.stage(database) is Stage.EMPTY
    assert len(demo.prepare(database, 3, MONTHS[0])) == 3


def test_a_database_that_is_not_the_demos_is_never_cleared(database):
    with database.writing() as db:
        organisations.load_shipped(db, COMMAND_LINE)
    with pytest.raises(Refused, match="something other than the demo"):
        demo.clear(database)
    with database.reading() as db:
        assert not organisations.is_empty(db)


def test_every_role_of_the_demo_has_an_account_and_the_tours_trust_comes_first():
    found = with_password([FIRST, "RXX", "RYY"])
    assert found[0].organisations == (FIRST,)
    assert {one.role.value for one in found} == {
        "trust", "debtors_team", "lpm", "board", "health_department", "admin", "auditor", "border",
    }  # fmt: skip
    assert all(one.email.endswith(".example") for one in found)
    assert len(PASSWORD) >= 12


def test_the_demos_months_are_the_whole_ones_before_this_month():
    months = year_before(Period.containing(clock.today()), 12)
    assert (len(months), months[-1].next()) == (12, Period.containing(clock.today()))
