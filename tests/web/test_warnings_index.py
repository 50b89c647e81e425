"""How the feed stands, as the Debtors Team reads it, and what an officer may tell a patient of a flag."""

from collections.abc import Iterator

import pytest

from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.core import clock
from app.core.db import Database
from app.debts import delivery, pushing, warnings_index
from app.debts.models import Debt
from app.settings import get_settings
from tests.debts.feeding import HOUR, MINUTE, NOON, fill_feed
from tests.receiver import Receiver, receiving
from tests.web.conftest import Browser, row, said
from tests.web.test_debts import Report, report

__all__ = ["report"]
KEY = "a key that only these tests share with it"


@pytest.fixture
def there(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving() as found:
        monkeypatch.setenv("DEBTOR_RETURNS_WARNINGS_INDEX_PUSH_URL", found.url)
        monkeypatch.setenv("DEBTOR_RETURNS_WARNINGS_INDEX_PUSH_KEY", KEY)
        get_settings.cache_clear()
        yield found


@pytest.fixture
def team(visitor) -> Browser:
    return visitor(Role.DEBTORS_TEAM)


def read(team: Browser, path: str = "/warnings-index", at=NOON) -> str:
    with clock.at(at):
        return said(team.get(path))


def push(database: Database, at=NOON) -> None:
    with clock.at(at):
        list(pushing.push(database, "one"))


def test_a_feed_that_is_fetched_is_told_as_one_with_what_is_not_acknowledged(team, database):
    assert "There are no events yet." in read(team)
    fill_feed(database, 3)
    words = read(team)
    assert "fetches the events from this service" in words
    assert "3 events not acknowledged, the oldest since 22 November 2026, 12:00pm" in words
    assert "Event 3 Flag Add Debt ND-3 Organisation RJ1 Trust (RJ1)" in words
    assert "Exámple" not in words
    with database.writing() as db:
        delivery.acknowledge(db, COMMAND_LINE, 3)
    assert "Every event is acknowledged." in read(team)


def test_a_feed_that_is_pushed_names_the_host_what_went_wrong_and_never_the_key(team, database, there):
    fill_feed(database, 2)
    there.answers.append(503)
    push(database)
    answer = team.get("/warnings-index")
    words = said(answer)
    assert there.url.split("/")[2] in words and "/events" not in words
    assert KEY not in answer.text
    assert "The recipient answered 503 (Service Unavailable)." in words
    assert "Waits for event 1" in words


def test_trying_again_ends_the_pause_once(team, database, there):
    fill_feed(database, 1)
    there.answers.append(503)
    push(database)
    with clock.at(NOON):
        answer = team.follow(team.post("/warnings-index"))
    assert "The next event is sent again within seconds" in said(answer)
    assert "Try again now" not in answer.text and "check that its worker runs" not in said(answer)
    with clock.at(NOON):
        assert team.post("/warnings-index").status_code == 409
    push(database)
    assert there.ids == [1, 1]


def test_events_that_nobody_tries_to_send_point_to_a_worker_that_does_not_run(team, database, there):
    fill_feed(database, 2)
    assert "check that its worker runs" not in read(team, at=NOON + 4 * MINUTE)
    assert "check that its worker runs" in read(team, at=NOON + 6 * MINUTE)
    there.answers.extend([200, 503])
    push(database)
    assert "check that its worker runs" not in read(team, at=NOON + 5 * MINUTE)
    assert "check that its worker runs" in read(team, at=NOON + 7 * MINUTE)


def test_the_list_is_paged(team, database):
    fill_feed(database, 51)
    assert "Events 1 to 50 of 51" in read(team)
    assert "Events 51 to 51 of 51" in said(team.get("/warnings-index", page=2))
    assert "There are fewer pages than that." in said(team.get("/warnings-index", page=3))


def test_home_speaks_of_the_feed_when_an_event_waits_for_a_day_or_was_refused_time_and_again(team, database, there):
    fill_feed(database, 2)
    line = "2 events for the Warnings Index not acknowledged"
    assert line not in read(team, "/", NOON + 23 * HOUR)
    assert line in read(team, "/", NOON + 25 * HOUR)
    there.answers.extend([503] * 4)
    for number in range(4):
        assert line not in read(team, "/", NOON + 4 * HOUR)
        push(database, NOON + number * HOUR)
    assert f"{line} , the oldest since 22 November 2026, 12:00pm, after 4 attempts." in read(team, "/", NOON + 4 * HOUR)


def test_an_officer_reads_what_was_done_and_whether_it_has_arrived(visitor, report: Report, database, there):
    ovm: Browser = visitor(Role.TRUST)
    (debt,) = report(row(1))
    path = f"/debts/{debt}"
    assert "Nothing has been sent to the Warnings Index about this debt." in read(ovm, path)
    with clock.at(NOON), database.writing() as db:
        warnings_index.carried(db, NOON, [debt])
    assert "The addition has been on its way to the Warnings Index since 22 November 2026, 12:00pm." in read(ovm, path)
    there.answers.append(503)
    push(database)
    assert "It has not arrived so far: 1 attempt." in read(ovm, path)
    push(database, NOON + MINUTE)
    assert "acknowledged by the Warnings Index on 22 November 2026, 12:01pm." in read(ovm, path)


def test_an_officer_reads_that_a_removal_was_not_fetched_yet(visitor, report: Report, database):
    ovm: Browser = visitor(Role.TRUST)
    (debt,) = report(row(1))
    with database.writing() as db:
        warnings_index.carried(db, NOON, [debt])
    with database.writing() as db:
        db.get(Debt, debt).held = True
        db.flush()
        warnings_index.settle(db, NOON, [debt])
    words = read(ovm, f"/debts/{debt}")
    assert "The removal has been there for the Warnings Index to fetch since 22 November 2026, 12:00pm." in words
    assert "the flag may still show there" in words
