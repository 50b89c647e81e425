"""Two processes on one database: whatever one does, the other knows at its next request. Nothing that matters is in memory."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from app.accounts import administering
from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.models import RoleGrant, User
from app.accounts.permissions import Role
from app.api.once import HEADER
from app.core.db import Database
from app.disputes.models import Dispute
from app.settings import get_settings
from tests.accounts.conftest import later
from tests.api.conftest import Person, dispute_of, fill, row, workbook
from tests.serving import service
from tests.web.conftest import Browser, said
from tests.world import browser, person

__all__ = ["later"]
EMAIL = "ovm@rj1.example"


@dataclass
class Two:
    """The service twice, each with connections of its own, as two processes have them."""

    here: FastAPI
    there: FastAPI

    def there_too(self, one: Person) -> Person:
        return Person(TestClient(self.there, raise_server_exceptions=False), one.token)

    def at_both(self, one: Browser) -> Browser:
        """The same browser, whose next request meets the other process."""
        other = Browser(self.there)
        other.client.cookies = one.client.cookies
        return other


@pytest.fixture
def two(database: Database) -> Iterator[Two]:
    fill(database)
    other = Database(database.url.render_as_string(hide_password=False))
    yield Two(service(database), service(other))
    other.close()


@pytest.fixture
def officer(two: Two, database: Database) -> Person:
    return person(two.here, database, EMAIL, (Role.TRUST, "RJ1"))


def user_of(database: Database, email: str) -> User:
    with database.reading() as db:
        user = accounts.user_by_email(db, email)
    assert user is not None
    return user


def test_who_signs_out_here_is_out_there(two, officer, database):
    here = browser(two.here, database, EMAIL)
    there = two.at_both(here)
    cookie = here.client.cookies["session"]
    assert (here.get("/debts").status_code, there.get("/debts").status_code) == (200, 200)
    assert here.client.post("/sign-out", data={"form_token": here.form_token("/debts")}).status_code == 303
    there.client.cookies.set("session", cookie)
    assert there.get("/debts").status_code == 303


def test_a_form_that_one_process_made_is_taken_by_the_other(two, officer, database):
    here = browser(two.here, database, EMAIL)
    there = two.at_both(here)
    token = here.form_token("/sign-out") or here.form_token("/")
    assert there.client.post("/sign-out", data={"form_token": token}).status_code == 303


def test_a_role_that_was_removed_and_an_account_that_was_disabled_here_count_there_at_once(two, officer, database):
    there, page = two.there_too(officer), two.at_both(browser(two.here, database, EMAIL))
    assert (there.get("/debts").status_code, page.get("/debts").status_code) == (200, 200)
    user = user_of(database, EMAIL)
    with database.writing() as db:
        grant = db.exec(select(RoleGrant.id).where(RoleGrant.user_id == user.id)).one()
        administering.revoke_role(db, COMMAND_LINE, user.id, grant)
    assert (there.get("/debts").status_code, page.get("/debts").status_code) == (403, 403)
    with database.writing() as db:
        administering.disable(db, COMMAND_LINE, user.id)
    assert (there.get("/debts").status_code, page.get("/debts").status_code) == (401, 303)


def test_an_answer_with_a_key_is_given_again_by_the_other(two, officer, database):
    officer.upload(workbook(row(1)))
    team = person(two.here, database, "team@all.example", (Role.DEBTORS_TEAM, None))
    debt = team.get("/debts").json()["items"][0]["id"]
    sent = {"json": dispute_of(debt), "headers": {HEADER: "a key of our own"}}
    first = team.call("POST", "/disputes", **sent)
    again = two.there_too(team).call("POST", "/disputes", **sent)
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    with database.reading() as db:
        assert len(db.exec(select(Dispute)).all()) == 1


def test_a_return_that_was_checked_here_is_submitted_there_and_the_same_file_is_one_return(two, officer):
    data, there = workbook(row(1), row(2)), two.there_too(officer)
    checked = officer.upload(data, check_only="true").json()["id"]
    submitted = there.post(f"/returns/{checked}/submit")
    again = officer.upload(data)
    assert (submitted.status_code, again.status_code) == (200, 200)
    assert submitted.json()["reference"] == again.json()["reference"]
    assert there.get("/debts").json() == officer.get("/debts").json()


def test_a_due_date_that_was_moved_here_holds_there(two, officer, database):
    team = browser(two.here, database, "team@all.example", (Role.DEBTORS_TEAM, None))
    there = two.there_too(officer)

    def due() -> str:
        (item,) = [one for one in there.get("/submissions", period="2026-10").json()["items"] if one["organisation"] == "RJ1"]  # fmt: skip
        return item["due_on"]

    assert due() == "2026-11-20"
    moved = {"due-day": "25", "due-month": "11", "due-year": "2026", "reason": "The service could not be reached."}
    assert team.post("/periods/2026-10", moved | {"sure": "2026-11-25"}).status_code == 303
    assert due() == "2026-11-25"


def test_wrong_passwords_are_counted_together(two, officer):
    at = [Browser(two.here), Browser(two.there)]
    for number in range(20):
        one = at[number % 2]
        one.post("/sign-in", {"email": EMAIL, "password": "not-the-password"})
    words = [said(one.post("/sign-in", {"email": EMAIL, "password": "not-the-password"})) for one in at]
    assert all("Wait" in each for each in words), words


def test_calls_are_counted_together_but_for_a_tenth(two, officer, monkeypatch, later):
    monkeypatch.setenv("DEBTOR_RETURNS_API_CALLS_PER_MINUTE", "20")
    get_settings.cache_clear()
    here, there = (Person(TestClient(service(app.state.database)), officer.token) for app in (two.here, two.there))
    answers = [one.get("/debts").status_code for _ in range(15) for one in (here, there)]
    assert 20 <= answers.count(200) <= 24
    assert set(answers[24:]) == {429}
