"""A trust that sends returns through the real path, on both databases, at whatever moment the test says."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import Session, select, update

from app.accounts.access import Actor, Grant
from app.accounts.models import User
from app.accounts.permissions import Role
from app.core import clock
from app.core.db import Database
from app.core.many_rows import insert_rows
from app.debts.models import Debt
from app.organisations import service as organisations
from app.organisations.models import Organisation
from app.periods.calendar import Period
from app.return_template.columns import BY_KEY, COLUMNS
from app.returns import nil, open_rows, parts, prefill, queries, service, withdrawal
from app.returns.models import OpenRow, Return
from app.returns.service import Received

Row = dict[str, str]
SHIPPED: list[dict[str, Any]] = []
CLEAN: Row = {
    "invoice_date": "14/06/2026",
    "invoice_amount": "2550.00",
    "amount_outstanding": "2550.00",
    "status": "Debt outstanding",
    "family_name": "Example",
    "given_names": "Ada",
    "date_of_birth": "27/03/1985",
    "sex": "Female",
    "nationality": "Nigeria",
    "passport_number": "A01234567",
    "uk_address": "1 Example Street, London",
    "uk_postcode": "SE1 7EH",
    "patient_informed": "Yes",
}


def row(number: str, **changes: str) -> Row:
    """A row that every rule accepts, of a person of its own, with changes by column key."""
    own = {"invoice_number": number, "given_names": f"Ada {number}", "passport_number": f"A00{number:0>5}"}
    return CLEAN | own | changes


def csv_of(rows: Iterable[Row], headings: Iterable[str] | None = None) -> bytes:
    text = io.StringIO()
    keys = [column.key for column in COLUMNS]
    writer = csv.writer(text)
    writer.writerow(headings or [BY_KEY[key].heading for key in keys])
    writer.writerows([each.get(key, "") for key in keys] for each in rows)
    return text.getvalue().encode()


@dataclass
class Trust:
    """One trust's officer at work."""

    database: Database
    code: str
    officer: Actor

    def send(
        self, rows: Iterable[Row] | bytes, period: str = "2026-10", on: str = "2026-11-22", **more: bool
    ) -> Received:
        data = rows if isinstance(rows, bytes) else csv_of(rows)
        with at(on), self.database.writing() as db:
            sent = service.Upload(self.code, Period.parse(period), data, "return.csv", clock.now(), None, **more)
            return service.receive(db, self.officer, sent)

    def submit(self, return_id: str, on: str = "2026-11-22") -> Received:
        with at(on), self.database.writing() as db:
            return service.submit(db, self.officer, return_id, clock.now())

    def nil(self, period: str = "2026-10", on: str = "2026-11-22") -> Received:
        with at(on), self.database.writing() as db:
            return nil.nil_return(db, self.officer, self.code, Period.parse(period), clock.now())

    def withdraw(self, return_: Return, on: str = "2026-11-22") -> withdrawal.Withdrawal:
        with at(on), self.database.writing() as db:
            return withdrawal.withdraw(db, self.officer, return_.id, "sent by mistake")

    def template(self, period: str = "2026-10", on: str = "2026-11-22") -> bytes:
        with at(on), self.database.reading() as db:
            return prefill.template(db, self.code, Period.parse(period))

    def debt(self, number: str) -> Debt:
        with self.database.reading() as db:
            return db.exec(select(Debt).where(Debt.invoice_number == number).order_by(Debt.id.desc())).first()  # type: ignore[attr-defined,return-value]

    def debts(self) -> list[Debt]:
        with self.database.reading() as db:
            return list(db.exec(select(Debt).order_by(Debt.id)))

    def open_rows(self) -> list[OpenRow]:
        with self.database.reading() as db, at("2026-11-22"):
            return list(open_rows.list_open(db, self.officer, self.code, 500, None).items)

    def results(self, return_: Return) -> dict[int, tuple[str, list[str]]]:
        """For each row of a return its result and codes, as they were kept."""
        with self.database.reading() as db:
            kept = [parts.rows(db, return_.id, part) for part in (parts.ACCEPTED, parts.REJECTED)]
        return {each.number: (each.result, each.codes) for part in kept for each in part.rows}

    def codes(self, return_: Return) -> list[str]:
        with self.database.reading() as db:
            return [finding.code for finding in queries.findings(db, self.officer, return_)]


def at(day: str) -> "clock.contextmanager":  # type: ignore[name-defined]
    """At noon of a day, or at the given instant."""
    moment = datetime.fromisoformat(day if "T" in day else f"{day}T12:00:00")
    return clock.at(moment if moment.tzinfo else moment.replace(tzinfo=clock.UK))


@pytest.fixture
def hospital(database: Database) -> Iterator["MakeTrust"]:
    with database.writing() as db:
        _load_shipped(db)
    yield MakeTrust(database)


def _load_shipped(db: Session) -> None:
    """The organisations that come with the service: read once, and afterwards inserted as they came out."""
    if not SHIPPED:
        organisations.load_shipped(db, None)
        SHIPPED.extend(dict(each) for each in db.execute(select(Organisation.__table__)).mappings())
        return
    followed = [each for each in SHIPPED if each["successor_code"]]
    insert_rows(db, Organisation.__table__, [each | {"successor_code": None} for each in SHIPPED])
    for each in followed:
        db.execute(
            update(Organisation).values(successor_code=each["successor_code"]).where(Organisation.code == each["code"])
        )


@dataclass
class MakeTrust:
    database: Database

    def __call__(self, code: str = "RJ1", *more: str) -> Trust:
        with self.database.writing() as db:
            officer = _officer(db, code)
        codes = frozenset({code, *more})
        return Trust(self.database, code, Actor(officer.id, officer.email, (Grant(Role.TRUST, code, codes),)))


def _officer(db: Session, code: str) -> User:
    user = User(email=f"ovm.{code.lower()}@trust.example", created_at=datetime(2026, 1, 1, tzinfo=UTC))
    db.add(user)
    db.flush()
    return user


@pytest.fixture
def rj1(hospital: MakeTrust) -> Trust:
    return hospital("RJ1")
