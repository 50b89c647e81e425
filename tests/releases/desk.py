"""A release as the register stands, without its preparation, and the people who sign it off."""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlmodel import select

from app.accounts.access import Actor, Grant
from app.accounts.models import User
from app.accounts.permissions import Role
from app.core import clock
from app.core.db import Database
from app.debts import register
from app.debts.models import Debt, WarningsIndexEvent
from app.disclosures.service import key_of
from app.releases import lines, releasing, sampling, sign_off
from app.releases.lines import Line
from app.releases.models import Release, ReleaseLine, ReleasePart, SampleLine, State
from app.releases.outputs.consolidated import LAYOUT
from tests.returns.conftest import Trust, at

KEYS = tuple(field.key for field in LAYOUT if field.key in Debt.model_fields)
TODAY = "2026-11-22"


def person(database: Database, name: str) -> Actor:
    with database.writing() as db:
        user = User(email=f"{name}@team.example", name=name.title(), created_at=datetime(2026, 1, 1, tzinfo=UTC))
        db.add(user)
        db.flush()
    return Actor(user.id, name.title(), (Grant(Role.DEBTORS_TEAM),))


def line_of(number: int, debt: Debt, change: str = "new") -> Line:
    shown = debt.status in {"outstanding", "defaulted"} and not debt.held
    values = {key: getattr(debt, key) for key in KEYS} | {"organisation": debt.organisation_code}
    return Line(number, debt.id, debt.reference, debt.organisation_code, change, values, shown=shown)


class Desk:
    """One prepares and samples, two approves and releases, each in a transaction of their own."""

    def __init__(self, trust: Trust) -> None:
        self.trust, self.database = trust, trust.database
        self.one, self.two = person(self.database, "one"), person(self.database, "two")

    def prepare(self, change: str = "new", recipient: str = "MIDAS", state: State = State.CHECKING) -> Release:
        with at(TODAY), self.database.writing() as db:
            debts = db.exec(select(Debt).order_by(Debt.id)).all()
            number = len(db.exec(select(Release)).all()) + 1
            made = Release(
                number=number, scope="full", recipient=recipient, recipient_key=key_of(recipient), purpose="monthly load",
                state=state, as_at=clock.now(), seen=register.last_event_id(db), lines=len(debts), seed="7" * 32,
                prepared_by=self.one.id,
            )  # fmt: skip
            db.add(made)
            db.flush()
            said = [line_of(place, debt, change) for place, debt in enumerate(debts, start=1)]
            for part in lines.in_parts(said):
                db.add(ReleasePart(release_id=made.id, first_line=part[0].line, content=lines.pack(part)))
            db.add_all(
                ReleaseLine(
                    release_id=made.id, line=line.line, debt_id=line.debt_id, reference=line.reference,
                    organisation_code=line.organisation, change=line.change, status_digest="s" * 16,
                    particulars_digest="p" * 16,
                )
                for line in said
            )  # fmt: skip
            db.flush()
            codes = {line.organisation for line in said}
            sampling.draw(db, made, {code: [line.line for line in said if line.organisation == code] for code in codes})
        return made

    def sample(self, release: Release) -> list[SampleLine]:
        with self.database.reading() as db:
            query = select(SampleLine).where(SampleLine.release_id == release.id).order_by(SampleLine.line)
            return list(db.exec(query))

    def judge(
        self, release: Release, line: int, correct: bool, reason: str | None = None, by: Actor | None = None
    ) -> SampleLine:
        with at(TODAY), self.database.writing() as db:
            return sampling.judge(db, by or self.one, release.id, line, correct, reason)

    def pass_all(self, release: Release, but: Iterable[int] = ()) -> None:
        for line in self.sample(release):
            if line.line not in set(but):
                self.judge(release, line.line, correct=True)

    def approve(self, release: Release, by: Actor | None = None) -> Release:
        with at(TODAY), self.database.writing() as db:
            return sign_off.approve(db, by or self.two, release.id)

    def abandon(self, release: Release, reason: str = "The wrong recipient.") -> Release:
        with at(TODAY), self.database.writing() as db:
            return sign_off.abandon(db, self.two, release.id, reason)

    def approved(self, change: str = "new", recipient: str = "MIDAS") -> Release:
        release = self.prepare(change, recipient)
        self.pass_all(release)
        return self.approve(release)

    def release(self, release: Release) -> Release:
        with at(TODAY):
            return releasing.release(self.database, self.two, release.id)

    def now(self, release: Release) -> Release:
        with self.database.reading() as db:
            return db.get_one(Release, release.id)

    def taken_out(self, release: Release) -> dict[str, str]:
        """By invoice number, why it did not leave."""
        with self.database.reading() as db:
            found = lines.taken_out(db, release.id)
            return {
                line.values["invoice_number"]: found[line.line]
                for line in lines.stream(db, release.id)
                if line.line in found
            }

    def feed(self) -> list[tuple[str, str]]:
        with self.database.reading() as db:
            events = db.exec(select(WarningsIndexEvent).order_by(WarningsIndexEvent.id)).all()  # type: ignore[arg-type]
            return [(event.action, event.invoice_number) for event in events]
