"""People of identity providers: known by issuer and subject, bound through an invitation only."""

from datetime import timedelta

import pytest

from app.accounts import identities, links, service, sessions
from app.accounts.access import COMMAND_LINE
from app.accounts.links import LinkEnded
from app.accounts.models import Step
from app.core import clock
from app.core.errors import Conflict, Forbidden, NotFound

ISSUER = "https://sign-in.example"


@pytest.fixture
def token(db, officer) -> str:
    return links.invite(db, COMMAND_LINE, officer, "https://returns.example").rsplit("/", 1)[1]


def test_an_invited_person_is_known_by_issuer_and_subject_from_then_on(db, officer, token, audited):
    assert identities.bind(db, None, token, ISSUER, "subject-1") == officer
    assert identities.user_for(db, ISSUER, "subject-1") == officer
    assert identities.user_for(db, "https://other.example", "subject-1") is None
    assert identities.user_for(db, ISSUER, "subject-2") is None
    assert [(event.action, event.actor) for event in audited()] == [("user:bind-identity", officer.id)]


def test_an_e_mail_address_from_a_provider_says_nothing(db, officer):
    assert identities.user_for(db, ISSUER, officer.email) is None


def test_an_invitation_binds_once(db, officer, token):
    identities.bind(db, None, token, ISSUER, "subject-1")
    with pytest.raises(LinkEnded):
        identities.bind(db, None, token, ISSUER, "subject-2")


def test_an_invitation_too_old_or_a_link_for_a_password_binds_nothing(db, officer, token, later):
    officer.password_hash = "there is one"
    reset = links.send_reset(db, COMMAND_LINE, officer, "https://returns.example").rsplit("/", 1)[1]
    with pytest.raises(LinkEnded):
        identities.bind(db, None, reset, ISSUER, "subject-1")
    later(timedelta(days=8))
    with pytest.raises(LinkEnded):
        identities.bind(db, None, token, ISSUER, "subject-1")


def test_an_identity_belongs_to_one_person_and_the_invitation_stays_good(db, officer, token):
    identities.bind(db, None, token, ISSUER, "subject-1")
    other = service.add_user(db, COMMAND_LINE, "dt@nhs.example", "debtors_team")
    theirs = links.invite(db, COMMAND_LINE, other, "https://returns.example").rsplit("/", 1)[1]
    with pytest.raises(Conflict, match="belongs to an account already"):
        identities.bind(db, None, theirs, ISSUER, "subject-1")
    assert identities.bind(db, None, theirs, ISSUER, "subject-2") == other


def test_who_is_disabled_is_not_let_in_by_a_provider_either(db, officer, token):
    identities.bind(db, None, token, ISSUER, "subject-1")
    officer.disabled_at = clock.real_now()
    assert identities.user_for(db, ISSUER, "subject-1") is None


def test_an_administrator_takes_an_identity_away_and_nobody_else(db, officer, token, admin):
    identities.bind(db, None, token, ISSUER, "subject-1")
    session = sessions.start(db, officer, Step.IN)
    kept = identities.of_user(db, officer.id)[0].id
    with pytest.raises(Forbidden):
        identities.unbind(db, service.actor_for_user(db, officer), kept)
    identities.unbind(db, admin, kept)
    assert identities.user_for(db, ISSUER, "subject-1") is None
    assert sessions.find(db, session) is None
    with pytest.raises(NotFound):
        identities.unbind(db, admin, kept)
