"""Whoever signs in, or changes a password, while the person resets it: what is being replaced opens nothing any more."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import text

from app.accounts import failures, links, sessions, ways_in
from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.models import Step
from app.core.db import Database, Session, take_turns
from tests.crash.house import until
from tests.web.conftest import Browser, app

__all__ = ["app"]
# On SQLite there is one writer, so that none of this can come at once.
pytestmark = pytest.mark.parametrize("_store", ["postgresql"], indirect=True)
EMAIL, OLD, NEW, OTHERS = (
    "o@rj1.example",
    "a long old pass phrase",
    "quite another good phrase",
    "somebody else's phrase",
)


@pytest.fixture
def officer(database: Database, app) -> str:
    with database.writing() as db:
        return accounts.add_user(db, COMMAND_LINE, EMAIL, "trust", "RJ1", OLD).id


@pytest.fixture
def aside() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def somebody_waits(db: Session) -> bool:
    """For this very transaction."""
    asked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    return bool(db.connection().execute(text(asked)).scalar_one())


def reset_while(database: Database, aside: ThreadPoolExecutor, does: Callable[[], object]) -> Future[object]:
    """The owner's new password is committed when the other has compared the old one, and waits to count the try."""
    with database.writing() as db:
        user = accounts.user_by_email(db, EMAIL)
        assert user is not None
        link = links.send_reset(db, COMMAND_LINE, user, "https://returns.example").rsplit("/", 1)[1]
    with database.writing() as db:
        take_turns(db, [failures.account_key(EMAIL)])
        doing = aside.submit(does)
        until(lambda: somebody_waits(db), "nobody waits")
        links.use(db, link, NEW)
    return doing


def opens(app, password: str) -> bool:
    return Browser(app).post("/sign-in", {"email": EMAIL, "password": password}).headers.get("location") == "/"


def test_a_sign_in_with_the_password_that_is_being_replaced_opens_nothing(database, app, officer, aside):
    thief = Browser(app)
    reset_while(database, aside, lambda: thief.post("/sign-in", {"email": EMAIL, "password": OLD})).result(30)
    assert thief.get("/").headers["location"].startswith("/sign-in")
    assert opens(app, NEW)


def test_somebody_in_a_stolen_session_does_not_change_the_password_over_a_reset(database, app, officer, aside):
    thief = Browser(app)
    assert thief.post("/sign-in", {"email": EMAIL, "password": OLD}).headers["location"] == "/"
    asked = {"current": OLD, "password": OTHERS, "again": OTHERS}
    reset_while(database, aside, lambda: thief.post("/account/password", asked)).result(30)
    assert (opens(app, NEW), opens(app, OTHERS)) == (True, False)


def test_a_session_that_was_ended_meanwhile_ends_no_others(database, officer):
    with database.writing() as db:
        user = accounts.user_by_email(db, EMAIL)
        mine, theirs = sessions.start(db, user, Step.IN), sessions.start(db, user, Step.IN)
        sessions.end_all_but(db, officer, mine)
    with pytest.raises(sessions.NotSignedIn), database.writing() as db:
        sessions.end_all_but(db, officer, theirs)
    with database.reading() as db:
        assert sessions.find(db, mine) is not None


def test_a_step_of_signing_in_that_is_not_committed_yet_is_ended_with_everything_else(database, officer, aside):
    with database.writing() as db:
        password_given = sessions.start(db, accounts.user_by_email(db, EMAIL), Step.CODE)
    begun = threading.Event()

    def close() -> None:
        with database.writing() as db:
            begun.set()
            ways_in.close(db, COMMAND_LINE, officer)

    with database.writing() as db:
        signed_in = sessions.promote(db, password_given, Step.IN)
        closing = aside.submit(close)
        assert begun.wait(10)
        until(lambda: somebody_waits(db), "nobody waits")
    closing.result(30)
    with database.reading() as db:
        assert sessions.find(db, signed_in) is None
