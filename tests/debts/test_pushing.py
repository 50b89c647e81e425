"""Pushing the feed: in order, one at a time, at least once, whatever the recipient does and whoever dies."""

import contextvars
import re
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from sqlalchemy import delete, text
from sqlmodel import select

from app.accounts.access import COMMAND_LINE
from app.audit.models import AuditEvent
from app.core import clock, leases
from app.core.db import Database
from app.core.errors import Conflict, Unavailable
from app.debts import delivery, pushing, warnings_index
from app.debts.flag_event import FlagEvent
from app.debts.models import WarningsIndexEvent
from app.settings import get_settings
from tests import receiver
from tests.debts.feeding import HOUR, MINUTE, NOON, acknowledged, feed, fill_feed
from tests.guards.source import PROJECT
from tests.receiver import Receiver, receiving

KEY = "a key that only these tests share with it"


@pytest.fixture
def there(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving() as found:
        monkeypatch.setenv("DEBTOR_RETURNS_WARNINGS_INDEX_PUSH_URL", found.url)
        monkeypatch.setenv("DEBTOR_RETURNS_WARNINGS_INDEX_PUSH_KEY", KEY)
        get_settings.cache_clear()
        yield found


def push(database: Database, at: datetime = NOON, holder: str = "one") -> list[str]:
    with clock.at(at):
        return list(pushing.push(database, holder))


def test_without_an_address_nothing_is_pushed(database: Database):
    fill_feed(database, 1)
    assert (push(database), acknowledged(database)) == ([], [])


def test_events_go_out_in_order_and_are_acknowledged_by_the_answer(database: Database, there: Receiver):
    fill_feed(database, 3)
    assert push(database)[-1] == "Warnings Index, event 3 (add): delivered."
    assert there.ids == acknowledged(database) == [1, 2, 3]
    assert {(event.acknowledged_at, event.attempts) for event in feed(database)} == {(NOON, 1)}
    assert push(database) == []


def test_an_event_is_the_same_json_pushed_as_fetched(database: Database, there: Receiver):
    fill_feed(database, 1)
    push(database)
    with database.reading() as db:
        fetched = warnings_index.events_after(db, COMMAND_LINE, 0, 1)
    assert there.taken[0].event == FlagEvent.of(fetched[0]).model_dump(mode="json")
    assert there.taken[0].event["family_name"] == "Exámple"


def test_the_check_that_is_printed_for_the_recipient_finds_a_message_genuine_and_a_changed_one_not(
    database: Database, there: Receiver
):
    fill_feed(database, 1)
    push(database)
    code = re.search(r"```python\n(.*?)```", (PROJECT / "docs" / "warnings-index.md").read_text(), re.S)
    printed: dict = {}
    exec(code[1], printed)
    taken, is_genuine = there.taken[0], printed["is_genuine"]
    assert is_genuine(KEY.encode(), taken.headers, taken.body)
    assert not is_genuine(b"another", taken.headers, taken.body)
    assert not is_genuine(KEY.encode(), taken.headers, taken.body.replace(b"add", b"ADD"))
    assert not is_genuine(KEY.encode(), taken.headers | {"webhook-id": "2"}, taken.body)
    assert not is_genuine(KEY.encode(), taken.headers | {"webhook-timestamp": "1000"}, taken.body)


@pytest.mark.parametrize("answer", [403, receiver.dies_mid_way])
def test_an_event_that_is_refused_stays_at_the_head_and_the_others_wait(
    database: Database, there: Receiver, answer: object
):
    fill_feed(database, 3)
    there.answers.extend([200, answer])
    push(database)
    assert there.ids == [1, 2]
    assert acknowledged(database) == [1]
    head = feed(database)[1]
    assert head.attempts == 1 and 45 <= (head.next_try_at - NOON).total_seconds() <= 60
    assert head.trouble
    assert push(database, NOON + 44 * timedelta(seconds=1)) == []
    push(database, NOON + MINUTE)
    assert there.ids == [1, 2, 2, 3]
    assert acknowledged(database) == [1, 2, 3]
    assert (feed(database)[1].attempts, feed(database)[1].trouble) == (2, None)


def test_pauses_grow_and_the_recipient_may_ask_for_longer_ones(database: Database, there: Receiver):
    fill_feed(database, 1)
    at, waits = NOON, []
    there.answers.extend([503] * 9)
    for _ in range(9):
        push(database, at)
        waits.append(feed(database)[0].next_try_at - at)
        at = feed(database)[0].next_try_at
    assert waits[:7] == sorted(waits[:7])
    assert 45 * MINUTE <= waits[-1] <= HOUR
    there.answers.append((429, {"Retry-After": "86400"}))
    push(database, at)
    assert feed(database)[0].next_try_at - at == HOUR
    assert len(there.taken) == 10


def test_trying_again_at_once_ends_the_pause_and_only_where_there_is_one(database: Database, there: Receiver):
    fill_feed(database, 1)
    there.answers.append(500)
    push(database)
    with clock.at(NOON), database.writing() as db:
        delivery.try_again(db, COMMAND_LINE)
    push(database)
    assert there.ids == [1, 1] and acknowledged(database) == [1]
    with pytest.raises(Conflict), database.writing() as db:
        delivery.try_again(db, COMMAND_LINE)


def test_what_was_fetched_and_acknowledged_is_not_pushed(database: Database, there: Receiver):
    fill_feed(database, 4)
    with clock.at(NOON), database.writing() as db:
        delivery.acknowledge(db, COMMAND_LINE, 2)
    push(database)
    assert there.ids == [3, 4]


def test_an_event_that_is_acknowledged_while_it_is_refused_is_acknowledged(database: Database, there: Receiver):
    fill_feed(database, 2)

    def taken_by_hand(_handler: object) -> int:
        with database.writing() as db:
            delivery.acknowledge(db, COMMAND_LINE, 1)
        return 503

    there.answers.append(taken_by_hand)
    push(database)
    assert feed(database)[0].trouble is None
    push(database)
    assert (there.ids, acknowledged(database)) == ([1, 2], [1, 2])


def test_no_transaction_is_open_while_the_recipient_takes_its_time(database: Database, there: Receiver):
    fill_feed(database, 1)

    def writes(_handler: object) -> int:
        with database.writing() as db:
            db.connection().execute(text("UPDATE warnings_index_events SET invoice_number = 'written meanwhile'"))
        return 200

    there.answers.append(writes)
    push(database)
    assert (acknowledged(database), feed(database)[0].invoice_number) == ([1], "written meanwhile")


def test_what_was_taken_and_not_noted_is_sent_again_when_the_lease_of_the_dead_has_run_out(
    database: Database, there: Receiver
):
    fill_feed(database, 2)

    def rename(there: str, then: str) -> None:
        with database.migrating() as connection:
            connection.execute(text(f"ALTER TABLE {there} RENAME TO {then}"))

    def dies_after_the_answer(_handler: object) -> int:
        rename("warnings_index_events", "gone")
        return 200

    there.answers.append(dies_after_the_answer)
    with pytest.raises(Unavailable):
        push(database, holder="dead")
    rename("gone", "warnings_index_events")
    assert acknowledged(database) == []
    assert push(database, NOON + 59 * timedelta(seconds=1), holder="other") == []
    push(database, NOON + 61 * timedelta(seconds=1), holder="other")
    assert (there.ids, acknowledged(database)) == ([1, 1, 2], [1, 2])


def test_a_clock_that_is_set_back_holds_up_nothing(database: Database, there: Receiver):
    fill_feed(database, 1)
    there.answers.append(500)
    push(database)
    with database.writing() as db:
        assert leases.take(db, pushing.LEASE, "somebody before", NOON)
    push(database, NOON - 24 * HOUR)
    assert acknowledged(database) == [1]


def test_whose_turn_was_taken_over_notes_no_failure_and_goes_no_further(database: Database, there: Receiver):
    fill_feed(database, 2)

    def suspended(answer: int):
        def handle(_handler: object) -> int:
            with database.writing() as db:
                assert leases.take(db, pushing.LEASE, "another", NOON + leases.LASTS)
            return answer

        return handle

    there.answers.append(suspended(503))
    push(database)
    assert (feed(database)[0].attempts, feed(database)[0].trouble) == (0, None)
    with database.writing() as db:
        leases.give_back(db, pushing.LEASE, "another")
    there.answers.append(suspended(200))
    push(database)
    assert (there.ids, acknowledged(database)) == ([1, 1], [1])


def test_of_many_workers_at_once_one_sends(database: Database, there: Receiver):
    fill_feed(database, 12)
    start = threading.Barrier(3)

    def work(holder: str) -> None:
        start.wait()
        while len(acknowledged(database)) < 12:
            push(database, holder=holder)

    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=(work, holder)) for holder in ("a", "b", "c")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert there.ids == list(range(1, 13))


def test_a_worker_that_is_stopped_finishes_the_event_and_lets_another_go_on_at_once(
    database: Database, there: Receiver
):
    fill_feed(database, 3)
    asked = SimpleNamespace(stop=False)

    def is_stopping() -> bool:
        return asked.stop

    def stop(_handler: object) -> int:
        asked.stop = True
        return 200

    there.answers.append(stop)
    with clock.at(NOON):
        list(pushing.push(database, "one", is_stopping))
    assert there.ids == acknowledged(database) == [1]
    push(database, holder="two")
    assert there.ids == [1, 2, 3]


def test_each_delivery_is_recorded_and_names_nobody(database: Database, there: Receiver):
    fill_feed(database, 2)
    there.answers.append(500)
    push(database)
    push(database, NOON + MINUTE)
    with database.reading() as db:
        events = db.exec(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [(event.actor, event.action, event.subject_id) for event in events] == [
        ("worker", "warnings-index:push", "1"),
        ("worker", "warnings-index:push", "2"),
    ]
    assert "Exámple" not in str([event.model_dump() for event in events])


ANSWERS = st.sampled_from([200, 204, 400, 404, 409, 429, 500, 503, receiver.dies])


@hypothesis_settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(1, 4), answers=st.lists(ANSWERS, max_size=8))
def test_whatever_the_recipient_answers_every_event_arrives_in_order_and_is_sent_until_then(
    database: Database, there: Receiver, number: int, answers: list
):
    with database.writing() as db:
        db.execute(delete(WarningsIndexEvent))
    there.taken.clear()
    there.answers.clear()
    fill_feed(database, number)
    there.answers.extend(answers)
    at = NOON
    while len(acknowledged(database)) < number:
        push(database, at)
        at += HOUR
    given = iter([*(answer in {200, 204} for answer in answers), *[True] * number])
    expected = []
    for id_ in range(1, number + 1):
        expected.append(id_)
        while not next(given):
            expected.append(id_)
    assert there.ids == expected
