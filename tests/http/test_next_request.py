"""What was taken from somebody is gone at their very next request, by token and in the browser."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from app.accounts import administering, cover
from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.models import RoleGrant
from app.accounts.permissions import Role
from app.core import clock
from app.core.db import Database, Session
from app.organisations.models import Organisation
from tests.api.conftest import Person, fill, row, workbook
from tests.serving import service
from tests.web.conftest import Browser
from tests.world import browser, person

EMAIL, TODAY = "ovm@rj1.example", clock.today()


@dataclass
class Both:
    """One person, with a token and at a browser."""

    by_token: Person
    at_browser: Browser

    def sees(self, call: str, page: str) -> tuple[int, int]:
        return self.by_token.call("GET", call).status_code, self.at_browser.get(page).status_code


@pytest.fixture
def app(database):
    fill(database)
    return service(database)


@pytest.fixture
def officer(app, database) -> Both:
    by_token = person(app, database, EMAIL, (Role.TRUST, "RJ1"))
    assert by_token.upload(workbook(row(1))).status_code == 201
    return Both(by_token, browser(app, database, EMAIL))


def later(database: Database, change: Callable[[Session, str], object]) -> None:
    """An administrator changes something about the officer."""
    with database.writing() as db:
        user = accounts.user_by_email(db, EMAIL)
        assert user is not None
        change(db, user.id)


def the_grant(db: Session, user_id: str) -> str:
    return db.exec(select(RoleGrant.id).where(RoleGrant.user_id == user_id)).one()


def test_a_role_that_was_removed(officer, database):
    assert officer.sees("/debts", "/debts") == (200, 200)
    later(database, lambda db, id_: administering.revoke_role(db, COMMAND_LINE, id_, the_grant(db, id_)))
    assert officer.sees("/debts", "/debts") == (403, 403)


def test_a_user_who_was_disabled(officer, database):
    assert officer.sees("/debts", "/debts") == (200, 200)
    later(database, lambda db, id_: administering.disable(db, COMMAND_LINE, id_))
    assert officer.sees("/debts", "/debts") == (401, 303)
    later(database, lambda db, id_: administering.enable(db, COMMAND_LINE, id_))
    assert officer.sees("/debts", "/debts") == (401, 303), "what was ended stays ended"


def test_a_trust_that_was_changed(officer, database):
    debt = officer.by_token.get("/debts").json()["items"][0]["id"]
    assert officer.sees(f"/debts/{debt}", f"/debts/{debt}") == (200, 200)

    def move(db: Session, id_: str) -> None:
        administering.revoke_role(db, COMMAND_LINE, id_, the_grant(db, id_))
        administering.grant_role(db, COMMAND_LINE, id_, Role.TRUST, "RYJ")

    later(database, move)
    assert officer.sees(f"/debts/{debt}", f"/debts/{debt}") == (404, 404)
    assert officer.sees("/debts?organisation=RJ1", "/debts?organisation=RJ1") == (404, 404)
    assert officer.by_token.get("/debts").json()["items"] == []
    assert officer.by_token.upload(workbook(row(2))).status_code == 404


def test_a_predecessor_that_is_one_no_longer(officer, database):
    assert officer.sees("/debts?organisation=OLD", "/debts?organisation=OLD") == (200, 200)
    with database.writing() as db:
        old = db.get(Organisation, "OLD")
        assert old is not None
        old.successor_code = "RYJ"
    assert officer.sees("/debts?organisation=OLD", "/debts?organisation=OLD") == (404, 404)


def test_a_cover_that_was_ended_or_is_over(app, database):
    log = "/organisations/RJ1/contact-log"
    managers = {}
    for name, code in (("away", "RJ1"), ("covering", "RYJ")):
        email = f"{name}@all.example"
        managers[name] = Both(person(app, database, email, (Role.LPM, code)), browser(app, database, email))
    covering = managers["covering"]
    assert covering.sees(log, log) == (403, 403)
    with database.writing() as db:
        away, other = (accounts.user_by_email(db, f"{name}@all.example") for name in ("away", "covering"))
        assert away is not None and other is not None
        kept = cover.set_cover(db, COMMAND_LINE, away.id, other.id, TODAY, TODAY)
    assert covering.sees(log, log) == (200, 200)
    with clock.at(datetime(2026, 11, 23, 0, 0, 1, tzinfo=UTC)):
        assert covering.sees(log, log) == (403, 403), "its last day is over"
    with database.writing() as db:
        cover.end_cover(db, COMMAND_LINE, kept.away_id, kept.id)
    assert covering.sees(log, log) == (403, 403)


def test_a_role_that_was_added(officer, database):
    assert officer.sees("/reminders?period=2026-10", "/reminders") == (403, 403)
    later(database, lambda db, id_: administering.grant_role(db, COMMAND_LINE, id_, Role.LPM))
    assert officer.sees("/reminders?period=2026-10", "/reminders") == (200, 200)
    assert officer.by_token.get("/debts").json()["items"], "it takes none away"
