"""Adding people, giving tokens, and taking access away: what was taken away is gone at the next request."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.accounts import keys, service
from app.accounts.access import COMMAND_LINE
from app.accounts.models import ApiToken, RoleGrant
from app.accounts.permissions import Permission
from app.audit.models import AuditEvent
from app.core import clock
from app.core.errors import NotFound, NotSignedIn, Refused
from app.organisations.models import Organisation


@pytest.fixture(autouse=True)
def _three_organisations(db: Session) -> None:
    for code, nation in (("RJ1", "England"), ("OLD", "England"), ("7A1", "Wales")):
        db.add(Organisation(code=code, name=code, nation=nation, region=nation, organisation_type="NHS Trust"))
    db.flush()


def add(db, role="trust", organisation="RJ1", email="ovm@rj1.example", **more):
    return service.add_user(db, COMMAND_LINE, email, role, organisation, **more)


def test_a_token_stands_for_its_person_and_their_roles(db):
    add(db)
    actor = service.actor_for_token(db, service.create_token(db, COMMAND_LINE, "ovm@rj1.example"))
    assert actor.name == "ovm@rj1.example"
    assert actor.scope(Permission.DEBT_READ) == {"RJ1"}


def test_a_successor_sees_its_predecessor_from_the_day_on(db):
    old = db.get(Organisation, "OLD")
    old.successor_code, old.successor_from = "RJ1", clock.today()
    add(db)
    token = service.create_token(db, COMMAND_LINE, "ovm@rj1.example")
    assert service.actor_for_token(db, token).scope(Permission.DEBT_READ) == {"RJ1", "OLD"}
    old.successor_from = clock.today() + timedelta(days=1)
    assert service.actor_for_token(db, token).scope(Permission.DEBT_READ) == {"RJ1"}


def test_a_token_is_kept_only_as_a_digest(db):
    add(db)
    token = service.create_token(db, COMMAND_LINE, "ovm@rj1.example")
    kept = db.exec(select(ApiToken)).one()
    assert token.startswith("dr_")
    assert len(token) > 40
    assert token not in str(kept.model_dump())


def test_a_token_is_good_for_ninety_days_of_the_real_clock(db):
    add(db)
    token = service.create_token(db, COMMAND_LINE, "ovm@rj1.example")
    kept = db.exec(select(ApiToken)).one()
    assert kept.expires_at - clock.real_now() > timedelta(days=89, hours=23)
    kept.expires_at = clock.real_now()
    with pytest.raises(NotSignedIn):
        service.actor_for_token(db, token)


@pytest.mark.parametrize("token", ["", "dr_", "dr_guess", "\0", "é", "\ud800", "x" * 10_000])
def test_a_guess_is_nobody(db, token):
    with pytest.raises(NotSignedIn):
        service.actor_for_token(db, token)


def test_a_revoked_token_and_a_disabled_person_are_refused_at_once(db):
    user = add(db)
    token, other = (service.create_token(db, COMMAND_LINE, user.email) for _ in range(2))
    db.get(ApiToken, keys.digest(token)).revoked_at = clock.real_now()
    with pytest.raises(NotSignedIn):
        service.actor_for_token(db, token)
    assert service.actor_for_token(db, other).id == user.id
    user.disabled_at = clock.real_now()
    with pytest.raises(NotSignedIn):
        service.actor_for_token(db, other)


def test_a_role_taken_away_is_gone_at_the_next_request(db):
    user = add(db)
    token = service.create_token(db, COMMAND_LINE, user.email)
    db.delete(db.exec(select(RoleGrant)).one())
    db.flush()
    assert not service.actor_for_token(db, token).may(Permission.DEBT_READ)


def test_an_e_mail_address_is_one_whatever_its_case(db):
    first, second = add(db, email="Ovm@RJ1.Example"), add(db, role="lpm", organisation=None)
    assert first.id == second.id
    assert first.email == "ovm@rj1.example"
    assert {grant.role for grant in db.exec(select(RoleGrant)).all()} == {"trust", "lpm"}


def test_the_same_role_twice_is_one_role(db):
    for role, organisation in (("trust", "RJ1"), ("lpm", None), ("health_department", "Wales")):
        add(db, role, organisation)
        add(db, role, organisation)
    assert len(db.exec(select(RoleGrant)).all()) == 3


def test_an_lpm_may_have_a_portfolio(db):
    add(db, "lpm", "RJ1")
    add(db, "lpm", "OLD")
    assert {grant.organisation_code for grant in db.exec(select(RoleGrant)).all()} == {"RJ1", "OLD"}


def test_a_health_department_reads_its_nation(db):
    user = add(db, "health_department", "Wales")
    assert service.actor_for_user(db, user).scope(Permission.SUBMISSION_READ) == {"7A1"}


@pytest.mark.parametrize(
    ("role", "organisation", "said"),
    [
        ("owner", None, 'no role "owner"'),
        ("trust", None, "needs an organisation"),
        ("trust", "NOPE", 'no organisation "NOPE"'),
        ("trust", "\0", "no organisation"),
        ("debtors_team", "RJ1", "Leave the organisation out"),
        ("health_department", "France", "England, Wales"),
        ("health_department", None, "England, Wales"),
    ],
)
def test_a_role_and_an_organisation_that_do_not_go_together_are_refused(db, role, organisation, said):
    with pytest.raises(Refused, match=said):
        add(db, role, organisation)


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a b@c.example", "a@b.example\0", "x" * 250 + "@b.example"])
def test_what_is_no_e_mail_address_is_refused(db, email):
    with pytest.raises(Refused, match="e-mail"):
        add(db, email=email)


def test_a_password_is_hashed_the_costly_way(db):
    user = add(db, password="Correct-Horse-Battery-9")
    assert user.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert add(db).password_hash == user.password_hash, "adding a role leaves the password"


@pytest.mark.parametrize("password", ["", "short", "x" * 501])
def test_a_password_that_is_too_short_or_too_long_is_refused(db, password):
    with pytest.raises(Refused, match="12 to 500"):
        add(db, password=password)


def test_nobody_gets_a_token_without_an_account_that_is_enabled(db):
    with pytest.raises(Refused, match="no account"):
        service.create_token(db, COMMAND_LINE, "ovm@rj1.example")
    add(db).disabled_at = clock.real_now()
    with pytest.raises(Refused, match="disabled"):
        service.create_token(db, COMMAND_LINE, "ovm@rj1.example")
    with pytest.raises(Refused, match="disabled"):
        add(db, "lpm", None)


def test_both_leave_an_audit_event_without_personal_data(db):
    user = add(db, password="Correct-Horse-Battery-9")
    service.create_token(db, COMMAND_LINE, user.email)
    events = db.exec(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [(event.action, event.subject_id) for event in events] == [("user:add", user.id), ("token:create", user.id)]
    assert "example" not in str([event.model_dump() for event in events])


def test_an_organisation_out_of_reach_is_as_one_that_is_not_there(db):
    trust = service.actor_for_user(db, add(db))
    team = service.actor_for_user(db, add(db, "debtors_team", None, "dt@example.org"))
    assert service.visible_organisation(db, trust, Permission.DEBT_READ, "RJ1") == "RJ1"
    assert service.visible_organisation(db, team, Permission.DEBT_READ, "7A1") == "7A1"
    for actor, code in ((trust, "7A1"), (trust, "NOPE"), (team, "NOPE"), (team, "\0"), (team, "rj1")):
        with pytest.raises(NotFound):
            service.visible_organisation(db, actor, Permission.DEBT_READ, code)


def test_names_are_looked_up_for_those_who_are_there(db):
    user = add(db)
    assert service.names(db, [user.id, None, "gone"]) == {user.id: "ovm@rj1.example"}
    assert service.names(db, []) == {}
