"""Four organisations that owe October 2026, due on 20 November: their officers, offices and managers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, col, select

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE, WORKER, Actor
from app.accounts.models import User
from app.accounts.permissions import Role
from app.core import clock
from app.core.db import Database
from app.core.outbox import Message
from app.organisations import contacts
from app.organisations.contacts import Details
from app.organisations.models import Organisation
from app.periods.calendar import Period
from app.reminders import sending
from app.returns.models import Lifecycle, Outcome, Return
from app.submissions import service as submissions
from app.submissions.models import Excusal

SEPTEMBER, OCTOBER = Period(2026, 9), Period(2026, 10)
BEFORE, DUE, LATE_3, LATE_10 = date(2026, 11, 13), date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 30)


@dataclass
class World:
    """A small NHS: AAA, BBB and CCC in England, DDD in Scotland; pat looks after AAA and BBB."""

    database: Database

    def organisation(self, db: Session, code: str, nation: str = "England", **more: object) -> None:
        facts = {"name": f"Trust {code}", "region": "London", "organisation_type": "NHS Trust"} | more
        db.add(Organisation(code=code, nation=nation, **facts))
        db.flush()

    def account(self, db: Session, email: str, role: Role, code: str | None = None) -> Actor:
        return accounts.actor_for_user(db, accounts.add_user(db, COMMAND_LINE, email, role, code))

    def disable(self, email: str) -> None:
        with self.database.writing() as db:
            db.exec(select(User).where(User.email == email)).one().disabled_at = clock.real_now()

    def office(self, code: str, email: str, purpose: str = "debts") -> None:
        with self.database.writing() as db:
            contacts.add(db, code, Details(f"Office {purpose}", purpose, email=email))

    def sends(self, db: Session, code: str, period: Period = OCTOBER, **more: object) -> None:
        values = {"lifecycle": Lifecycle.SUBMITTED, "qualifies": True, "outcome": Outcome.NIL} | more
        at = datetime(2026, 11, 19, 12, tzinfo=UTC)
        db.add(Return(organisation_code=code, period=str(period), submitted_at=at, ruleset="test",
                      reporting_day=period.last_day, **values))  # fmt: skip
        db.flush()

    def excused(self, code: str) -> None:
        with self.database.writing() as db:
            db.add(Excusal(organisation_code=code, period=str(OCTOBER), reason="flood", excused_by="x",
                           excused_at=clock.real_now()))  # fmt: skip

    def due(self, day: date, period: Period = OCTOBER) -> dict[str, int]:
        """What the worker sends on a day: mails by organisation."""
        with on(day), self.database.writing() as db:
            return {one.organisation: number for one, number in sending.send_due(db, WORKER, period, day)}

    def by_hand(self, actor: Actor, codes: list[str] | None = None, day: date = LATE_3) -> sending.Outcome:
        with on(day), self.database.writing() as db:
            return sending.send_by_hand(db, actor, OCTOBER, codes, day)

    def mails(self) -> list[Message]:
        with self.database.reading() as db:
            return list(db.exec(select(Message).order_by(col(Message.id))))

    def to(self) -> list[str]:
        return [mail.to for mail in self.mails()]


@contextmanager
def on(day: date) -> Iterator[None]:
    with clock.at(datetime(day.year, day.month, day.day, 9, 30, tzinfo=clock.UK)):
        yield


@pytest.fixture
def world(database: Database) -> World:
    world = World(database)
    with database.writing() as db:
        for code in ("AAA", "BBB", "CCC"):
            world.organisation(db, code)
        world.organisation(db, "DDD", "Scotland")
        submissions.set_obligation(db, COMMAND_LINE, ["AAA", "BBB", "CCC", "DDD"], SEPTEMBER)
        world.account(db, "a@aaa.example", Role.TRUST, "AAA")
        world.account(db, "b@bbb.example", Role.TRUST, "BBB")
        world.account(db, "second@bbb.example", Role.TRUST, "BBB")
    return world


@pytest.fixture
def pat(world: World) -> Actor:
    """The manager of AAA and BBB."""
    with world.database.writing() as db:
        world.account(db, "pat@lpm.example", Role.LPM, "AAA")
        return world.account(db, "pat@lpm.example", Role.LPM, "BBB")


@pytest.fixture
def team(world: World) -> Actor:
    with world.database.writing() as db:
        return world.account(db, "team@debtors.example", Role.DEBTORS_TEAM)
