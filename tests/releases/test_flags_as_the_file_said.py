"""A hold that begins or ends while the files are written: what the file said is what counts, for flags and for who got what."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from app.accounts.access import Actor
from app.audit.models import AuditAction, AuditEvent
from app.core.db import Database
from app.debts import holds
from app.disclosures import service as disclosures
from app.disputes import corrections
from app.releases import releasing
from app.returns import amending
from app.settings import get_settings
from tests.disputes.conftest import team
from tests.old_register.conftest import Office, line, office
from tests.releases.leaving import ONE, TWO, approved, flags, leaves
from tests.returns.conftest import Trust, at, hospital, rj1, row

__all__ = ["hospital", "office", "rj1", "team"]


def hold(database: Database, debt_id: str, on: str) -> None:
    with at(on), database.writing() as db:
        holds.hold(db, ONE, debt_id, "An answer is awaited")


def unhold(database: Database, debt_id: str, on: str) -> None:
    with at(on), database.writing() as db:
        holds.unhold(db, ONE, debt_id, "It stands")


def leaving(database: Database, folder: Path, meanwhile: Callable[[], None]) -> list[tuple[str, str]]:
    """The flags of a release of changes; something happens between the writing of its files and its end."""
    made = approved(database, on="2026-11-24")
    with at("2026-11-24T13:00"):
        ready = releasing.write(database, made.id, folder / "files")
    meanwhile()
    with at("2026-11-24T14:00"), database.writing() as db:
        assert releasing.conclude(db, TWO, made.id, ready) is not None
    return flags(database, made)


@pytest.mark.parametrize("mode", ["at_once", "on_release"])
def test_a_flag_comes_back_when_its_hold_ended_while_the_files_were_written(
    rj1: Trust, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str,
):  # fmt: skip
    monkeypatch.setenv("DEBTOR_RETURNS_WARNINGS_INDEX_ADDS", mode)
    get_settings.cache_clear()
    rj1.send([row("1"), row("2")])
    database, id_ = rj1.database, rj1.debt("1").id
    leaves(database, "full")
    hold(database, id_, "2026-11-23T14:00")
    ended = leaving(database, tmp_path, lambda: unhold(database, id_, "2026-11-24T13:30"))
    assert ended == [("remove", "1")]
    leaves(database, "full", "Another", "2026-11-25")  # by now its flag is on again, as far as the register knows
    assert flags(database, leaves(database, on="2026-11-26")) == [("add", "1")]
    assert flags(database, leaves(database, on="2026-11-27")) == []


def test_a_flag_from_before_the_service_comes_back_too(office: Office, tmp_path: Path):
    office.load([line("1"), line("2")])
    database, id_ = office.database, office.debt("1").id
    hold(database, id_, "2026-11-23T14:00")
    ended = leaving(database, tmp_path, lambda: unhold(database, id_, "2026-11-24T13:30"))
    assert ended == [("remove", "1")]
    leaves(database, "full", "Another", "2026-11-25")
    assert flags(database, leaves(database, on="2026-11-26")) == [("add", "1")]


def test_a_hold_that_began_while_the_files_were_written_is_told_by_the_next_one(rj1: Trust, tmp_path: Path):
    rj1.send([row("1"), row("2")])
    leaves(rj1.database, "full")
    id_ = rj1.debt("1").id
    assert leaving(rj1.database, tmp_path, lambda: hold(rj1.database, id_, "2026-11-24T13:30")) == []
    assert flags(rj1.database, leaves(rj1.database, on="2026-11-25")) == [("remove", "1")]


def test_who_receives_a_person_in_the_warnings_index_file_alone_is_noted(office: Office, rj1: Trust):
    office.load([line("1"), line("2")])
    rj1.send([row("3"), row("4")], on="2026-11-22T12:30")
    imported, reported = office.debt("1").id, rj1.debt("3").id
    leaves(rj1.database, "full", "Y")
    for debt_id in (imported, reported):
        hold(rj1.database, debt_id, "2026-11-23T14:00")
    to_y, to_x = (leaves(rj1.database, recipient=name, on="2026-11-24") for name in "YX")
    assert sorted(flags(rj1.database, to_y)) == [("remove", "1"), ("remove", "3")]
    assert sorted(flags(rj1.database, to_x)) == [("add", "4"), ("remove", "1")]
    with rj1.database.reading() as db:
        got = {
            name: [(receipt.recipient, receipt.at.day) for receipt in disclosures.received_by(db, id_)
                   if receipt.kind == disclosures.RELEASE]
            for name, id_ in (("imported", imported), ("reported", reported))
        }  # fmt: skip
        audit = db.exec(select(AuditEvent).where(AuditEvent.action == AuditAction.RELEASE_RELEASED)).all()
    assert got == {"imported": [("Y", 23), ("Y", 24), ("X", 24)], "reported": [("Y", 23), ("Y", 24)]}
    assert [event.detail["lines"] for event in sorted(audit, key=lambda event: event.id)] == [4, 0, 1]


def test_a_flag_that_is_taken_off_under_the_old_name_tells_nobody_of_its_correction(
    office: Office, rj1: Trust, team: Actor,
):  # fmt: skip
    office.load([line("1"), line("2")])
    rj1.send([row("3")], on="2026-11-22T12:30")
    leaves(rj1.database, "full", "Y")
    for number in ("1", "3"):
        with at("2026-11-23T13:00"), rj1.database.writing() as db:
            amending.amend(db, rj1.officer, rj1.debt(number).id, {"passport_number": "B7654321"})
        hold(rj1.database, rj1.debt(number).id, "2026-11-23T14:00")
    for recipient in "YX":
        leaves(rj1.database, recipient=recipient, on="2026-11-24")
    with rj1.database.reading() as db:
        waiting = corrections.waiting(db, team)
    assert sorted((one.recipient, one.debt.invoice_number) for one in waiting) == [("X", "1"), ("Y", "1"), ("Y", "3")]
