"""Signing in with a real identity provider: who is let in, by which invitation, and every answer that is not believed."""

import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from sqlmodel import select

from app.accounts import identities, links
from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.id_tokens import NotBelieved, believed
from app.accounts.models import Identity, User
from app.accounts.providers import Errand
from app.audit.models import AuditEvent
from app.core.outbox import Message
from tests.oidc.conftest import BASE, signed_in_there
from tests.web.conftest import Browser, said

EMAIL = "ovm@rj1.example"


def came_back(browser: Browser, account: str, key: str = "mail", **query: str):
    """The whole way there and back."""
    there = browser.get(f"/sign-in/with/{key}", **query)
    assert there.status_code == 302
    return browser.client.get(signed_in_there(there.headers["location"], account).removeprefix(BASE))


def invited(database) -> str:
    with database.writing() as db:
        user = accounts.user_by_email(db, EMAIL) or accounts.add_user(db, COMMAND_LINE, EMAIL, "trust", "RJ1")
        return links.invite(db, COMMAND_LINE, user, BASE).rpartition("/")[2]


def test_an_invitation_binds_the_sign_in_which_then_works_without_one_and_without_a_code(app, browser, database):
    token = invited(database)
    assert f"/sign-in/with/mail?invitation={token}" in browser.get(f"/welcome/{token}").text
    answer = came_back(browser, "ada", invitation=token)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert browser.get("/account").status_code == 200
    with database.reading() as db:
        assert db.exec(select(Message.body)).one() == ""

    again = Browser(app)
    answer = came_back(again, "ada", next="/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert "you sign in with an identity provider" in said(again.get("/account"))
    assert "errand" not in again.client.cookies


def test_somebody_whom_nobody_invited_is_told_what_to_do_and_it_is_recorded(browser, database):
    answer = came_back(browser, "stranger")
    assert answer.status_code == 403
    assert "Nobody here has signed in with that account. Ask your administrator for an invitation" in said(answer)
    assert browser.get("/").headers["location"] == "/sign-in"
    with database.reading() as db:
        event = db.exec(select(AuditEvent).where(AuditEvent.outcome == "refused")).one()
        assert (event.subject_type, event.detail) == ("identity", {"why": "unknown"})
        assert "stranger" not in str(event.model_dump())


def test_a_disabled_account_is_not_let_in(browser, app, database):
    came_back(browser, "ada", invitation=invited(database))
    with database.writing() as db:
        db.exec(select(User)).one().disabled_at = datetime.now(UTC)
    answer = came_back(Browser(app), "ada")
    assert (answer.status_code, "You are not signed in" in said(answer)) == (403, True)


def test_an_invitation_works_once_and_an_identity_belongs_to_one_account(browser, app, database):
    token = invited(database)
    came_back(browser, "ada", invitation=token)
    used = came_back(Browser(app), "eve", invitation=token)
    assert (used.status_code, "This link was used before" in said(used)) == (409, True)
    taken = came_back(Browser(app), "ada", invitation=invited(database))
    assert (taken.status_code, "belongs to an account already" in said(taken)) == (409, True)


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(browser, app, database):
    there = browser.get("/sign-in/with/mail", invitation=invited(database))
    back = signed_in_there(there.headers["location"], "ada").removeprefix(BASE)
    stolen = Browser(app).client.get(back)
    assert (stolen.status_code, "could not be used" in said(stolen)) == (422, True)
    kept = browser.client.cookies["errand"]
    assert browser.client.get(back).status_code == 303
    assert browser.client.get(back).status_code == 422
    browser.client.cookies.set("errand", kept)
    assert browser.client.get(back).status_code in {409, 422}
    with database.reading() as db:
        assert len(db.exec(select(Identity)).all()) == 1


@pytest.mark.parametrize(
    "changes",
    [{"nonce": "another"}, {"state": "another"}, {"verifier": "v" * 43}, {"provider": "other"}, {"begun_at": "old"}],
    ids=lambda changes: next(iter(changes)),
)
def test_an_answer_to_another_errand_is_refused(browser, database, changes):
    there = browser.get("/sign-in/with/mail", invitation=invited(database))
    back = signed_in_there(there.headers["location"], "ada").removeprefix(BASE)
    if "begun_at" in changes:
        changes = {"begun_at": (datetime.now(UTC) - timedelta(minutes=11)).isoformat()}
    errand = Errand.opened(browser.client.cookies["errand"])
    browser.client.cookies.clear()
    browser.client.cookies.set("errand", replace(errand, **changes).sealed())
    answer = browser.client.get(back)
    assert (answer.status_code, "could not be used" in said(answer)) == (422, True)
    with database.reading() as db:
        assert identities.user_for(db, "any", "ada") is None
        assert db.exec(select(Identity)).all() == []


@pytest.mark.parametrize("cookie", ["", "nonsense", "gAAAAA"])
def test_coming_back_without_an_errand_of_ours_is_refused(browser, cookie):
    browser.client.cookies.set("errand", cookie)
    assert browser.get("/sign-in/with/mail/back", code="x", state="y").status_code == 422


def test_whoever_the_provider_sends_back_without_a_code_is_told_so(browser):
    there = browser.get("/sign-in/with/mail")
    state = re.search(r"[?&]state=([^&]+)", there.headers["location"])[1]
    answer = browser.get("/sign-in/with/mail/back", error="access_denied", error_description="<b>no</b>", state=state)
    assert "NHS mail did not sign you in" in said(answer)
    assert "<b>no" not in answer.text


@pytest.mark.parametrize("key", ["slow", "down"])
def test_a_provider_that_does_not_answer_is_named_within_five_seconds(browser, key):
    began = time.monotonic()
    answer = browser.get(f"/sign-in/with/{key}")
    assert time.monotonic() - began < 5
    assert answer.status_code == 503
    assert f"NHS {key} does not answer just now" in said(answer)


def test_the_errand_is_for_the_browser_alone_and_leads_only_here(browser):
    answer = browser.get("/sign-in/with/mail", next="//evil.example")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "max-age=600" in cookie
    assert Errand.opened(browser.client.cookies["errand"]).back == ""
    assert browser.get("/sign-in/with/nobody").status_code == 404


SIGNER = RSAKey.generate_key(2048, {"kid": "one"})
RIGHT = {"iss": "https://issuer.example", "aud": "us", "sub": "ada", "nonce": "n"}


def token(changes: dict | None = None, key=SIGNER, algorithm: str = "RS256") -> str:
    now = int(datetime.now(UTC).timestamp())
    claims = {**RIGHT, "iat": now, "exp": now + 60} | (changes or {})
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": algorithm, "kid": "one"}, claims, key, algorithms=[algorithm])


def reading(text: str) -> tuple[str, str]:
    return believed(text, KeySet([SIGNER]).as_dict(private=False), "https://issuer.example", "us", "n")


def test_a_token_that_is_right_is_believed():
    assert reading(token()) == ("https://issuer.example", "ada")
    assert reading(token({"aud": ["us"]})) == ("https://issuer.example", "ada")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"}, {"aud": "them"}, {"aud": ["us", "them"]}, {"nonce": "other"}, {"nonce": None},
        {"exp": 1}, {"exp": None}, {"aud": None}, {"sub": None}, {"sub": ""}, {"sub": 7}, {"sub": "x" * 256},
        {"azp": "them"}, {"iat": None}, {"nbf": 4102444800},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_is_wrong_in_one_respect_is_not_believed(changes):
    with pytest.raises(NotBelieved):
        reading(token(changes))


def test_a_token_that_the_issuer_did_not_sign_is_not_believed():
    other = RSAKey.generate_key(2048, {"kid": "one"})
    head, body, _ = token().split(".")
    shared = OctKey.import_key("a secret that two could share, and so no signature", {"kid": "one"})
    forged = [token(key=other), f"{head}.{body}.", "", "a.b.c", token(key=shared, algorithm="HS256")]
    for text in forged:
        with pytest.raises(NotBelieved):
            reading(text)
