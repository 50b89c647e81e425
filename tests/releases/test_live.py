"""The register as a file: only for who may take it out, with a purpose and a recipient, and recorded."""

import csv
import io
import tempfile
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import select

from app.accounts.access import Actor, Grant
from app.accounts.permissions import Role
from app.audit.models import AuditAction, AuditEvent
from app.core.db import Database
from app.core.errors import NotFound, Refused
from app.debts.filters import DebtFilter
from app.releases import live
from app.releases.live import Output
from tests.returns.conftest import Trust, at, hospital, rj1, row

__all__ = ["hospital", "rj1"]

TEAM = Actor("team", "The Debtors Team", (Grant(Role.DEBTORS_TEAM),))


@pytest.fixture(autouse=True)
def scratch(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the files go; only after the database is there, which has a place of its own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def write(trust: Trust, output: Output = Output.CSV, actor: Actor = TEAM, **wanted: object) -> Path:
    asked = DebtFilter(**wanted)  # type: ignore[arg-type]
    with at("2026-11-22"):
        return live.write(trust.database, actor, asked, output, "Monthly load", "MIDAS", {"Nationality": "Ghana"})


def exports(trust: Trust) -> list[AuditEvent]:
    with trust.database.reading() as db:
        return list(
            db.exec(select(AuditEvent).where(AuditEvent.action == AuditAction.REGISTER_EXPORTED).order_by("id"))
        )


def test_exactly_what_was_filtered_is_written_and_recorded(rj1: Trust):
    rj1.send([row("1"), row("2", nationality="Ghana")])
    lines = list(csv.reader(io.StringIO(write(rj1, nationality="GHA").read_text("utf-8-sig"), newline="")))
    assert len(lines) == 2 and "2" in lines[1]
    (event,) = exports(rj1)
    assert event.detail == {
        "debts": 1, "purpose": "Monthly load", "recipient": "MIDAS", "filters": ["Nationality=Ghana"],
    }  # fmt: skip


def test_the_workbook_names_on_its_cover_what_it_is_for(rj1: Trust):
    rj1.send([row("1")])
    book = openpyxl.load_workbook(write(rj1, Output.XLSX))
    cover = {line[0].value: line[1].value for line in book["About this output"]}
    assert (cover["Purpose"], cover["Recipient"], cover["Filters"]) == ("Monthly load", "MIDAS", "Nationality: Ghana")


@pytest.mark.parametrize(
    ("purpose", "recipient", "field"),
    [("", "MIDAS", "purpose"), ("  ", "MIDAS", "purpose"), ("x" * 201, "MIDAS", "purpose"),
     ("Load", "", "recipient"), ("Load", "a\0b", "recipient"), ("Load", "a\nb", "recipient"),
     ("About Pruitt born 1961-06-15", "MIDAS", "purpose"), ("Load", "The ward of K01234567", "recipient"),
     ("Load", "adaeze.okonkwo@homeoffice.example", "recipient"), ("For +44 (0)20 7946 0123", "MIDAS", "purpose")],
)  # fmt: skip
def test_without_a_purpose_and_a_recipient_nothing_is_made(
    rj1: Trust,
    scratch: Path,
    purpose: str,
    recipient: str,
    field: str,
):
    with pytest.raises(Refused) as refused:
        live.write(rj1.database, TEAM, DebtFilter(), Output.CSV, purpose, recipient, {})
    assert refused.value.field == field
    assert exports(rj1) == [] and list(scratch.iterdir()) == []


@pytest.mark.parametrize("code", ["NOPE", "RJ1"])
def test_what_may_not_be_seen_leaves_neither_a_file_nor_a_record(rj1: Trust, scratch: Path, code: str):
    with pytest.raises(NotFound):
        write(rj1, actor=TEAM if code == "NOPE" else rj1.officer, organisation=code)
    assert exports(rj1) == [] and list(scratch.iterdir()) == []
