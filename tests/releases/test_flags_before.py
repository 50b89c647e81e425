"""Flags that were on before this service, of debts that no release has carried: the files take them off, each once."""

from datetime import date
from pathlib import Path

import pytest

from app.core.db import Database
from app.debts import holds
from app.debts.service import Move
from app.return_template.choices import Status
from app.returns import amending
from tests.old_register.conftest import Office, line, office
from tests.releases.test_flags_of_held_debts import TEAM, _out
from tests.returns.conftest import Trust, at, hospital, rj1

__all__ = ["hospital", "office", "rj1"]

Flags = list[tuple[str, str]]


@pytest.fixture
def files(rj1: Trust, tmp_path: Path):
    """The flags of the next release's file, on a day of its own."""
    days = iter(range(23, 31))

    def next_file(scope: str, recipient: str = "Y") -> Flags:
        day = next(days)
        with at(f"2026-11-{day}"):
            return _out(rj1, scope, recipient, tmp_path / str(day))

    return next_file


def held(database: Database, office: Office, number: str) -> None:
    with at("2026-11-22T13:00"), database.writing() as db:
        holds.hold(db, TEAM, office.debt(number).id, "An answer is awaited")


def test_a_held_debt_of_the_old_register_leaves_the_list_once_with_each_recipient(office: Office, files):
    office.load([line("1"), line("2")])
    held(office.database, office, "1")
    assert files("full") == [("add", "2"), ("remove", "1")]
    assert files("full") == [("add", "2")]
    assert files("changes") == []
    assert files("changes", "X") == [("remove", "1")]
    assert files("changes", "X") == []
    with at("2026-11-28"), office.database.writing() as db:
        holds.unhold(db, TEAM, office.debt("1").id, "It stands")
    assert files("full") == [("add", "1"), ("add", "2")]
    assert files("changes", "X") == [("add", "1")], "its flag is on again with Y, but X has not been told"


STALE = {"status": "Payment plan", "since": "01/02/2025", "flag": "Yes"}


@pytest.mark.parametrize("scope", ["full", "changes"])
def test_what_should_not_have_been_on_the_list_when_it_was_loaded_leaves_it_once(office: Office, files, scope: str):
    office.load([line("1", nationality="French", flag="Yes"), line("2", **STALE), line("3", **STALE | {"flag": "No"}),
                 line("4", status="Paid", left="0", since="01/02/2025", flag="Yes")])  # fmt: skip
    assert office.debt("1").held
    assert sorted(files(scope)) == [("remove", "1"), ("remove", "2"), ("remove", "4")]
    assert files(scope) == []


def test_the_flag_goes_with_the_name_under_which_it_was_shown(office: Office, rj1: Trust, tmp_path: Path):
    office.load([line("1")])
    with at("2026-11-22T13:00"), office.database.writing() as db:
        amending.amend(db, rj1.officer, office.debt("1").id, {"passport_number": "B7654321"})
    held(office.database, office, "1")
    with at("2026-11-23"):
        assert _out(rj1, "changes", "Y", tmp_path / "a", column="passport_number") == [("remove", "A0000001")]


def test_a_corrected_person_is_taken_off_as_it_was_shown_and_added_anew(office: Office, rj1: Trust, tmp_path: Path):
    office.load([line("1")])
    with at("2026-11-22T13:00"), office.database.writing() as db:
        amending.amend(db, rj1.officer, office.debt("1").id, {"passport_number": "B7654321"})
    with at("2026-11-23"):
        found = _out(rj1, "changes", "Y", tmp_path / "a", column="passport_number")
    assert found == [("remove", "A0000001"), ("add", "B7654321")]


def test_a_debt_that_ended_since_it_was_loaded_is_taken_off_by_its_line_alone(office: Office, files):
    office.load([line("1"), line("2")])
    with at("2026-11-22T13:00"), office.database.writing() as db:
        move = Move(Status.REPAID, date(2026, 11, 22), 0)
        amending.change_status(db, TEAM, office.debt("1").id, move)
    assert files("changes") == [("remove", "1")]
    assert files("changes") == []
