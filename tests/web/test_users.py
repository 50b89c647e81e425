"""Users as an administrator runs them: inviting, roles, portfolios, disabling, and never shutting oneself out."""

import re

import pytest
from sqlmodel import select

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.models import User
from app.accounts.permissions import Role
from app.audit.models import AuditEvent
from tests.web.conftest import Browser, said


@pytest.fixture
def admin(visitor) -> Browser:
    return visitor(Role.ADMIN)


@pytest.fixture
def ovm(app, database) -> str:
    """The page of an officer of RJ1."""
    with database.writing() as db:
        user = accounts.add_user(db, COMMAND_LINE, "ovm@rj1.example", "trust", "RJ1")
        return f"/users/{user.id}"


@pytest.fixture
def lpm(app, database) -> str:
    with database.writing() as db:
        for code in ("RJ1", "RYJ"):
            user = accounts.add_user(db, COMMAND_LINE, "lpm@nhs.example", "lpm", code)
        return f"/users/{user.id}"


def own_page(browser: Browser) -> str:
    return re.search(r'href="(/users/[0-9a-f]{32})"[^>]*>admin@all.example', browser.get("/users").text)[1]


def test_somebody_invited_stands_in_the_list_and_their_link_in_the_outbox(admin, database):
    fields = {"email": "new@rj1.example", "name": "New Person", "role": "trust", "place": "RJ1"}
    answer = admin.follow(admin.post("/users/invite", fields))
    assert "The invitation is in the outbox" in said(answer)
    assert "State Invited" in said(answer)
    assert "Role given: Overseas visitor manager, organisation RJ1 admin@all.example" in said(answer)
    assert "new@rj1.example" in said(admin.get("/users", role="trust", state="invited"))
    assert "To new@rj1.example" in said(admin.get("/outbox"))
    assert "/welcome/" in said(admin.get("/outbox"))
    with database.reading() as db:
        assert ".example" not in str([event.model_dump() for event in db.exec(select(AuditEvent))])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": ""}, "Enter the e-mail address"),
        ({"role": "", "name": ""}, "Enter the name Choose a role"),
        ({"email": "nobody"}, "That is not an e-mail address"),
        ({"place": ""}, "Choose the organisation"),
        ({"role": "health_department"}, "Choose the nation"),
        ({"role": "board"}, "The role board is not tied to one organisation"),
        ({"email": "admin@all.example"}, "There is an account admin@all.example already"),
    ],
)
def test_an_invitation_that_cannot_be_taken_is_shown_again(admin, changes, words):
    fields = {"email": "new@rj1.example", "name": "New Person", "role": "trust", "place": "RJ1"} | changes
    answer = admin.post("/users/invite", fields)
    assert answer.status_code in {409, 422}
    assert words in said(answer)
    assert "Nobody is in this list" in said(admin.get("/users", state="invited"))


def test_a_role_is_given_and_taken_away_again(admin, ovm):
    given = admin.follow(admin.post(f"{ovm}/roles", {"role": "debtors_team"}))
    assert "Debtors Team" in said(given)
    twice = admin.post(f"{ovm}/roles", {"role": "debtors_team"})
    assert (twice.status_code, "This person has this role already" in said(twice)) == (409, True)
    role = re.search(rf'href="({ovm}/roles/[0-9a-f]+)">Take away<span[^>]*> the role Debtors Team', given.text)[1]
    assert "Debtors Team: what this role allows ends" in said(admin.get(role))
    taken = admin.follow(admin.post(role))
    assert "Role taken away: Debtors Team" in said(taken)
    assert admin.get(role).status_code == 404


def test_a_disabled_account_is_out_at_once_and_comes_back_when_it_is_enabled(admin, visitor, database):
    team = visitor(Role.DEBTORS_TEAM)
    with database.reading() as db:
        page = f"/users/{db.exec(select(User.id).where(User.email == 'debtors_team@all.example')).one()}"
    answer = admin.follow(admin.post(f"{page}/disable"))
    assert "State Disabled" in said(answer)
    assert team.get("/").headers["location"] == "/sign-in"
    assert "debtors_team@all.example" in said(admin.get("/users", state="disabled"))
    assert "State Active" in said(admin.follow(admin.post(f"{page}/enable")))


def test_ending_the_sessions_signs_a_person_out_everywhere(admin, visitor, database):
    team = visitor(Role.DEBTORS_TEAM)
    with database.reading() as db:
        page = f"/users/{db.exec(select(User.id).where(User.email == 'debtors_team@all.example')).one()}"
    assert "signed out everywhere" in said(admin.follow(admin.post(f"{page}/end-sessions")))
    assert team.get("/").headers["location"] == "/sign-in"


def test_administrators_cannot_shut_themselves_out(admin):
    me = own_page(admin)
    answer = admin.post(f"{me}/disable")
    assert (answer.status_code, "You cannot disable your own account" in said(answer)) == (409, True)
    role = re.search(rf'href="({me}/roles/[0-9a-f]+)"', admin.get(me).text)[1]
    answer = admin.post(role)
    assert (answer.status_code, "There is a problem" in said(answer)) == (409, True)
    assert admin.get("/users").status_code == 200


def test_a_portfolio_is_changed_by_codes_and_moves_whole_to_another_manager(admin, lpm, app, database):
    assert "RJ1 RYJ" in said(admin.get(f"{lpm}/portfolio"))
    unknown = admin.post(f"{lpm}/portfolio", {"codes": "RJ1, XXX"})
    assert (unknown.status_code, 'There is no organisation "XXX"' in said(unknown)) == (422, True)
    assert "RJ1, XXX" in unknown.text
    admin.follow(admin.post(f"{lpm}/portfolio", {"codes": "RJ1\r\n7A1"}))
    with database.writing() as db:
        other = accounts.add_user(db, COMMAND_LINE, "second@nhs.example", "lpm", "RYJ")
        taker = other.id
    assert admin.post(f"{lpm}/take-over", {"taker": "0" * 32}).status_code == 422
    moved = admin.follow(admin.post(f"{lpm}/take-over", {"taker": taker}))
    assert all(f"Local Partnership Manager, {code}" in said(moved) for code in ("7A1", "RJ1", "RYJ"))
    assert "Roles None." in said(admin.get(lpm))
    assert admin.post(f"{lpm}/take-over", {"taker": taker}).status_code == 409


@pytest.mark.parametrize("page", ["portfolio", "take-over"])
def test_who_is_no_manager_has_no_portfolio_to_change_or_to_move(admin, lpm, ovm, page):
    shown = admin.get(f"{ovm}/{page}")
    sent = admin.post(f"{ovm}/{page}", {"taker": lpm.rpartition("/")[2], "codes": "RJ1"})
    for answer in (shown, sent):
        assert answer.status_code == 409
        assert "is no Local Partnership Manager, so there is no portfolio. Give the role first." in said(answer)
    assert admin.get(f"{lpm}/{page}").status_code == 200


def test_a_new_link_ends_the_one_before_which_the_outbox_says(admin):
    fields = {"email": "new@rj1.example", "name": "New Person", "role": "trust", "place": "RJ1"}
    person = admin.post("/users/invite", fields).headers["location"].partition("?")[0]
    admin.follow(admin.post(f"{person}/send-link"))
    words = said(admin.get("/outbox"))
    assert words.count("/welcome/") == 1
    assert "The text of this message is taken out" in words


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_nobody_else_sees_users_or_mail(visitor, role):
    browser = visitor(role)
    for path in ("/users", "/users/invite", "/outbox", f"/users/{'0' * 32}", f"/users/{'0' * 32}/disable"):
        assert browser.get(path).status_code == 403, path


def test_what_is_not_there_is_not_found(admin, ovm):
    nobody = "0" * 32
    for path in (f"/users/{nobody}", f"/users/{nobody}/disable", f"{ovm}/roles/{nobody}", f"{ovm}/identities/{nobody}"):
        assert admin.get(path).status_code == 404, path
    assert admin.get(f"{ovm}/delete").status_code == 404
    assert admin.get("/users", role="king").status_code == 422
    assert admin.get("/users", cursor="x").status_code == 422


def test_a_long_list_comes_in_pages_and_no_address_of_a_page_holds_an_e_mail_address(admin, database):
    with database.writing() as db:
        for number in range(55):
            accounts.add_user(db, COMMAND_LINE, f"p{number:02}@rj1.example", "board")
    first = admin.get("/users", role="board")
    following = re.search(r'href="(/users\?role=board&amp;cursor=[^"]+)"', first.text)[1].replace("&amp;", "&")
    assert "example" not in following
    second = said(admin.get(following))
    assert ("p54@rj1.example" in second, "p00@rj1.example" in second, "First page" in second) == (True, False, True)


def test_tokens_are_listed_and_all_of_a_person_are_ended(admin, ovm, database):
    assert "Tokens for programs" not in said(admin.get(ovm))
    assert "End the tokens" not in said(admin.get(ovm))
    with database.writing() as db:
        token = accounts.create_token(db, COMMAND_LINE, "ovm@rj1.example")
    listed = admin.get(ovm)
    assert "Tokens for programs 1 token" in said(listed)
    assert token not in listed.text
    assert "Programs that use a token of this person are refused" in said(admin.get(f"{ovm}/end-tokens"))
    ended = said(admin.follow(admin.post(f"{ovm}/end-tokens")))
    assert "The tokens of this person have ended" in ended
    assert "Token ended" in ended
    assert admin.post(f"{ovm}/end-tokens").status_code == 409


def test_an_administrator_gives_nobody_both_administration_and_peoples_data(admin, visitor, ovm):
    me = own_page(admin)
    for role in ("debtors_team", "auditor"):
        own = admin.post(f"{me}/roles", {"role": role})
        assert (own.status_code, "You cannot give a role to your own account" in said(own)) == (409, True)
    assert admin.get("/debts").status_code == 403
    both = admin.post(f"{ovm}/roles", {"role": "admin"})
    assert (both.status_code, "sees no personal data" in said(both)) == (409, True)
