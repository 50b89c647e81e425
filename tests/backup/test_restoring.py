"""What a backup holds comes back, all of it, proven, or nothing does."""

from pathlib import Path

import pytest
from sqlmodel import select

from app.audit import sealing
from app.audit.models import AuditEvent
from app.core import migrating
from app.core.db import Database
from app.debts.models import Debt
from app.returns import queries
from app.tables import metadata
from app.verifying import service as verifying
from tests.backup.conftest import KEY, differing, restore, take
from tests.returns.conftest import row


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "register.backup"


def test_everything_comes_back_elsewhere_as_it_was_and_the_register_goes_on_there(rj1, elsewhere: Database, file: Path):
    sent = rj1.send([row("1"), row("2", family_name="Ó Brádaigh"), row("3", nationality="France")])
    taken = take(rj1.database, file, KEY)
    done = restore(elsewhere, file, KEY)
    assert (done.rows, done.wrong, taken.is_encrypted) == (taken.rows, [], True)
    assert differing(rj1.database, elsewhere) == {"audit_events", "audit_seals"}
    with rj1.database.reading() as here, elsewhere.reading() as there:
        original = queries.original(here, sent.return_)
        assert queries.original(there, sent.return_) == original
        more = [[event.action for event in db.exec(select(AuditEvent).order_by(AuditEvent.id))] for db in (here, there)]
        assert (more[0].pop(), more[1].pop()) == ("backup:take", "backup:restore")
        assert more[0] == more[1] != []
        assert [result.words for result in verifying.verify(there) if result.wrong] == []
        assert sealing.head(there).unsealed == 0
    assert migrating.drift(elsewhere, metadata) == []
    rj1.database = elsewhere
    rj1.send([row("1", amount_outstanding="100.00"), row("4")], on="2026-11-23")
    assert [debt.amount_outstanding for debt in rj1.debts()] == [10_000, 255_000, 255_000]


@pytest.mark.parametrize("_store", ["postgresql"], indirect=True)
def test_the_second_wall_hides_nothing_from_a_backup_and_stands_again_after_a_restore(rj1, elsewhere, file: Path):
    rj1.send([row("1")])
    take(rj1.database, file)
    restore(elsewhere, file)
    for codes, seen in ((["RJ1"], 1), (["RJ2"], 0)):
        with elsewhere.within(codes).reading() as db:
            assert len(db.exec(select(Debt)).all()) == seen


def test_a_register_moves_from_one_kind_of_database_to_the_other(_sqlite, _postgresql, hospital, file: Path):
    trust = hospital("RJ1")
    trust.send([row("1"), row("2", nationality="France")])
    other = _postgresql if trust.database.is_sqlite else _sqlite
    other.touched = True
    take(trust.database, file)
    restore(other.database, file)
    assert differing(trust.database, other.database) == {"audit_events", "audit_seals"}
    other.renew()
