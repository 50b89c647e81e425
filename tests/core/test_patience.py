"""Whoever writes waits in the order of coming, is told in time when it is in vain, and never starves others."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from app.core.db import Database, take_turns
from app.core.errors import Blocked, Unavailable
from app.core.patience import SERVING, Patience, Turns

SHORT = Patience(locked=0.3, turn=0.4, statement=1.5, idle=5)


@pytest.fixture
def impatient(database: Database) -> Iterator[Database]:
    """The service's own kind of database, with less time on its hands."""
    found = Database(database.url.render_as_string(hide_password=False), SHORT)
    yield found
    found.close()


def write(store: Database) -> None:
    with store.writing() as db:
        take_turns(db, ["register"])
        db.connection().execute(text("UPDATE organisations SET name = name"))


def seconds_of(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def eventually(what: Callable[[], bool]) -> None:
    for _ in range(500):
        if what():
            return
        time.sleep(0.01)
    raise AssertionError("It never came about.")


def test_turns_come_in_the_order_in_which_they_were_asked_for():
    turns, order, threads = Turns(), list[int](), list[threading.Thread]()

    def take(number: int) -> None:
        turns.take(10)
        order.append(number)
        turns.pass_on()

    turns.take(1)
    for number in range(5):
        threads.append(threading.Thread(target=take, args=(number,)))
        threads[-1].start()
        eventually(lambda: len(turns._queue) == len(threads))
    turns.pass_on()
    for each in threads:
        each.join()
    assert order == [0, 1, 2, 3, 4]


def test_whoever_waits_too_long_for_a_turn_leaves_the_queue_and_the_next_gets_it():
    turns = Turns()
    turns.take(1)
    with pytest.raises(Unavailable, match="try again"):
        turns.take(0.01)
    turns.pass_on()
    turns.take(0)


def test_those_behind_one_who_waited_in_vain_are_told_the_same_at_once_and_the_next_may_try():
    turns = Turns()
    turns.take(1)
    with ThreadPoolExecutor(1) as beside:
        behind = beside.submit(turns.take, 60)
        eventually(lambda: len(turns._queue) == 1)
        turns.send_away()
        with pytest.raises(Blocked):
            behind.result(10)
    turns.take(0)


def test_while_others_hold_what_is_wanted_one_is_told_in_time_and_then_all_works(impatient, database):
    with database.writing() as holding:
        take_turns(holding, ["register"])
        holding.connection().execute(text("UPDATE organisations SET name = name"))

        def refused() -> None:
            with pytest.raises(Unavailable, match="Others are changing things"):
                write(impatient)

        with ThreadPoolExecutor(6) as threads:
            took = list(threads.map(lambda _: seconds_of(refused), range(6)))
    assert max(took) < 3
    write(impatient)


def test_the_service_itself_says_so_within_five_seconds_of_a_locked_sqlite():
    assert SERVING.locked < 5


def test_what_may_be_left_undone_does_not_wait(impatient, database):
    with database.writing() as holding:
        holding.connection().execute(text("UPDATE organisations SET name = name"))

        def left() -> None:
            with impatient.writing_if_free() as db:
                db.connection().execute(text("SELECT 1"))

        if impatient.is_sqlite:
            with pytest.raises(Unavailable):
                left()
        assert seconds_of(lambda: impatient.is_sqlite or left()) < 0.3
    left()


def test_another_process_gets_its_turn_beside_many_who_write_without_a_pause(tmp_path):
    """Two engines of one process stand for two processes: they share no queue."""
    url, over = f"sqlite:///{tmp_path}/busy.db", threading.Event()
    busy, beside = Database(url, SERVING), Database(url, SERVING)
    with busy.writing() as db:
        db.connection().execute(text("CREATE TABLE counted (number INTEGER)"))

    def count(store: Database) -> None:
        with store.writing() as db:
            db.connection().execute(text("INSERT INTO counted VALUES (1)"))

    def hammer() -> None:
        while not over.is_set():
            count(busy)

    with ThreadPoolExecutor(4) as threads:
        done = [threads.submit(hammer) for _ in range(4)]
        try:
            for _ in range(5):
                count(beside)
        finally:
            over.set()
    for each in done:
        each.result()
    busy.close()
    beside.close()


def test_while_another_process_keeps_the_file_all_are_told_together_and_then_all_works(tmp_path):
    store = Database(f"sqlite:///{tmp_path}/locked.db", Patience(locked=0.3, turn=60))
    with store.writing() as db:
        db.connection().execute(text("CREATE TABLE counted (number INTEGER)"))

    def count() -> None:
        with store.writing() as db:
            db.connection().execute(text("INSERT INTO counted VALUES (1)"))

    def refused(_: int) -> None:
        with pytest.raises(Blocked):
            count()

    outside = sqlite3.connect(tmp_path / "locked.db", isolation_level=None)
    outside.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(20) as threads:
        took = seconds_of(lambda: list(threads.map(refused, range(20))))
    assert took < 3  # one after another it would be six
    outside.execute("COMMIT")
    outside.close()
    count()
    store.close()


def test_on_postgresql_no_statement_of_the_service_goes_on_for_ever(impatient):
    if impatient.is_sqlite:
        with impatient.reading() as db:
            assert db.connection().execute(text("PRAGMA busy_timeout")).scalar_one() == 300
        return
    with pytest.raises(Unavailable), impatient.reading() as db:
        db.connection().execute(text("SELECT pg_sleep(20)"))
    with impatient.reading() as db:
        assert db.connection().execute(text("SHOW idle_in_transaction_session_timeout")).scalar_one() == "5s"


@pytest.mark.parametrize("_store", ["postgresql"], indirect=True)
def test_a_plan_that_was_made_while_a_table_was_small_is_not_kept_for_when_it_has_grown(database: Database):
    with database.reading() as db:
        for _ in range(20):
            db.connection().exec_driver_sql("SELECT 1 FROM debts WHERE id = %s", ("x",))
        assert db.connection().exec_driver_sql("SELECT count(*) FROM pg_prepared_statements").scalar() == 0
