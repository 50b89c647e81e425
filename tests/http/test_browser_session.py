"""The API for a browser that is signed in: it may look, and change only with the token of a form of its own session."""

import pytest
from sqlmodel import select

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.access import COMMAND_LINE
from app.accounts.models import Step
from app.accounts.permissions import Role
from app.audit.models import AuditAction, AuditEvent
from app.http import guard
from tests.api.conftest import PERIOD

NIL = {"organisation": "RJ1", "period": PERIOD}


@pytest.fixture
def session(client, database) -> str:
    with database.writing() as db:
        user = accounts.add_user(db, COMMAND_LINE, "ovm@rj1.example", "trust", "RJ1")
        token = sessions.start(db, user, Step.IN)
    client.cookies.set("session", token)
    return token


def test_a_signed_in_browser_may_look(client, session):
    assert client.get("/api/v1/debts").status_code == 200


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_it_looks_from_a_page_of_ours_or_by_typing_the_address(client, session, site):
    assert client.get("/api/v1/debts", headers={"Sec-Fetch-Site": site}).status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
    {"Origin": "https://elsewhere.example"},
])  # fmt: skip
def test_another_site_looks_at_nothing_with_its_session(client, session, headers, method):
    answer = client.request(method, "/api/v1/debts", headers=headers)
    assert answer.status_code == 403
    if method == "GET":
        assert answer.json()["detail"].startswith(
            "Another site asked for this with your session, so it was not answered."
        )


def test_another_site_writes_nobody_into_the_record_of_what_left(client, database):
    with database.writing() as db:
        user = accounts.add_user(db, COMMAND_LINE, "team@all.example", Role.DEBTORS_TEAM, None)
        client.cookies.set("session", sessions.start(db, user, Step.IN))
    address = "/api/v1/consolidated.csv?purpose=Load&recipient=Somebody"
    assert client.get(address, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    exported = select(AuditEvent).where(AuditEvent.action == AuditAction.REGISTER_EXPORTED)
    with database.reading() as db:
        assert db.exec(exported).all() == []
    assert client.get(address, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    with database.reading() as db:
        assert len(db.exec(exported).all()) == 1


def test_with_a_bearer_token_it_does_not_matter_whose_page_asks(client, database):
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, "ovm@rj1.example", "trust", "RJ1")
        token = accounts.create_token(db, COMMAND_LINE, "ovm@rj1.example")
    headers = {"Authorization": f"Bearer {token}", "Sec-Fetch-Site": "cross-site", "Origin": "https://a.example"}
    assert client.get("/api/v1/debts", headers=headers).status_code == 200


def test_a_page_opens_by_a_link_in_a_mail(client, session):
    assert client.get("/debts", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("headers", [
    {},
    {"X-Form-Token": "0" * 40},
    {"X-Form-Token": "right", "Sec-Fetch-Site": "cross-site"},
    {"X-Form-Token": "right", "Sec-Fetch-Site": "same-site"},
])  # fmt: skip
def test_it_changes_nothing_without_the_token_or_from_another_site(client, session, settings, headers):
    right = guard.form_token(settings, session)
    sent = {name: right if value == "right" else value for name, value in headers.items()}
    assert client.post("/api/v1/returns/nil", json=NIL, headers=sent).status_code == 403
    assert client.get("/api/v1/returns").json()["items"] == []


def test_with_the_token_of_its_own_session_it_may_change(client, session, settings):
    headers = {"X-Form-Token": guard.form_token(settings, session), "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/v1/returns/nil", json=NIL, headers=headers).status_code == 201


def test_a_session_that_still_waits_for_its_code_is_nobody(client, database):
    with database.writing() as db:
        user = accounts.add_user(db, COMMAND_LINE, "ovm@rj1.example", "trust", "RJ1")
        client.cookies.set("session", sessions.start(db, user, Step.CODE))
    assert client.get("/api/v1/debts").status_code == 401


def test_a_bearer_token_that_is_wrong_is_not_made_good_by_a_session(client, session):
    assert client.get("/api/v1/debts", headers={"Authorization": "Bearer dr_wrong"}).status_code == 401
