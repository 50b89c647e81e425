"""Nothing of a purged person can be read anywhere: not in a table, not in a value that is packed, not in SQLite's file."""

import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from app.accounts.access import Actor, Grant
from app.accounts.models import User
from app.accounts.permissions import Role
from app.core.db import Database
from app.debts import holds, warnings_index
from app.debts.models import Search
from app.releases import acknowledgement, preparing, releasing, sampling, sign_off
from app.releases.models import Release
from app.releases.rules.words import Scope
from app.releases.sample_lines import sample_lines
from app.returns import amending, open_rows
from app.tables import metadata
from tests.releases.released import answer
from tests.retention.conftest import acknowledge, end
from tests.returns.conftest import Trust, at, row

SECRETS = [
    b"Quillfeather",
    b"Xanthippe",
    b"Mossgrave",
    b"ZX9988776",
    b"INV-Obscure-77",
    b"Elderberry Row",
    b"1971-07-13",
]
PERSON = {
    "family_name": "Quillfeather", "given_names": "Xanthippe", "other_names": "Mossgrave", "passport_number": "ZX9988776",
    "uk_address": "7 Elderberry Row", "date_of_birth": "13/07/1971", "your_reference": "Quillfeather file",
}  # fmt: skip
NUMBER = "INV-Obscure-77"
THEN = "2027-05-06"  # half a year after the release that told of the withdrawal


def a_life(trust: Trust, team) -> None:
    """Reported with remarks, sent back, amended, held, flagged, searched for, disputed on the open row, withdrawn."""
    trust.send([row(NUMBER, **PERSON, sex=""), row("Z-1")], on="2026-11-01")
    trust.send([row(NUMBER, **PERSON | {"nationality": "Atlantis"}), row("Z-1")], period="2026-09", on="2026-11-02")
    (open_row,) = trust.open_rows()
    debt = trust.debt(NUMBER)
    with at("2026-11-03"), trust.database.writing() as db:
        open_rows.close(db, trust.officer, open_row.id, "Xanthippe Quillfeather has paid")
        warnings_index.note_imported(db, datetime(2026, 11, 3, tzinfo=UTC), [debt.id])
        amending.amend_as_typed(db, trust.officer, debt.id, {"other_names": "Mossgrave Quillfeather"})
        holds.hold(db, team, debt.id, "Xanthippe Quillfeather called")
    with at("2026-11-04"), trust.database.writing() as db:
        holds.unhold(db, team, debt.id, "Quillfeather: all well")
        user = db.exec(select(User)).first()
        db.add(Search(actor=user.id, q="Quillfeather", created_at=datetime(2020, 1, 1, tzinfo=UTC)))
    release(trust, "MIDAS", on="2026-11-04")
    with at("2026-11-04"), trust.database.reading() as db:
        row_of_it = answer((debt.reference, "rejected", "No Quillfeather with ZX9988776 is known"))
        (first,) = db.exec(select(Release)).all()
    with at("2026-11-04"), trust.database.writing() as db:
        acknowledgement.take(db, team, first.id, "answer.csv", row_of_it)
    end(trust, NUMBER, "withdrawn", on="2026-11-05")
    release(trust, "MIDAS", on="2026-11-06")
    acknowledge(trust.database)


def release(trust: Trust, recipient: str, on: str) -> None:
    """Through every step, files and all."""
    one, two = (Actor(name, name, (Grant(Role.DEBTORS_TEAM),)) for name in ("one", "two"))
    with at(on):
        made = preparing.prepare(trust.database, one, Scope.FULL, recipient, "Monthly load")
        with trust.database.writing() as db:
            for each in sample_lines(db, made.id):
                sampling.judge(db, one, made.id, each.line, True)
            sign_off.approve(db, two, made.id)
        releasing.release(trust.database, two, made.id)


def everything(database: Database) -> dict[str, bytes]:
    """Every value of every table as bytes, unpacked; the tables as the database itself lists them."""
    listed = "SELECT name FROM sqlite_master WHERE type = 'table'"
    if not database.is_sqlite:
        listed = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    with database.reading() as db:
        names = [name for (name,) in db.execute(text(listed))]
        assert metadata.tables.keys() <= set(names)
        return {name: b"\n".join(_bytes(value) for line in db.execute(text(f'SELECT * FROM "{name}"')) for value in line)
                for name in names}  # fmt: skip


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes | memoryview):
        raw = bytes(value)
        return zlib.decompress(raw) if raw[:1] == b"x" else raw
    return str(value).encode()


def told(found: dict[str, bytes]) -> dict[str, list[bytes]]:
    """Which secrets stand in which table."""
    return {
        name: there
        for name, value in found.items()
        if (there := [one for one in SECRETS if one.lower() in value.lower()])
    }


def test_after_the_purge_no_table_tells_of_the_person(rj1, team, purge):
    a_life(rj1, team)
    assert {
        "debts",
        "debt_events",
        "open_rows",
        "return_parts",
        "holds",
        "warnings_index_events",
        "searches",
        "release_lines",
        "release_parts",
        "release_file_parts",
    } <= set(told(everything(rj1.database)))
    purge(THEN)
    assert told(everything(rj1.database)) == {}
    assert rj1.debt("Z-1").family_name == "Example"


@pytest.mark.parametrize("_store", ["sqlite"], indirect=True)
def test_after_the_purge_the_file_itself_holds_nothing_of_the_person(rj1, team, purge):
    a_life(rj1, team)
    files = [Path(str(rj1.database.url.database) + end_) for end_ in ("", "-wal")]
    assert all(any(secret in file.read_bytes() for file in files) for secret in SECRETS)
    purge(THEN)
    assert {file.suffix: [one for one in SECRETS if one in file.read_bytes()] for file in files} == {
        ".db": [], ".db-wal": []
    }  # fmt: skip
