"""People to sign in, and a clock that tests may set forward: sessions and lock-outs use the real one."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlmodel import Session, col, select

from app.accounts import second_factor, service
from app.accounts.access import COMMAND_LINE, Actor
from app.accounts.models import User
from app.audit.models import AuditEvent
from app.core import clock
from app.organisations.models import Organisation

PASSWORD = "Correct-Horse-Battery-9"
Later = Callable[[timedelta], None]


class Hands:
    """The real clock, set forward from the moment the test began."""

    def __init__(self) -> None:
        self.began, self.forward = clock.real_now(), timedelta()

    def now(self) -> datetime:
        return self.began + self.forward

    def later(self, by: timedelta) -> None:
        self.forward += by


def with_codes(db: Session, user: User, drift: timedelta = timedelta()) -> str:
    """Sets up the second factor, with the code that a phone so far off would show. Gives its secret."""
    kept = second_factor.new_secret()
    shown = second_factor.proposal(user, kept)
    assert shown is not None
    assert second_factor.set_first(db, user, kept, pyotp.TOTP(shown.secret).at(clock.real_now() + drift))
    return shown.secret


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Call it with a span: so much later it is."""
    hands = Hands()
    monkeypatch.setattr(clock, "real_now", hands.now)
    return hands.later


@pytest.fixture
def trusts(db: Session) -> None:
    for code, nation in (("RJ1", "England"), ("OLD", "England"), ("7A1", "Wales")):
        db.add(Organisation(code=code, name=code, nation=nation, region=nation, organisation_type="NHS Trust"))
    db.flush()


@pytest.fixture
def officer(db: Session, trusts: None) -> User:
    """An officer of RJ1 who has no password yet."""
    return service.add_user(db, COMMAND_LINE, "ovm@rj1.example", "trust", "RJ1")


@pytest.fixture
def admin(db: Session, trusts: None) -> Actor:
    return service.actor_for_user(db, service.add_user(db, COMMAND_LINE, "admin@nhs.example", "admin"))


@pytest.fixture
def audited(db: Session) -> Callable[[], list[AuditEvent]]:
    """The events since the test began."""
    before = {event.id for event in db.exec(select(AuditEvent)).all()}

    def since() -> list[AuditEvent]:
        events = db.exec(select(AuditEvent).order_by(col(AuditEvent.id))).all()
        return [event for event in events if event.id not in before]

    return since
