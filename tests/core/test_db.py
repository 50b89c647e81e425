"""One commit or none, one writer at a time, and instants with their zone, on both databases."""

import os
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import StatementError
from sqlmodel import Session

from app.accounts.models import User
from app.core.db import Database
from app.core.errors import Conflict, ServiceError, Unavailable

MORNING = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)


def someone(email: str = "a.officer@trust.example", at: datetime = MORNING) -> User:
    return User(email=email, created_at=at)


def count(db: Session) -> int:
    return db.execute(select(func.count()).select_from(User)).scalar_one()


def test_leaving_a_writing_session_commits(database: Database):
    with database.writing() as db:
        db.add(someone())
    with database.reading() as db:
        assert count(db) == 1


def test_an_exception_leaves_nothing_behind(database: Database):
    with pytest.raises(RuntimeError), database.writing() as db:
        db.add(someone())
        db.flush()
        raise RuntimeError
    with database.reading() as db:
        assert count(db) == 0


def test_a_reading_session_can_change_nothing(database: Database):
    with pytest.raises(ServiceError), database.reading() as db:
        db.add(someone())
        db.flush()
    with database.reading() as db:
        assert count(db) == 0


def test_an_instant_comes_back_in_utc_to_the_microsecond_whatever_zone_it_went_in_with(db: Session):
    db.add(someone(at=MORNING.astimezone(timezone(timedelta(hours=5, minutes=45)))))
    db.flush()
    db.expire_all()
    kept = db.execute(select(User)).scalar_one().created_at
    assert (kept, kept.tzinfo) == (MORNING, UTC)


def test_an_instant_without_a_zone_is_refused(db: Session):
    db.add(someone(at=MORNING.replace(tzinfo=None)))
    with pytest.raises(StatementError, match="time zone"):
        db.flush()


def test_two_writers_at_once_both_succeed_one_after_the_other(database: Database):
    together = threading.Barrier(8)

    def write(number: int) -> None:
        together.wait()
        with database.writing() as db:
            db.add(someone(f"officer{number}@trust.example"))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as db:
        assert count(db) == 8


def test_a_reader_does_not_wait_for_a_writer_and_sees_nothing_of_it(database: Database):
    with database.writing() as writer:
        writer.add(someone())
        writer.flush()
        with database.reading() as reader:
            assert count(reader) == 0


def test_an_error_of_the_database_reaches_the_user_without_the_row_that_it_quotes(database: Database):
    with pytest.raises(Conflict) as caught, database.writing() as db:
        db.add_all([someone(), someone()])
    assert "a.officer@trust.example" not in caught.value.detail


def test_a_database_that_was_never_migrated_says_what_to_run(tmp_path):
    empty = Database(f"sqlite:///{tmp_path}/empty.db")
    with pytest.raises(Unavailable, match="debtor-returns migrate"), empty.reading() as db:
        count(db)
    empty.close()


def look(file: Path) -> None:
    store = Database(f"sqlite:///{file}")
    with store.reading() as db:
        db.execute(select(1))
    store.close()


def test_a_new_file_is_for_its_owner_alone_and_one_that_stands_keeps_its_rights(tmp_path):
    file = tmp_path / "new" / "register.db"
    before = os.umask(0o022)
    try:
        look(file)
        assert {each.stat().st_mode & 0o777 for each in file.parent.iterdir()} == {0o600}
        file.chmod(0o640)
        look(file)
        assert file.stat().st_mode & 0o777 == 0o640
    finally:
        os.umask(before)
