"""What an administrator does with accounts, and that an administrator is always left."""

import inspect
import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from app.accounts import administering, grants, identities, links, passwords, rate_limits, service, sessions, sign_in
from app.accounts.access import COMMAND_LINE
from app.accounts.administering import State
from app.accounts.models import RoleGrant, Step, User
from app.accounts.permissions import Permission, Role, are_kept_apart
from app.core.errors import Conflict, Forbidden, NotFound, NotSignedIn, Refused, TooMany
from app.core.outbox import Message
from tests.accounts.conftest import PASSWORD, with_codes


def held(db, user_id: str) -> list[tuple[str, str | None]]:
    return [(grant.role, grant.organisation_code) for grant in grants.of_user(db, user_id)]


def grant_of(db, user_id: str, role: str) -> str:
    return next(grant.id for grant in grants.of_user(db, user_id) if grant.role == role)


@pytest.fixture
def lpm(db, trusts) -> User:
    for code in ("RJ1", "OLD"):
        user = service.add_user(db, COMMAND_LINE, "lpm@nhs.example", "lpm", code)
    return user


def test_nobody_but_an_administrator_may_do_any_of_it(db, officer, admin):
    trust = service.actor_for_user(db, officer)
    calls = {
        "people": [],
        "person": [officer.id],
        "invite_person": ["new@rj1.example", "New", "trust", "RJ1"],
        "send_link_again": [officer.id],
        "grant_role": [officer.id, "lpm"],
        "revoke_role": [officer.id, grant_of(db, officer.id, "trust")],
        "disable": [officer.id],
        "enable": [officer.id],
        "reset_second_factor": [officer.id],
        "end_sessions": [officer.id],
        "end_tokens": [officer.id],
        "manager": [officer.id],
        "set_portfolio": [officer.id, ["RJ1"]],
        "take_over_portfolio": [officer.id, admin.id],
    }
    written = inspect.getmembers(administering, inspect.isfunction)
    here = {name for name, each in written if each.__module__ == administering.__name__ and name[0] != "_"}
    assert calls.keys() == here | {"people", "person"}
    for name, arguments in calls.items():
        with pytest.raises(Forbidden):
            getattr(administering, name)(db, trust, *arguments)
    assert held(db, officer.id) == [("trust", "RJ1")]


@pytest.mark.parametrize("user_id", ["0" * 32, "", "\0", "\ud800"])
def test_an_account_that_is_not_there_is_not_found(db, admin, user_id):
    for ask in (administering.person, administering.disable, administering.enable, administering.send_link_again):
        with pytest.raises(NotFound):
            ask(db, admin, user_id)


def test_an_invited_person_has_a_role_a_name_and_a_link_in_the_outbox(db, admin, audited):
    user, link = administering.invite_person(db, admin, "New@RJ1.example", "  New  Person ", "trust", "RJ1")
    assert (user.email, user.name) == ("new@rj1.example", "New Person")
    assert link.startswith("http://127.0.0.1:8000/welcome/")
    assert link in db.exec(select(Message)).one().body
    person = administering.person(db, admin, user.id)
    assert (person.state, person.has_password, person.has_second_factor) == (State.INVITED, False, False)
    assert [(grant.role, grant.organisation_code) for grant in person.grants] == [("trust", "RJ1")]
    assert [event.action for event in audited()] == ["user:grant-role", "user:invite"]
    assert ".example" not in str([event.model_dump() for event in audited()])


def test_an_account_that_is_there_is_not_invited_twice_but_gets_its_link_again(db, admin):
    user, first = administering.invite_person(db, admin, "new@rj1.example", "", "trust", "RJ1")
    with pytest.raises(Conflict, match="already"):
        administering.invite_person(db, admin, "NEW@rj1.example", "", "trust", "RJ1")
    second = administering.send_link_again(db, admin, user.id)
    assert links.find(db, first.rsplit("/", 1)[1]) is None
    links.use(db, second.rsplit("/", 1)[1], PASSWORD)
    assert administering.person(db, admin, user.id).state == State.ACTIVE
    assert "/reset-password/" in administering.send_link_again(db, admin, user.id)


@pytest.mark.parametrize(
    ("name", "role", "place"), [("x" * 121, "lpm", None), ("a\0b", "lpm", None), ("", "owner", None)]
)
def test_what_does_not_go_together_is_refused_and_nobody_is_added(db, admin, name, role, place):
    with pytest.raises(Refused):
        administering.invite_person(db, admin, "new@rj1.example", name, role, place)
    assert not service.has_account(db, "new@rj1.example")


def test_who_is_bound_to_a_provider_is_active_without_a_password(db, admin):
    user, link = administering.invite_person(db, admin, "new@rj1.example", "", "trust", "RJ1")
    identities.bind(db, None, link.rsplit("/", 1)[1], "https://sign-in.example", "subject-1")
    person = administering.person(db, admin, user.id)
    assert (person.state, len(person.identities)) == (State.ACTIVE, 1)


def test_people_are_listed_by_address_in_pages_whose_cursors_name_nobody(db, admin):
    for name in ("c", "a", "b"):
        service.add_user(db, COMMAND_LINE, f"{name}@rj1.example", "trust", "RJ1")
    page = administering.people(db, admin, limit=3)
    assert [one.email for one in page.items] == ["a@rj1.example", "admin@nhs.example", "b@rj1.example"]
    rest = administering.people(db, admin, limit=3, cursor=page.next)
    assert [one.email for one in rest.items] == ["c@rj1.example"]
    assert rest.next is None


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("OKON", 1),
        ("adaeze rj1", 1),
        ("nobody", 0),
        ("%", 0),
        ("_", 0),
        ("\0okon", 1),
        ("\ud800", 0),
        ("x" * 10_000, 0),
    ],
)
def test_people_are_found_by_words_taken_literally(db, admin, q, found):
    administering.invite_person(db, admin, "a.okonkwo@rj1.example", "Adaeze Okonkwo", "trust", "RJ1")
    assert len(administering.people(db, admin, q).items) == found


def test_a_person_locked_out_is_shown_as_locked_and_the_last_sign_in_is_known(db, admin, officer):
    sessions.start(db, officer, Step.IN)
    assert administering.person(db, admin, officer.id).last_sign_in_at is not None
    for _ in range(10):
        sign_in.by_password(db, officer.email, "wrong", "192.0.2.1")
    assert administering.person(db, admin, officer.id).state == State.LOCKED


def test_roles_are_given_and_taken(db, admin, officer, audited):
    granted = administering.grant_role(db, admin, officer.id, "debtors_team")
    with pytest.raises(Conflict, match="already"):
        administering.grant_role(db, admin, officer.id, "debtors_team")
    administering.revoke_role(db, admin, officer.id, grant_of(db, officer.id, "trust"))
    assert held(db, officer.id) == [("debtors_team", None)]
    with pytest.raises(NotFound):
        administering.revoke_role(db, admin, admin.id, granted.id)
    assert [(event.action, event.organisation_code, event.detail) for event in audited()] == [
        ("user:grant-role", None, {"role": "debtors_team"}),
        ("user:revoke-role", "RJ1", {"role": "trust"}),
    ]


def test_who_is_disabled_is_out_at_once_and_may_come_back(db, admin, officer):
    session, token = sessions.start(db, officer, Step.IN), service.create_token(db, COMMAND_LINE, officer.email)
    link = links.invite(db, admin, officer, "https://returns.example").rsplit("/", 1)[1]
    administering.disable(db, admin, officer.id)
    administering.disable(db, admin, officer.id)
    assert administering.person(db, admin, officer.id).state == State.DISABLED
    for change in (lambda: administering.grant_role(db, admin, officer.id, "lpm"),
                   lambda: administering.send_link_again(db, admin, officer.id)):  # fmt: skip
        with pytest.raises(Conflict, match="disabled"):
            change()
    administering.enable(db, admin, officer.id)
    assert officer.disabled_at is None
    assert sessions.find(db, session) is None, "what was ended stays ended"
    assert links.find(db, link) is None
    with pytest.raises(NotSignedIn):
        service.actor_for_token(db, token)
    assert held(db, officer.id) == [("trust", "RJ1")]


def test_nobody_disables_themselves_or_gives_up_their_own_administration(db, admin):
    with pytest.raises(Conflict, match="own account"):
        administering.disable(db, admin, admin.id)
    with pytest.raises(Conflict, match="own account"):
        administering.revoke_role(db, admin, admin.id, grant_of(db, admin.id, "admin"))


def test_nobody_gives_themselves_a_role_or_a_portfolio(db, admin, lpm):
    for role, place in (("auditor", None), ("lpm", "RJ1"), ("debtors_team", None)):
        with pytest.raises(Conflict, match="own account"):
            administering.grant_role(db, admin, admin.id, role, place)
    service.add_user(db, COMMAND_LINE, "admin@nhs.example", "lpm", "7A1")
    with pytest.raises(Conflict, match="own account"):
        administering.set_portfolio(db, admin, admin.id, ["RJ1"])
    with pytest.raises(Conflict, match="own account"):
        administering.take_over_portfolio(db, admin, lpm.id, admin.id)
    assert held(db, admin.id) == [("admin", None), ("lpm", "7A1")]


@pytest.mark.parametrize(("role", "place"), [("debtors_team", None), ("trust", "RJ1"), ("border", None)])
def test_whoever_manages_users_holds_no_role_that_sees_personal_data_and_the_other_way_round(db, admin, role, place):
    with pytest.raises(Conflict, match="sees no personal data"):
        service.add_user(db, COMMAND_LINE, "admin@nhs.example", role, place)
    other = service.add_user(db, COMMAND_LINE, "other@nhs.example", role, place)
    for give in (lambda: administering.grant_role(db, admin, other.id, "admin"),
                 lambda: service.add_user(db, COMMAND_LINE, other.email, "admin")):  # fmt: skip
        with pytest.raises(Conflict, match="does not go together"):
            give()
    assert held(db, other.id) == [(role, place)]


@pytest.mark.parametrize("role", ["lpm", "board", "auditor"])
def test_an_administrator_may_hold_a_role_that_sees_nobody(db, admin, role):
    service.add_user(db, COMMAND_LINE, "admin@nhs.example", role)
    assert (role, None) in held(db, admin.id)


def test_what_shows_people_is_told_apart_by_role():
    together = {role for role in Role if not are_kept_apart(Role.ADMIN, role)}
    assert together == {Role.ADMIN, Role.LPM, Role.BOARD, Role.AUDITOR, Role.HEALTH_DEPARTMENT}
    assert not any(are_kept_apart(one, other) for one in set(Role) - {Role.ADMIN} for other in set(Role) - {Role.ADMIN})


def test_links_are_sent_so_many_an_hour_and_from_the_command_line_without_end(db, admin, officer, later):
    rate_limits.hit(db, rate_limits.INVITATIONS, admin.id, 200)
    for send in (lambda: administering.invite_person(db, admin, "new@rj1.example", "", "trust", "RJ1"),
                 lambda: administering.send_link_again(db, admin, officer.id)):  # fmt: skip
        with pytest.raises(TooMany, match="Wait 60 minutes"):
            send()
    administering.send_link_again(db, COMMAND_LINE, officer.id)
    later(timedelta(hours=1))
    administering.invite_person(db, admin, "new@rj1.example", "", "trust", "RJ1")


def test_the_last_administrator_stays(db, admin):
    for remove in (administering.disable, administering.revoke_role):
        arguments = [grant_of(db, admin.id, "admin")] if remove is administering.revoke_role else []
        with pytest.raises(Conflict, match="last administrator"):
            remove(db, COMMAND_LINE, admin.id, *arguments)
    other = service.add_user(db, COMMAND_LINE, "second@nhs.example", "admin")
    administering.disable(db, COMMAND_LINE, admin.id)
    with pytest.raises(Conflict, match="last administrator"):
        administering.disable(db, COMMAND_LINE, other.id)


def test_two_administrators_who_disable_each_other_at_once_leave_one(database):
    with database.writing() as db:
        users = [service.add_user(db, COMMAND_LINE, f"{name}@nhs.example", "admin") for name in ("one", "two")]
        actors = [service.actor_for_user(db, user) for user in users]
    together = threading.Barrier(2)

    def disable(actor, user) -> None:
        together.wait()
        try:
            with database.writing() as db:
                administering.disable(db, actor, user.id)
        except Conflict:
            pass

    both = [threading.Thread(target=disable, args=pair) for pair in zip(actors, reversed(users), strict=True)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    with database.reading() as db:
        assert [user.disabled_at is None for user in db.exec(select(User)).all()].count(True) == 1


def test_a_lost_phone_is_reset_and_every_session_ends(db, admin, officer):
    with_codes(db, officer)
    session = sessions.start(db, officer, Step.IN)
    administering.reset_second_factor(db, admin, officer.id)
    assert not administering.person(db, admin, officer.id).has_second_factor
    assert sessions.find(db, session) is None


def test_a_portfolio_is_set_as_a_whole(db, admin, lpm, audited):
    administering.set_portfolio(db, admin, lpm.id, ["RJ1", "7A1", "RJ1"])
    assert held(db, lpm.id) == [("lpm", "7A1"), ("lpm", "RJ1")]
    administering.set_portfolio(db, admin, lpm.id, [])
    assert held(db, lpm.id) == [("lpm", None)], "an LPM without a portfolio is still an LPM"
    assert [event.detail for event in audited()] == [{"codes": ["7A1", "RJ1"]}, {"codes": []}]
    with pytest.raises(Refused, match="NOPE"):
        administering.set_portfolio(db, admin, lpm.id, ["NOPE"])


def test_only_an_lpm_has_a_portfolio(db, admin, officer):
    with pytest.raises(Conflict, match="is no Local Partnership Manager"):
        administering.set_portfolio(db, admin, officer.id, ["RJ1"])


def test_a_portfolio_changes_hands_whole(db, admin, lpm, audited):
    other = service.add_user(db, COMMAND_LINE, "other@nhs.example", "lpm", "OLD")
    moved = administering.take_over_portfolio(db, admin, lpm.id, other.id)
    assert moved == ["OLD", "RJ1"]
    assert held(db, lpm.id) == []
    assert held(db, other.id) == [("lpm", "OLD"), ("lpm", "RJ1")]
    assert service.actor_for_user(db, other).may(Permission.SUBMISSION_READ)
    assert audited()[-1].detail == {"codes": ["OLD", "RJ1"], "of": lpm.id}
    assert {grant.role for grant in db.exec(select(RoleGrant)).all()} == {Role.LPM, Role.ADMIN}


def test_a_portfolio_moves_between_two_people_who_are_there(db, admin, lpm, officer):
    with pytest.raises(Refused, match="two different"):
        administering.take_over_portfolio(db, admin, lpm.id, lpm.id)
    with pytest.raises(Conflict, match="is no Local Partnership Manager"):
        administering.take_over_portfolio(db, admin, officer.id, lpm.id)
    administering.disable(db, admin, officer.id)
    with pytest.raises(Conflict, match="disabled"):
        administering.take_over_portfolio(db, admin, lpm.id, officer.id)
    administering.disable(db, admin, lpm.id)
    administering.enable(db, admin, officer.id)
    assert administering.take_over_portfolio(db, admin, lpm.id, officer.id) == ["OLD", "RJ1"]


def test_an_administrator_sees_the_accounts_and_nothing_of_what_lets_people_in(db, admin, officer):
    officer.password_hash = passwords.hash_of(PASSWORD, officer.email)
    with_codes(db, officer)
    shown = str(administering.person(db, admin, officer.id))
    assert officer.password_hash not in shown
    assert officer.totp_secret not in shown
