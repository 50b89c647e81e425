"""Sessions: found while good, gone at once when ended, idle, old, or their person lost the account or the role."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from app.accounts import service, sessions
from app.accounts.access import COMMAND_LINE, Actor
from app.accounts.models import BrowserSession, RoleGrant
from app.accounts.permissions import Permission
from app.accounts.sessions import Step
from app.audit.models import AuditEvent
from app.core import clock
from app.core.errors import NotSignedIn
from app.organisations.models import Organisation


def test_a_session_stands_for_its_person_with_their_roles(db, officer):
    found = sessions.find(db, sessions.start(db, officer, Step.IN))
    assert (found.user.id, found.step, found.needs_touch) == (officer.id, Step.IN, False)
    assert found.actor.scope(Permission.DEBT_READ) == {"RJ1"}
    assert officer.last_sign_in_at is not None


def test_what_is_kept_of_a_session_does_not_let_anybody_in(db, officer):
    token = sessions.start(db, officer, Step.IN)
    kept = db.exec(select(BrowserSession)).one()
    assert len(token) > 40
    assert token not in str(kept.model_dump())
    assert sessions.find(db, kept.digest) is None


@pytest.mark.parametrize("token", ["", "guess", "\0", "\ud800", "x" * 10_000])
def test_a_guess_is_nobody(db, officer, token):
    assert sessions.find(db, token) is None


@pytest.mark.parametrize("step", [Step.CODE, Step.ENROL])
def test_between_the_password_and_the_code_nothing_may_be_done(db, officer, step):
    found = sessions.find(db, sessions.start(db, officer, step))
    assert found.step == step
    assert found.actor.grants == ()


def test_a_session_ends_after_half_an_hour_without_use(db, officer, later):
    token = sessions.start(db, officer, Step.IN)
    later(timedelta(minutes=29))
    found = sessions.find(db, token)
    assert found.needs_touch
    sessions.touch(db, found.digest)
    assert not sessions.find(db, token).needs_touch
    later(timedelta(minutes=29))
    assert sessions.find(db, token) is not None
    later(timedelta(minutes=2))
    sessions.touch(db, found.digest)
    assert sessions.find(db, token) is None, "what has ended is not woken by a late use"


def test_a_session_ends_after_twelve_hours_however_busy(db, officer, later):
    token = sessions.start(db, officer, Step.IN)
    began = clock.real_now()
    for _ in range(47):
        later(timedelta(minutes=15))
        sessions.touch(db, sessions.find(db, token).digest)
    assert sessions.find(db, token).ends_at == began + timedelta(hours=12)
    later(timedelta(minutes=15))
    assert sessions.find(db, token) is None


@pytest.mark.parametrize("step", [Step.CODE, Step.ENROL])
def test_the_code_must_follow_the_password_within_a_quarter_of_an_hour(db, officer, later, step):
    token = sessions.start(db, officer, step)
    later(timedelta(minutes=16))
    assert sessions.find(db, token) is None
    with pytest.raises(NotSignedIn):
        sessions.promote(db, token, Step.IN)


def test_a_step_further_is_a_new_session_and_the_old_one_is_over(db, officer):
    first = sessions.start(db, officer, Step.CODE)
    second = sessions.promote(db, first, Step.IN)
    assert sessions.find(db, first) is None
    assert sessions.find(db, second).actor.may(Permission.RETURN_UPLOAD)
    with pytest.raises(NotSignedIn):
        sessions.promote(db, first, Step.IN)


def test_signing_out_ends_this_session_and_no_other(db, officer):
    here, there = (sessions.start(db, officer, Step.IN) for _ in range(2))
    sessions.end(db, sessions.find(db, here).actor, here)
    assert sessions.find(db, here) is None
    assert sessions.find(db, there) is not None
    sessions.end_all(db, officer.id)
    assert sessions.find(db, there) is None


def test_a_person_disabled_or_a_role_taken_away_counts_at_the_next_request(db, officer):
    token = sessions.start(db, officer, Step.IN)
    db.delete(db.exec(select(RoleGrant)).one())
    db.flush()
    assert sessions.find(db, token).actor.grants == ()
    officer.disabled_at = clock.real_now()
    assert sessions.find(db, token) is None
    with pytest.raises(NotSignedIn):
        sessions.promote(db, token, Step.IN)


def test_signing_in_and_out_is_in_the_audit_and_a_password_alone_is_not(db, officer):
    before = len(db.exec(select(AuditEvent)).all())
    token = sessions.promote(db, sessions.start(db, officer, Step.CODE), Step.IN)
    actor = Actor(officer.id, officer.name)
    sessions.end(db, actor, token)
    sessions.end(db, actor, token)
    events = db.exec(select(AuditEvent).order_by(AuditEvent.id)).all()[before:]
    assert [(one.action, one.actor, one.outcome) for one in events] == [
        ("user:sign-in", officer.id, "done"),
        ("user:sign-out", officer.id, "done"),
    ]


def test_sessions_long_over_are_forgotten_when_somebody_signs_in(db, officer, later):
    sessions.end(db, Actor(officer.id, ""), sessions.start(db, officer, Step.IN))
    sessions.start(db, officer, Step.CODE)
    later(timedelta(hours=25))
    sessions.start(db, officer, Step.IN)
    assert len(db.exec(select(BrowserSession)).all()) == 1


def test_a_portfolio_of_many_is_found_with_three_questions_to_the_database(db, trusts):
    for code in ("RJ1", "OLD", "7A1"):
        user = service.add_user(db, COMMAND_LINE, "lpm@nhs.example", "lpm", code)
    db.get(Organisation, "OLD").successor_code = "RJ1"
    db.get(Organisation, "OLD").successor_from = clock.today()
    token = sessions.start(db, user, Step.IN)
    asked: list[str] = []
    listen = (db.get_bind().engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    event.listen(*listen)
    found = sessions.find(db, token)
    event.remove(*listen)
    assert len(asked) == 3, "the session with its grants, what the manager covers, and who was taken over"
    assert {grant.organisation: set(grant.codes) for grant in found.actor.grants} == {
        "RJ1": {"RJ1", "OLD"},
        "OLD": {"OLD"},
        "7A1": {"7A1"},
    }
