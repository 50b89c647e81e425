"""Nothing that the service writes down or sends, besides the register and its outputs, tells who anybody is."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from sqlalchemy import inspect, text

from app.accounts.permissions import Role
from app.core import outbox
from app.core.db import Database
from tests.api.conftest import PERIOD, dispute_of, workbook
from tests.cli.test_commands import say
from tests.mail_servers import smtp_server
from tests.old_register.conftest import line, old_csv
from tests.privacy.conftest import Running
from tests.privacy.marks import ACCEPTED, ELSEWHERE, IMPORTED, MARKS, REFUSED, REJECTED, TYPED, found_in, somebody
from tests.receiver import receiving

# The tables that hold people, each with its reason. Everything else in the database is searched for them.
HOLD_PEOPLE = {
    "debts": "the register",
    "words_of_debts": "the register's index of words, by which it is searched",
    "return_parts": "every row as the trust sent it, and the original",
    "returns": "the name of the file that a trust sent, shown to that trust",
    "open_rows": "rejected rows, for their trust alone",
    "searches": "what somebody typed to find a person, for an hour, shown to nobody else",
    "warnings_index_events": "the feed to the Warnings Index",
    "release_parts": "the lines of a release by parts",
    "release_file_parts": "the files of a release",
    "register_import_parts": "every row of the register before",
    "disputes": "what the person said, in the Debtors Team's words",
}
NAME_OF_A_FILE = f"{TYPED} {ACCEPTED}.xlsx"
KEY = "a key that only these tests share with it"


# PostgreSQL's errors quote the row, SQLite's do not.
@pytest.mark.parametrize("_store", ["postgresql", pytest.param("sqlite", marks=pytest.mark.soak)], indirect=True)
def test_only_the_register_and_its_outputs_tell_who_anybody_is(running: Running):
    """One long story, in which everything goes wrong that can; then everything that was emitted is searched."""
    ovm, team = running.person(Role.TRUST), running.person(Role.DEBTORS_TEAM)
    debt = _returns(ovm)
    _searches_and_forms(ovm, running, debt)
    with _a_constraint_that_quotes_the_row(running.database):
        assert ovm.call("PATCH", f"/debts/{debt}", json={"family_name": ELSEWHERE}).status_code >= 500
    _release_and_deliver(team, running.person(Role.DEBTORS_TEAM, name="second"), running)
    assert team.post("/disputes", dispute_of(debt, note=f"{TYPED} says it was paid.")).status_code == 201
    question = {
        "family_name": ACCEPTED,
        "date_of_birth": "1961-07-13",
        "passport_number": "Q7X9Q2W8",
        "reason": "arrival",
    }
    assert running.person(Role.BORDER).post("/status-checks", question).json()["items"]
    _import(running)
    arguments, left_over = running.processes(), running.temporary()

    log = running.log()
    assert '"error"' in log or "error=" in log, "the story holds a fault that is logged"
    assert found_in(log) == set()
    assert len(arguments) > 1
    assert found_in("\n".join(arguments)) == set()
    assert {name: found_in(name.encode() + held) for name, held in left_over.items() if found_in(held)} == {}
    told = {str(answer.url): sorted(found_in(str(answer.headers))) for answer in running.answers}
    assert {url: marks for url, marks in told.items() if marks} == {}
    holding = _tables_with_people(running.database)
    assert holding - set(HOLD_PEOPLE) == set()
    assert {"debts", "open_rows", "warnings_index_events", "release_parts"} <= holding, "the search sees people"


def _returns(ovm: Any) -> str:
    """Accepted, rejected and refused rows; the id of the accepted debt."""
    rejected = somebody(REJECTED, 2, nationality="FRA")
    clinical = somebody(REJECTED, 3, uk_address="Ward 7, oncology, diagnosis of cancer, Zanzibar Mews")
    wrong = somebody(REJECTED, 4, date_of_birth="13.07.1961 or so", status="Zyxwortham", nationality="Zyxworthamian")
    data = workbook(somebody(ACCEPTED), rejected, clinical, wrong)
    form = {"organisation": "RJ1", "period": PERIOD, "declaration": "true"}
    sent = ovm.call("POST", "/returns", data=form, files={"file": (NAME_OF_A_FILE, data)})
    assert sent.json()["counts"]["accepted"] == 1 and sent.json()["counts"]["rejected"] == 3, sent.text
    for broken in (
        data[: len(data) // 2],
        f"{REFUSED},Qelindra,1961-07-13\n".encode(),
        b"PK\x03\x04" + REFUSED.encode() * 90,
        f"Invoice number,Diagnosis of {REFUSED}\nZQINV-88009,x\n".encode(),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + REFUSED.encode("utf-16-le") * 90,
    ):
        assert ovm.call("POST", "/returns", data=form, files={"file": (f"{REFUSED}.xls", broken)}).status_code == 422
    for bad in ({"organisation": TYPED}, {"period": TYPED}, {"declaration": TYPED}):
        assert ovm.upload(data, **bad).status_code in {404, 422}
    return str(ovm.get("/debts").json()["items"][0]["id"])


def _searches_and_forms(ovm: Any, running: Running, debt: str) -> None:
    """What people type, in the right place and in every wrong one."""
    found = ovm.post("/debts/search", {"q": ACCEPTED}).json()
    assert len(found["items"]) == 1, found
    for path in (f"/debts?q={TYPED}", f"/debts?cursor={TYPED}", f"/debts/{TYPED}", f"/{TYPED}?{TYPED}=1"):
        ovm.call("GET", path, headers={"User-Agent": TYPED, "Referer": f"https://a.example/{TYPED}"})
    for body in ('{"q": "Fenwixalot', '{"Fenwixalot": 1}', '{"q": {"Fenwixalot": "Qelindra"}}', "Fenwixalot"):
        ovm.call("POST", "/debts/search", content=body, headers={"Content-Type": "application/json"})
        ovm.call("PATCH", f"/debts/{debt}", content=body, headers={"Content-Type": "application/json"})
    for change in (
        {"date_of_birth": TYPED},
        {"nationality": TYPED},
        {"invoice_amount": TYPED},
        {"uk_address": "a" * 999},
    ):
        assert ovm.call("PATCH", f"/debts/{debt}", json=change).status_code == 422
    ovm.call("POST", f"/debts/{debt}/status", json={"status": TYPED, "status_date": TYPED, "amount_outstanding": TYPED})
    ovm.call(TYPED, "/debts", headers={"X-Forwarded-For": TYPED, "X-Request-ID": TYPED, "Idempotency-Key": TYPED})
    visitor = running.visitor(Role.TRUST, "RJ1")
    searched = visitor.post("/debts", {"q": TYPED})
    assert searched.status_code == 303
    assert visitor.follow(searched).status_code == 200
    visitor.post(f"/debts/{debt}/amend", {"family_name": "", "given_names": TYPED, "date_of_birth-day": TYPED})
    upload = visitor.post("/returns/upload?organisation=RJ1&period=2026-10", {"declaration": "true"},
                          files={"file": (NAME_OF_A_FILE, workbook(somebody(ACCEPTED), somebody(REJECTED, 2)))})  # fmt: skip
    assert visitor.follow(upload).status_code == 200
    stranger = running.client()
    stranger.post("/sign-in", data={"email": f"{TYPED}@all.example", "password": f"{TYPED}-1961-07-13"})
    stranger.get(f"/reset-password/{TYPED}", params={"next": f"/debts?q={TYPED}"})


@contextmanager
def _a_constraint_that_quotes_the_row(database: Database) -> Iterator[None]:
    """Both databases then complain in words that hold the person."""
    if database.is_sqlite:
        make = (
            "CREATE TRIGGER quoting BEFORE UPDATE ON debts WHEN NEW.family_name = 'Grimbuldo' "
            "BEGIN SELECT RAISE(ABORT, 'Grimbuldo Qelindra, born 1961-07-13, may not be'); END"
        )
        undo = "DROP TRIGGER quoting"
    else:
        make = "ALTER TABLE debts ADD CONSTRAINT quoting CHECK (family_name <> 'Grimbuldo')"
        undo = "ALTER TABLE debts DROP CONSTRAINT quoting"
    with database.writing() as db:
        db.connection().exec_driver_sql(make)
    try:
        yield
    finally:
        with database.writing() as db:
            db.connection().exec_driver_sql(undo)


def _quoting(handler: BaseHTTPRequestHandler) -> None:
    """A recipient that answers with the person in its status line, its headers and its body."""
    handler.wfile.write(b"HTTP/1.1 400 Zyxwortham refused\r\nX-Why: Zyxwortham\r\nContent-Length: 10\r\n\r\nZyxwortham")
    handler.close_connection = True


def _release_and_deliver(team: Any, second: Any, running: Running) -> None:
    """A release leaves, and everybody to whom something is sent refuses it by name."""
    made = team.post("/releases", {"scope": "full", "recipient": "MIDAS", "purpose": "Monthly load"}).json()
    for each in team.get(f"/releases/{made['id']}").json()["sample"]:
        team.post(f"/releases/{made['id']}/sample/{each['line']}", {"correct": True})
    assert second.post(f"/releases/{made['id']}/approve").status_code == 200
    with receiving() as there, smtp_server() as box:
        there.answers.extend([_quoting] * 9)
        box.answers.extend([f"550 5.1.1 <{ACCEPTED}> Qelindra unknown"] * 9)
        endpoint = {"key": "midas", "recipient": "MIDAS", "file": "midas.csv", "url": there.url, "signing_key": KEY}
        settings = {
            "release_endpoints": json.dumps([endpoint]), "warnings_index_push_url": there.url,
            "warnings_index_push_key": KEY, "mail": "smtp", "smtp_host": "127.0.0.1", "smtp_port": str(box.port),
            "smtp_tls": "plain", "mail_from": "returns@service.example",
        }  # fmt: skip
        with pytest.MonkeyPatch.context() as patch:
            for name, value in settings.items():
                patch.setenv(f"DEBTOR_RETURNS_{name.upper()}", value)
            with running.database.writing() as db:
                outbox.put(db, "ovm@rj1.example", "Due", "The return is due.", "reminder")
        assert second.post(f"/releases/{made['id']}/release").status_code == 200
        running.command("worker", "--once", **settings)
        assert there.taken, "something was sent and refused"


def _import(running: Running) -> None:
    file = running.folder / "old.csv"
    file.write_bytes(old_csv([
        line("1", family=IMPORTED), line("2", family=IMPORTED, nationality="French"), line("3", family=IMPORTED, left=IMPORTED),
        line("4", family=IMPORTED, invoiced="Qelindra"),
    ]))  # fmt: skip
    findings = str(running.folder / "findings.xlsx")
    done = say("import-register", str(file), "--as-at", "31/10/2026", "--findings", findings)
    assert done.returncode == 0, done.stderr
    assert found_in(done.stdout + done.stderr) == set()


def _tables_with_people(database: Database) -> set[str]:
    with database.reading() as db:
        names = inspect(db.connection()).get_table_names()
        assert len(names) > 40
        return {
            re.sub("^(words_of_[a-z]+)_(data|content)$", r"\1", name)
            for name in names
            if found_in("\n".join(repr(tuple(row)) for row in db.execute(text(f'SELECT * FROM "{name}"'))), MARKS)
            or any(found_in(cell) for row in db.execute(text(f'SELECT * FROM "{name}"')) for cell in row
                   if isinstance(cell, bytes | memoryview))
        }  # fmt: skip
