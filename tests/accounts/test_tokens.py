"""Bearer tokens end with everything else that lets a person in, and let nobody round the second factor."""

from datetime import timedelta

import pytest

from app.accounts import administering, identities, keys, links, own_account, passwords, service, sessions, tokens
from app.accounts.access import COMMAND_LINE
from app.accounts.models import Step
from app.core.errors import Conflict, NotFound, NotSignedIn
from app.settings import get_settings
from tests.accounts.conftest import PASSWORD, with_codes

NEW = "walrus fourteen bicycle"
BASE = "https://returns.example"


@pytest.fixture
def token(db, officer) -> str:
    officer.password_hash = "there is one"
    return service.create_token(db, COMMAND_LINE, officer.email)


def by_a_new_password(db, admin, user) -> None:
    own_account.change_password(db, service.actor_for_user(db, user), sessions.start(db, user, Step.IN), NEW)


def by_a_reset_link(db, admin, user) -> None:
    links.use(db, links.send_reset(db, admin, user, BASE).rsplit("/", 1)[1], NEW)


def by_a_password_from_the_command_line(db, admin, user) -> None:
    service.add_user(db, COMMAND_LINE, user.email, "trust", "RJ1", NEW)


def by_signing_out_elsewhere(db, admin, user) -> None:
    own_account.sign_out_elsewhere(db, service.actor_for_user(db, user), sessions.start(db, user, Step.IN))


def by_losing_an_identity(db, admin, user) -> None:
    identities.bind(db, None, links.invite(db, admin, user, BASE).rsplit("/", 1)[1], "https://sign-in.example", "one")
    user.invited_at = None
    identities.unbind(db, admin, identities.of_user(db, user.id)[0].id)


ENDS = {
    "a new password": by_a_new_password,
    "a link for a new password": by_a_reset_link,
    "a password from the command line": by_a_password_from_the_command_line,
    "signing out elsewhere": by_signing_out_elsewhere,
    "ending the sessions": lambda db, admin, user: administering.end_sessions(db, admin, user.id),
    "ending the tokens": lambda db, admin, user: administering.end_tokens(db, admin, user.id),
    "resetting the codes": lambda db, admin, user: administering.reset_second_factor(db, admin, user.id),
    "disabling the account": lambda db, admin, user: administering.disable(db, admin, user.id),
    "disconnecting the identity provider": by_losing_an_identity,
}


@pytest.mark.parametrize("deed", ENDS)
def test_a_token_ends_at_once_with(db, admin, officer, token, deed, audited):
    """Check 5."""
    other = service.create_token(db, COMMAND_LINE, "admin@nhs.example")
    ENDS[deed](db, admin, officer)
    officer.disabled_at = None
    with pytest.raises(tokens.UnknownToken):
        service.actor_for_token(db, token)
    assert service.actor_for_token(db, other).id == admin.id, "nobody else's does"
    assert [event.detail for event in audited() if event.action == "token:revoke"] == [{"tokens": 1}]


@pytest.mark.parametrize("deed", ["a password from the command line", "disabling the account", "resetting the codes"])
def test_browsers_are_signed_out_with_it(db, admin, officer, token, deed):
    session = sessions.start(db, officer, Step.IN)
    ENDS[deed](db, admin, officer)
    officer.disabled_at = None
    assert sessions.find(db, session) is None


def test_a_role_taken_away_counts_for_a_token_at_the_next_call(db, admin, officer, token):
    grant = administering.person(db, admin, officer.id).grants[0]
    administering.revoke_role(db, admin, officer.id, grant.id)
    assert service.actor_for_token(db, token).grants == ()


def test_a_token_of_somebody_who_must_have_codes_is_refused_until_they_are_set_up(db, officer, token, monkeypatch):
    officer.password_hash = passwords.hash_of(PASSWORD, officer.email)
    assert service.actor_for_token(db, token).id == officer.id
    monkeypatch.setenv("DEBTOR_RETURNS_SECOND_FACTOR", "required")
    get_settings.cache_clear()
    with pytest.raises(NotSignedIn, match="set up your one-time codes"):
        service.actor_for_token(db, token)
    with_codes(db, officer)
    assert service.actor_for_token(db, token).id == officer.id


def test_where_codes_are_offered_only_who_was_invited_must_have_come_before_a_token_works(db, admin, officer, token):
    officer.password_hash = None
    link = links.invite(db, admin, officer, BASE).rsplit("/", 1)[1]
    with pytest.raises(NotSignedIn, match="Sign in on the website first"):
        service.actor_for_token(db, token)
    identities.bind(db, None, link, "https://sign-in.example", "one")
    assert service.actor_for_token(db, token).id == officer.id, "the provider asks for a second proof itself"


def test_an_account_that_has_no_way_to_sign_in_is_a_programs(db, officer, token, monkeypatch):
    officer.password_hash = None
    monkeypatch.setenv("DEBTOR_RETURNS_SECOND_FACTOR", "required")
    get_settings.cache_clear()
    assert service.actor_for_token(db, token).id == officer.id


def test_tokens_are_listed_by_a_part_of_their_digest_while_they_are_good(db, admin, officer, token, later):
    later(timedelta(seconds=1))
    service.create_token(db, COMMAND_LINE, "admin@nhs.example")
    everybody = tokens.standing(db)
    assert [one.email for one in everybody] == ["admin@nhs.example", "ovm@rj1.example"]
    assert [one.id for one in tokens.standing(db, officer.id)] == [everybody[1].id]
    assert everybody[1].expires_at == everybody[1].created_at + timedelta(days=90)
    assert token not in str(everybody)
    with pytest.raises(NotSignedIn):
        service.actor_for_token(db, everybody[1].id)
    later(timedelta(days=90))
    assert tokens.standing(db) == []


def test_one_token_is_ended_and_only_by_its_person_where_one_is_named(db, admin, officer, token, audited):
    second = service.create_token(db, COMMAND_LINE, officer.email)
    made, actor = audited(), service.actor_for_user(db, officer)
    wanted = keys.digest(token)[:32]
    with pytest.raises(NotFound):
        tokens.end(db, admin, wanted, admin.id)
    tokens.end(db, actor, wanted, officer.id)
    with pytest.raises(NotSignedIn):
        service.actor_for_token(db, token)
    assert service.actor_for_token(db, second).id == officer.id
    with pytest.raises(NotFound):
        tokens.end(db, actor, wanted, officer.id)
    assert [event.action for event in audited()[len(made) :]] == ["token:revoke"]


@pytest.mark.parametrize("token_id", ["", "%" * 32, "_" * 32, "\0" * 32, "\ud800", "0" * 32, "0" * 64])
def test_what_names_no_token_ends_none(db, officer, token, token_id):
    with pytest.raises(NotFound):
        tokens.end(db, COMMAND_LINE, token_id)
    assert service.actor_for_token(db, token).id == officer.id


def test_to_end_tokens_where_there_are_none_is_said(db, admin, officer):
    with pytest.raises(Conflict, match="no token"):
        administering.end_tokens(db, admin, officer.id)
