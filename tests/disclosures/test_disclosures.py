"""Who has received a debt: files of any length, kept compactly, and the feed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, func, select

from app.accounts.access import Actor, Grant
from app.accounts.permissions import Role
from app.core.db import Database
from app.core.ids import new_id
from app.debts import warnings_index
from app.debts.filters import DebtFilter
from app.disclosures import service as disclosures
from app.disclosures.lines import LARGEST_WHOLE, Lines
from app.disclosures.models import DisclosurePart
from app.disclosures.service import Giving
from app.releases import live
from app.releases.live import Output
from tests.returns.conftest import Trust, at, hospital, rj1, row

__all__ = ["hospital", "rj1"]
TEAM = Actor("team", "The Debtors Team", (Grant(Role.DEBTORS_TEAM),))
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def given(db: Session, recipient: str, debt_ids: list[str], seen: int = 0) -> None:
    giving = Giving(disclosures.LIVE, recipient, "Monthly load", NOON + timedelta(days=seen), "team", seen)
    disclosures.note(db, giving, Lines(debt_ids))


def who(db: Session, debt_id: str) -> list[str]:
    return [receipt.recipient for receipt in disclosures.received_by(db, debt_id)]


@pytest.mark.parametrize("number", [1, LARGEST_WHOLE, LARGEST_WHOLE + 1])
def test_each_line_of_a_file_of_any_length_is_found_and_no_other(db: Session, number: int):
    debt_ids = [new_id() for _ in range(number)]
    given(db, "MIDAS", debt_ids[:-1] or debt_ids)
    given(db, "Audit office", debt_ids[-1:], seen=1)
    for debt_id in debt_ids[:20]:
        assert "MIDAS" in who(db, debt_id)
    assert who(db, debt_ids[-1])[-1] == "Audit office"
    assert who(db, new_id()) == []


def test_a_line_takes_less_than_sixteen_bytes_and_a_large_file_is_divided(db: Session):
    given(db, "MIDAS", [new_id() for _ in range(LARGEST_WHOLE + 1)])
    parts = db.exec(select(DisclosurePart)).all()
    assert len(parts) == 256
    assert sum(len(part.debt_ids) for part in parts) < 16 * (LARGEST_WHOLE + 1)


def test_a_file_without_debts_gives_nobody_anything(db: Session):
    given(db, "MIDAS", [])
    assert db.exec(select(func.count()).select_from(DisclosurePart)).one() == 0


def test_the_newest_file_counts_and_spelling_makes_no_other_recipient(db: Session):
    one, other = new_id(), new_id()
    given(db, "MIDAS", [one, other], seen=3)
    given(db, " midas", [one], seen=8)
    received = disclosures.last_received(db, {one, other})
    assert {key: {id_: receipt.seen for id_, receipt in each.items()} for key, each in received.items()} == {
        "midas": {one: 8, other: 3}
    }


def test_a_download_of_the_register_notes_exactly_its_debts(rj1: Trust, database: Database):
    rj1.send([row("1"), row("2", nationality="Ghana")])
    with at("2026-11-22"):
        for output in (Output.CSV, Output.XLSX):
            live.write(database, TEAM, DebtFilter(nationality="GHA"), output, "Monthly load", "MIDAS", {}).unlink()
    with database.reading() as db:
        (first, second) = disclosures.received_by(db, rj1.debt("2").id)
        assert (first.recipient, first.purpose, first.kind) == ("MIDAS", "Monthly load", "live")
        assert first.seen == second.seen and (first.seen or 0) > 0
        assert disclosures.received_by(db, rj1.debt("1").id) == []


def test_the_warnings_index_is_a_recipient_too(rj1: Trust, database: Database):
    rj1.send([row("1")])
    with database.writing() as db:
        warnings_index.carried(db, NOON, [rj1.debt("1").id])
    with database.reading() as db:
        (receipt,) = disclosures.received_by(db, rj1.debt("1").id)
    assert (receipt.recipient, receipt.purpose, receipt.at) == ("Warnings Index", "Flag added", NOON)
