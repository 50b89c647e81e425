"""What users hear when the database cannot do what it should: a sentence, never the database's own words."""

import pytest

from app.core.db import Database
from app.core.errors import Conflict, Refused, Unavailable


def test_a_database_that_was_never_prepared_says_so(tmp_path):
    with pytest.raises(Unavailable, match="migrate"):
        Database(f"sqlite:///{tmp_path}/new.db").answers()


def test_a_prepared_database_gives_a_sign_of_life(database: Database):
    database.answers()


def test_a_server_that_is_not_there_is_a_passing_trouble():
    with pytest.raises(Unavailable, match="try again"):
        Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing").answers()


def test_a_file_that_is_no_database_is_a_trouble_of_the_machine(tmp_path):
    (tmp_path / "x.db").write_bytes(b"something else entirely" * 100)
    with pytest.raises(Unavailable):
        Database(f"sqlite:///{tmp_path}/x.db").answers()


def test_two_at_the_same_moment_is_a_conflict(database: Database):
    insert = "INSERT INTO users (id, email, name, created_at) VALUES ('{}', 'a@b.example', '', '2026-01-01 00:00:00')"
    with pytest.raises(Conflict, match="same moment"), database.writing() as db:
        for id_ in ("1", "2"):
            db.connection().exec_driver_sql(insert.format(id_))


@pytest.mark.parametrize("address", ["", "nonsense", "mysql://a/b", "sqlite3:///x", "postgresql://a/b"])
def test_an_address_of_another_kind_of_database_is_refused_at_once(address):
    with pytest.raises(Refused, match="DEBTOR_RETURNS_DATABASE_URL"):
        Database(address)
