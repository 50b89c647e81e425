"""The audit is written once, sealed into a chain, and a row that was changed behind our back is named."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from app.accounts.access import COMMAND_LINE
from app.audit import sealing, settled, verifying
from app.audit.models import AuditAction, AuditEvent, AuditSeal
from app.audit.service import record
from app.audit.verifying import Proof
from app.core import clock
from app.core.db import Database
from app.settings import get_settings

Behind = Callable[..., None]


def note(database: Database, number: int = 1) -> None:
    for each in range(number):
        with database.writing() as db:
            record(db, COMMAND_LINE, AuditAction.RETURN_NIL, "return", str(each), "RJ1", rows=each, codes=["R02"])


def proof_of(database: Database, noted: str | None = None, *more_keys: str) -> Proof:
    with database.reading() as db:
        return verifying.verify(db, [get_settings().secret_key.get_secret_value(), *more_keys], noted)


def head_of(database: Database) -> str:
    with database.reading() as db:
        return sealing.head(db).digest


def ids(database: Database) -> list[int]:
    with database.reading() as db:
        return list(db.exec(select(AuditEvent.id).order_by(AuditEvent.id)))


@pytest.fixture
def sealed(database: Database) -> list[int]:
    """Six events in two seals. Their ids."""
    for _ in range(2):
        note(database, 3)
        assert sealing.seal(database) == 3
    return ids(database)


@pytest.fixture
def behind(database: Database) -> Behind:
    """Changes rows as only somebody could who holds the database itself, and takes its triggers away."""

    def change(statement: str, **values: object) -> None:
        with database.migrating() as connection:
            if database.is_sqlite:
                names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger' "
                                                "AND tbl_name LIKE 'audit%'")).scalars().all()  # fmt: skip
                for name in names:
                    connection.execute(text(f"DROP TRIGGER {name}"))
            else:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(statement), values)

    return change


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET outcome = 'done'",
        "DELETE FROM audit_events",
        "UPDATE audit_seals SET digest = '0'",
        "DELETE FROM audit_seals",
    ],
)
def test_the_database_itself_refuses_to_change_or_delete_what_is_written(database, sealed, statement):
    with pytest.raises(DBAPIError, match="written once"), database.writing() as db:
        db.connection().execute(text(statement))
    assert ids(database) == sealed
    assert proof_of(database).wrong == 0


def test_a_row_is_not_replaced_by_another_of_its_id_either(database, sealed):
    change = "INSERT OR REPLACE INTO" if database.is_sqlite else "INSERT INTO"
    more = "" if database.is_sqlite else " ON CONFLICT (id) DO UPDATE SET actor = 'nobody'"
    with pytest.raises(DBAPIError, match="written once"), database.writing() as db:
        db.connection().execute(
            text(f"{change} audit_events SELECT * FROM audit_events WHERE id = :id{more}"), {"id": sealed[0]}
        )


def test_postgresql_does_not_empty_the_table_either(database, sealed):
    empty = "DELETE FROM" if database.is_sqlite else "TRUNCATE"
    with pytest.raises(DBAPIError, match="written once"), database.writing() as db:
        db.connection().execute(text(f"{empty} audit_events"))
    assert ids(database) == sealed


def test_what_was_sealed_proves_itself_and_what_is_not_yet_is_counted(database, sealed):
    note(database, 2)
    proof = proof_of(database)
    assert (proof.sealed, proof.seals, proof.unsealed, proof.wrong) == (6, 2, 2, 0)
    assert sealing.seal(database) == 2
    assert sealing.seal(database) == 0
    assert proof_of(database).unsealed == 0


def test_many_events_are_sealed_in_several_batches(database, monkeypatch):
    monkeypatch.setattr(sealing, "A_BATCH", 2)
    note(database, 5)
    assert sealing.seal(database) == 5
    proof = proof_of(database)
    assert (proof.seals, proof.sealed, proof.wrong) == (3, 5, 0)


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'nobody'", "outcome = 'refused'", "action = 'debt:hold'", "organisation_code = NULL", "subject_id = '9'",
        "subject_type = 'debt'", "detail = '{}'", "at = '2026-01-01 00:00:00+00:00'",
    ],
)  # fmt: skip
def test_a_changed_row_is_named(database, sealed, behind, change):
    if database.is_sqlite:
        change = change.replace("+00:00", ".000000")
    behind(f"UPDATE audit_events SET {change} WHERE id = :id", id=sealed[4])
    assert proof_of(database).sentences == [f"Event {sealed[4]} was changed (seal 2)."]


def test_a_missing_row_is_named(database, sealed, behind):
    behind("DELETE FROM audit_events WHERE id = :id", id=sealed[1])
    assert proof_of(database).sentences == [f"Event {sealed[1]} is missing (seal 1)."]


def test_the_last_row_of_a_seal_is_missed_too(database, sealed, behind):
    behind("DELETE FROM audit_events WHERE id = :id", id=sealed[5])
    assert proof_of(database).sentences == [f"Event {sealed[5]} is missing (seal 2)."]


def test_a_row_that_was_put_in_is_named(database, sealed, behind):
    columns = "at, actor, action, outcome, organisation_code, subject_type, subject_id, detail"
    behind(
        f"INSERT INTO audit_events (id, {columns}) SELECT :new, {columns} FROM audit_events WHERE id = :id",
        new=sealed[0] - 1, id=sealed[3],
    )  # fmt: skip
    assert proof_of(database).sentences == [f"Event {sealed[0] - 1} was put in after seal 1 was made."]


def test_the_first_of_several_faults_comes_first_and_all_are_counted(database, sealed, behind):
    behind("UPDATE audit_events SET actor = 'nobody' WHERE id >= :id", id=sealed[2])
    proof = proof_of(database)
    assert (proof.wrong, proof.sentences[0]) == (4, f"Event {sealed[2]} was changed (seal 1).")


def test_a_seal_that_was_made_to_fit_a_changed_row_does_not_fit_the_chain(database, sealed, behind):
    """The marks alone are changed with the row: the digest still holds what the row was."""
    behind("UPDATE audit_events SET actor = 'nobody' WHERE id = :id", id=sealed[0])
    with database.reading() as db:
        rows = db.exec(select(AuditEvent).where(AuditEvent.id <= sealed[2]).order_by(AuditEvent.id)).all()
        marks = verifying.digests.marks([(row.id, verifying.digests.of_event(row)) for row in rows])
    behind("UPDATE audit_seals SET marks = :marks WHERE id = 1", marks=marks)
    (sentence,) = proof_of(database).sentences
    assert sentence.startswith("Seal 1 was changed")


def test_a_chain_that_was_made_anew_has_another_signature_unless_the_key_was_known(
    database, sealed, behind, monkeypatch
):
    behind("UPDATE audit_events SET actor = 'nobody' WHERE id = :id", id=sealed[0])
    behind("DELETE FROM audit_seals")
    before = get_settings().secret_key.get_secret_value()
    monkeypatch.setenv("DEBTOR_RETURNS_SECRET_KEY", "the key of somebody who holds the database alone")
    get_settings.cache_clear()
    assert sealing.seal(database) == 6
    assert proof_of(database).wrong == 0
    with database.reading() as db:
        (sentence,) = verifying.verify(db, [before]).sentences
    assert "was not made by this service" in sentence
    assert proof_of(database, None, before).wrong == 0  # a former key is as good as today's


def test_a_noted_head_stays_in_the_chain_and_is_missed_when_the_chain_was_made_anew(database, sealed, behind):
    noted = head_of(database)
    note(database)
    sealing.seal(database)
    assert proof_of(database, noted).noted
    behind("DELETE FROM audit_events WHERE id > :id", id=sealed[2])
    behind("DELETE FROM audit_seals WHERE id > 1")
    assert proof_of(database).wrong == 0  # an end that was cut off is seen by nothing that is left
    assert "noted" in proof_of(database, noted).sentences[0]


def test_a_missing_seal_is_named_and_its_events_are_not_told_one_by_one(database, sealed, behind):
    note(database)
    sealing.seal(database)
    behind("DELETE FROM audit_seals WHERE id = 2")
    assert proof_of(database).sentences == ["Seal 2 is missing."]


def test_of_several_at_once_one_seals_and_nothing_is_sealed_twice(database):
    note(database, 20)
    done: list[int] = []
    threads = [threading.Thread(target=lambda: done.append(sealing.seal(database))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    proof = proof_of(database)
    assert (sum(done), proof.sealed, proof.seals, proof.wrong) == (20, 20, 1, 0)


def test_nothing_is_sealed_past_an_event_whose_transaction_is_still_under_way(database):
    """PostgreSQL draws the id early and shows the row late; SQLite lets no second writer draw one."""
    if database.is_sqlite:
        note(database, 2)
        assert settled.settled_through(database) == ids(database)[-1]
        return
    with ExitStack() as under_way:
        first = under_way.enter_context(database.writing())
        record(first, COMMAND_LINE, AuditAction.RETURN_NIL, "return", "early")
        note(database)
        assert settled.settled_through(database, patience=0.1) is None
    assert sealing.seal(database) == 2
    assert proof_of(database).wrong == 0


def test_an_id_that_was_drawn_and_never_used_is_no_gap(database):
    with pytest.raises(KeyError), database.writing() as db:
        record(db, COMMAND_LINE, AuditAction.RETURN_NIL, "return", "rolled back")
        raise KeyError
    note(database, 2)
    assert sealing.seal(database) == 2
    assert proof_of(database).wrong == 0


def test_a_seal_says_which_events_it_holds(database, sealed):
    with database.reading() as db:
        seals = db.exec(select(AuditSeal).order_by(AuditSeal.id)).all()
    assert [(seal.first_id, seal.last_id, seal.number) for seal in seals] == [
        (sealed[0], sealed[2], 3),
        (sealed[3], sealed[5], 3),
    ]
    assert seals[1].previous == seals[0].digest


def test_seals_that_were_taken_away_show_by_events_that_are_sealed_late_or_not_at_all(database, sealed, behind):
    assert proof_of(database).late == []
    behind("DELETE FROM audit_seals")
    later = clock.real_now() + timedelta(hours=2)
    proof = proof_of(database)
    assert (proof.unsealed, proof.wrong) == (6, 0)
    assert proof.waits_long(later)
    assert not proof.waits_long(clock.real_now())
    behind(
        "UPDATE audit_events SET at = :then",
        then="2026-01-01 09:00:00.000000" if database.is_sqlite else "2026-01-01 09:00+00",
    )
    assert sealing.seal(database) == 6
    proof = proof_of(database)
    assert (proof.late, proof.oldest, proof.wrong) == ([1], None, 0)


@pytest.mark.parametrize(
    "statement", ["DELETE FROM audit_seals WHERE id = 2", "UPDATE audit_seals SET digest = 'x' WHERE id = 2"]
)
def test_a_process_that_saw_a_longer_or_another_chain_does_not_go_on_with_this_one(database, sealed, behind, statement):
    chain = sealing.Chain(database)
    assert chain.seal() == 0
    behind(statement)
    note(database)
    with pytest.raises(sealing.ChainCut, match="seal 2 is gone or another one"):
        chain.seal()
    with database.reading() as db:
        assert sealing.head(db).unsealed > 0
