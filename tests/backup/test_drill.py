"""A backup that is taken while returns come in holds a register of one moment."""

from pathlib import Path

import pytest
from sqlalchemy import func
from sqlmodel import select

from app.core.db import Database
from app.debts.models import Debt, DebtEvent
from app.returns.models import Return
from tests.backup import drill

FOLLOWS = ("Returns whose numbers add up", "Every debt can be found by its words", "Everything that is pointed to")


def test_a_backup_while_returns_come_in_holds_whole_returns(database: Database, elsewhere: Database, tmp_path: Path):
    drill.make(database, 200, 1, organisations=10, months=6)
    done = drill.run(database, elsewhere, tmp_path / "register.backup")
    _is_of_one_moment(elsewhere, done)


def _is_of_one_moment(elsewhere: Database, done: drill.Drill) -> None:
    """Of every return that came in meanwhile all twenty debts are there, or it is not there itself."""
    assert [words for words in done.wrong if words.startswith(FOLLOWS)] == []
    with elsewhere.reading() as db:
        came = select(Return.id).where(Return.filename == "bench.xlsx")
        debts = select(func.count()).select_from(Debt).where(Debt.first_return_id.in_(came))  # type: ignore[attr-defined]
        events = select(func.count()).select_from(DebtEvent).where(DebtEvent.return_id.in_(came))  # type: ignore[union-attr]
        returns = len(db.exec(came).all())
        assert returns > 0
        assert [db.exec(debts).one(), db.exec(events).one()] == [20 * returns] * 2


@pytest.mark.soak
def test_a_register_of_a_gigabyte_is_restored(
    database: Database, elsewhere: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    source = (
        Database(f"sqlite:///{tmp_path}/source.db") if database.is_sqlite else database
    )  # on the disk, not in memory
    drill.make(source, 100_000, 800)
    done = drill.run(source, elsewhere, tmp_path / "register.backup")
    with capsys.disabled():
        print(f"\n{elsewhere.url.get_backend_name()}: {done}")
    _is_of_one_moment(elsewhere, done)
