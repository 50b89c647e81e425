"""A running service on a small register: two trusts, one of which has a predecessor, and people in every role."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.core.db import Database
from app.organisations.models import Organisation
from app.return_template.columns import BY_KEY, COLUMNS
from tests.serving import service

PERIOD = "2026-10"
ORGANISATIONS = {"RJ1": "England", "RYJ": "England", "OLD": "England", "7A1": "Wales"}
PLACES = {Role.TRUST: "RJ1", Role.HEALTH_DEPARTMENT: "Wales"}


@dataclass(frozen=True)
class Person:
    """Somebody with a token. Calls are relative to /api/v1."""

    client: TestClient
    token: str

    def call(self, method: str, path: str, **more: Any) -> Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.client.request(method, f"/api/v1{path}", headers=headers | more.pop("headers", {}), **more)

    def get(self, path: str, **params: Any) -> Response:
        return self.call("GET", path, params=params)

    def post(self, path: str, json: Any = None) -> Response:
        return self.call("POST", path, json=json)

    def upload(self, data: bytes, organisation: str = "RJ1", period: str = PERIOD, **form: str) -> Response:
        form = {"organisation": organisation, "period": period, "declaration": "true"} | form
        return self.call("POST", "/returns", data=form, files={"file": ("return.xlsx", data)})


def row(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A row that every rule accepts; `changes` by column key."""
    return {
        "invoice_number": f"INV{number:05d}",
        "invoice_date": date(2026, 6, 1) + timedelta(days=number),
        "invoice_amount": 2500.5,
        "amount_outstanding": 2500.5,
        "status": "Debt outstanding",
        "family_name": f"Okonkwo{chr(97 + number % 26)}",
        "given_names": "Ada",
        "date_of_birth": date(1970, 1, 2) + timedelta(days=number),
        "sex": "Female",
        "nationality": "NGA",
        "passport_number": f"A{number:07d}",
        "uk_address": "1 Example Street",
        "patient_informed": "Yes",
        "your_reference": f"case {number}",
    } | changes


def workbook(*rows: dict[str, Any], more_headings: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([*(column.heading for column in COLUMNS), *more_headings])
    for each in rows:
        assert set(each) <= set(BY_KEY)
        sheet.append([each.get(column.key) for column in COLUMNS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def dispute_of(debt_id: str, **changes: Any) -> dict[str, Any]:
    """What the Debtors Team sends to open a dispute about a debt."""
    return {
        "debt_id": debt_id, "reason": "already_paid", "received_on": "2026-11-20", "received_how": "email",
        "case_reference": "DT-2026-17", "note": "Says it was paid in May.",
    } | changes  # fmt: skip


def fill(database: Database) -> None:
    """Two trusts, one of which has a predecessor, and a Welsh body."""
    with database.writing() as db:
        for code, nation in ORGANISATIONS.items():
            fields = {"name": f"{code} Trust", "nation": nation, "region": "London", "organisation_type": "NHS Trust"}
            db.add(Organisation(code=code, **fields))
        db.flush()
        old = db.get(Organisation, "OLD")
        assert old is not None
        old.successor_code, old.successor_from, old.close_date = "RJ1", date(2026, 4, 1), date(2026, 3, 31)


@pytest.fixture
def client(database: Database) -> Iterator[TestClient]:
    fill(database)
    yield TestClient(service(database), raise_server_exceptions=False)


MakePerson = Callable[..., Person]


@pytest.fixture
def person(client: TestClient, database: Database) -> MakePerson:
    def make(role: Role, organisation: str | None = None) -> Person:
        place = organisation or PLACES.get(role)
        email = f"{role}@{(place or 'all').lower()}.example"
        with database.writing() as db:
            accounts.add_user(db, COMMAND_LINE, email, role, place)
            return Person(client, accounts.create_token(db, COMMAND_LINE, email))

    return make


@pytest.fixture
def ovm(person: MakePerson) -> Person:
    """The overseas visitors manager of RJ1."""
    return person(Role.TRUST)


@pytest.fixture
def other_ovm(person: MakePerson) -> Person:
    return person(Role.TRUST, "RYJ")


@pytest.fixture
def team(person: MakePerson) -> Person:
    return person(Role.DEBTORS_TEAM)


@pytest.fixture
def nobody(client: TestClient) -> Person:
    return Person(client, "")
