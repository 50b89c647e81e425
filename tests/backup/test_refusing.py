"""Nothing is overwritten that a backup does not hold, and a backup that is not sound changes nothing."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from app.audit import sealing
from app.audit.models import AuditSeal
from app.backup import rows, standing
from app.backup.archive import Head, Sum, Writer
from app.core import clock, migrating
from app.core.db import Database, metadata
from app.core.errors import Conflict, Refused, ServiceError
from tests.backup.conftest import KEY, differing, holds, restore, take
from tests.returns.conftest import Trust, row


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "register.backup"


def refused(database: Database, file: Path, says: str, error: type[ServiceError] = Refused, **more: bool) -> None:
    """It says why, and every table is as it was."""
    before = holds(database)
    with pytest.raises(error, match=says):
        restore(database, file, KEY, **more)
    assert holds(database) == before
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".")] == []


def test_newer_data_is_overwritten_only_when_somebody_says_so(rj1: Trust, file: Path):
    rj1.send([row("1")])
    take(rj1.database, file, KEY)
    rj1.send([row("1", amount_outstanding="100.00"), row("2")])
    refused(rj1.database, file, "holds newer data than the backup: it was taken on .* Add|add --force", Conflict)
    restore(rj1.database, file, KEY, force=True)
    assert [debt.amount_outstanding for debt in rj1.debts()] == [255_000]


def test_what_happened_since_without_changing_the_register_is_not_newer_data(rj1: Trust, file: Path):
    rj1.send([row("1")])
    take(rj1.database, file, KEY)
    restore(rj1.database, file, KEY)
    take(rj1.database, file, KEY, force=True)
    restore(rj1.database, file, KEY)
    assert [debt.invoice_number for debt in rj1.debts()] == ["1"]


def test_an_older_state_of_the_same_register_is_replaced_without_asking(
    rj1: Trust, elsewhere: Database, file: Path
):  # fmt: skip
    rj1.send([row("1")])
    take(rj1.database, file, KEY)
    restore(elsewhere, file, KEY)
    rj1.send([row("2")], on="2026-11-23")
    take(rj1.database, file, KEY, force=True)
    restore(elsewhere, file, KEY)
    assert differing(rj1.database, elsewhere) == {"audit_events", "audit_seals"}


def test_another_register_is_not_replaced_though_it_is_older(
    rj1: Trust, hospital, elsewhere: Database, file: Path
):  # fmt: skip
    rj1.send([row("1")])
    migrating.upgrade(elsewhere)
    with elsewhere.writing() as db:
        other = {"id": "f" * 32, "email": "other@trust.example", "at": "2026-01-01 00:00:00.000000+00:00"}
        db.execute(text("INSERT INTO users (id, email, name, created_at) VALUES (:id, :email, '', :at)"), other)
        event = "INSERT INTO audit_events (at, actor, action, outcome, subject_type, subject_id, detail)"
        db.execute(text(f"{event} VALUES (:at, 'x', 'user:add', 'done', 'user', :id, '{{}}')"), other)
    take(rj1.database, file, KEY)
    refused(elsewhere, file, "something that the backup does not", Conflict)


def test_what_is_done_while_a_backup_is_read_is_not_lost(rj1: Trust, file: Path):
    """On SQLite somebody may still be at work; PostgreSQL lets nobody in meanwhile."""
    rj1.send([row("1")])
    take(rj1.database, file, KEY)

    def meanwhile(read: int, of: int) -> None:
        if read == of:
            rj1.send([row("2")])

    if rj1.database.is_sqlite:
        with pytest.raises(Conflict, match="was used meanwhile"):
            restore(rj1.database, file, KEY, told=meanwhile)
        assert [debt.invoice_number for debt in rj1.debts()] == ["1", "2"]
        return
    with rj1.database.reading() as db:
        before = standing.standing(db.connection())
    rj1.send([row("2")])
    with pytest.raises(Conflict, match="was used meanwhile"), rj1.database.migrating() as connection:
        standing.refuse_used(before, standing.standing(connection))


def test_a_backup_that_is_damaged_at_its_very_end_changes_nothing(rj1: Trust, elsewhere: Database, file: Path):
    rj1.send([row("1")])
    take(rj1.database, file, KEY)
    restore(elsewhere, file, KEY)
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    refused(elsewhere, file, "damaged", force=True)


def test_a_register_that_does_not_follow_from_its_history_comes_back_only_by_force(
    rj1: Trust, elsewhere: Database, file: Path
):  # fmt: skip
    rj1.send([row("1")])
    with rj1.database.writing() as db:
        db.execute(text("UPDATE debts SET amount_outstanding = 5"))
    take(rj1.database, file, KEY)
    migrating.upgrade(elsewhere)
    refused(elsewhere, file, "Debts whose status, amount and days are as their newest event says: 1")
    assert "says: 1" in " ".join(restore(elsewhere, file, KEY, force=True).wrong)
    rj1.database = elsewhere
    assert rj1.debt("1").amount_outstanding == 5


def test_a_row_that_is_lost_on_the_way_into_the_database_is_noticed(rj1: Trust, elsewhere: Database, file: Path):
    """What the end of the backup says is compared with the database itself."""
    rj1.send([row("1"), row("2")])
    shown = holds(rj1.database)["debt_events"]
    with file.open("wb") as out, rj1.database.reading() as db:
        tables = rows.shape(metadata)
        archive = Writer(out, KEY, Head(clock.real_now(), migrating.head(), "sqlite", tables))
        for table, columns in tables.items():
            list(archive.rows(table, rows.read(db.connection(), table, columns)))
        archive._sums["debt_events"] = Sum(shown.rows + 1, shown.sha256)
        archive.finish()
    migrating.upgrade(elsewhere)
    refused(elsewhere, file, "debt_events: what was restored is not what was written")


@pytest.mark.parametrize("revision", ["2026_11_22_first_tables", "2031_01_01_from_the_future"])
def test_an_older_backup_is_brought_up_to_date_and_a_newer_one_refused(
    revision: str, elsewhere: Database, file: Path
):  # fmt: skip
    columns = [(name, "text") for name in ("code", "name", "nation", "region", "organisation_type")]
    columns.append(("acute_provider", "yes-no"))
    with file.open("wb") as out:
        archive = Writer(out, KEY, Head(clock.real_now(), revision, "sqlite", {"organisations": columns}))
        list(archive.rows("organisations", [("RJ1", "A trust", "England", "London", "NHS Trust", 1)]))
        archive.finish()
    if "future" in revision:
        migrating.upgrade(elsewhere)
        refused(elsewhere, file, "is from a newer version")
        return
    assert restore(elsewhere, file, KEY).rows == 1
    assert migrating.current(elsewhere) == migrating.head()


def test_a_register_that_was_never_migrated_to_this_version_is_not_backed_up(elsewhere: Database, file: Path):
    migrating.upgrade(elsewhere, "2026_11_22_first_tables")
    with pytest.raises(Refused, match="Run debtor-returns migrate first"):
        take(elsewhere, file)
    assert not file.exists()


def test_an_audit_that_is_not_as_it_was_sealed_is_noticed(rj1: Trust, elsewhere: Database, file: Path):
    rj1.send([row("1")])
    sealing.seal(rj1.database)
    take(rj1.database, file, KEY)
    restore(elsewhere, file, KEY)
    with rj1.database.reading() as here, elsewhere.reading() as there:
        before, after = ([one.digest for one in db.exec(select(AuditSeal))] for db in (here, there))
    assert before == after[: len(before)] != []
    with rj1.database.migrating() as connection:
        guard = "audit_events_changed" if elsewhere.is_sqlite else "audit_events_rewritten ON audit_events"
        connection.execute(text(f"DROP TRIGGER {guard}"))
        connection.execute(text("UPDATE audit_events SET actor = 'somebody else' WHERE action = 'return:submit'"))
    take(rj1.database, file, KEY, force=True)
    refused(elsewhere, file, r"Event \d+ was changed", force=False)
