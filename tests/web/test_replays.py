"""What was sent once is not done again: after signing out, with an old form's token, from another site, or by looking."""

from typing import Any

import pytest
from sqlmodel import col, select

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.access import COMMAND_LINE
from app.accounts.models import Step
from app.accounts.permissions import Role
from app.core.db import Database, metadata
from app.debts.models import Debt
from app.http import guard
from app.main import create_app
from app.returns.models import Return
from app.web.routes import pages
from tests.web.conftest import Browser, row, workbook

# What is written down of somebody who looks: that they did, and that their session is in use.
RECORDS = {"audit_events", "sessions", "rate_counts"}
UPLOAD = "/returns/upload?organisation=RJ1&period=2026-10"


def everything(database: Database) -> dict[str, list[Any]]:
    """Every row of every table, but for the records of looking."""
    with database.reading() as db:
        tables = (table for name, table in metadata.tables.items() if name not in RECORDS)
        return {table.name: sorted(map(repr, db.execute(table.select()).all())) for table in tables}


@pytest.fixture
def ovm(visitor, database) -> Browser:
    """An officer of RJ1, with a return and a debt to write to."""
    browser = visitor(Role.TRUST)
    checked = browser.post(
        UPLOAD, {"declaration": "true"}, files={"file": ("r.xlsx", workbook(row(1), row(2, date_of_birth="?")))}
    )
    browser.post(checked.headers["location"])
    return browser


@pytest.fixture
def writes(ovm, database) -> dict[str, dict[str, str]]:
    """Forms that would change something, if they were taken."""
    with database.reading() as db:
        debt = db.exec(select(Debt.id).order_by(col(Debt.id))).first()
        return_ = db.exec(select(Return.id)).first()
    return {
        f"/returns/{return_}/withdraw": {"reason": "Sent by mistake"},
        f"/debts/{debt}/change/repaid": {
            "status_date-day": "20",
            "status_date-month": "11",
            "status_date-year": "2026",
        },
        "/account/phone": {"phone": "020 7946 0123"},
        "/account/sessions": {},
        "/returns/nil?organisation=RJ1&period=2026-09": {"declaration": "true"},
    }


def test_a_form_sent_again_after_signing_out_is_refused_and_changes_nothing(ovm, writes, database):
    """Check 17."""
    session = ovm.client.cookies["session"]
    token = guard.form_token(ovm.client.app.state.settings, session)
    ovm.post("/sign-out")
    before = everything(database)
    for path, fields in writes.items():
        ovm.client.cookies.set("session", session)
        answer = ovm.client.post(path, data={"form_token": token, **fields}, headers={"Sec-Fetch-Site": "same-origin"})
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in"), path
    assert everything(database) == before


def test_a_form_of_an_earlier_session_of_the_same_person_is_refused(ovm, writes, database):
    """Check 17: an old form's token."""
    old = guard.form_token(ovm.client.app.state.settings, ovm.client.cookies["session"])
    with database.writing() as db:
        user = accounts.user_by_email(db, "trust@rj1.example")
        ovm.client.cookies.set("session", sessions.start(db, user, Step.IN))
    before = everything(database)
    for path, fields in writes.items():
        answer = ovm.client.post(path, data={"form_token": old, **fields}, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 403, path
    assert everything(database) == before


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}],
    ids=str,
)  # fmt: skip
def test_a_form_from_another_origin_is_refused_even_with_the_right_token(ovm, writes, database, headers):
    """Check 17: also by the API's way, which a page's script would take."""
    token = guard.form_token(ovm.client.app.state.settings, ovm.client.cookies["session"])
    before = everything(database)
    for path, fields in writes.items():
        assert ovm.client.post(path, data={"form_token": token, **fields}, headers=headers).status_code == 403, path
    nil = {"organisation": "RJ1", "period": "2026-09"}
    answer = ovm.client.post("/api/v1/returns/nil", json=nil, headers={"X-Form-Token": token, **headers})
    assert answer.status_code == 403
    assert everything(database) == before


@pytest.mark.parametrize("role", [Role.TRUST, Role.DEBTORS_TEAM, Role.ADMIN])
def test_to_look_at_every_page_changes_nothing(ovm, visitor, database, role):
    """Check 17: no GET changes state. Every page of pages and API with the ids of what is there."""
    somebody = ovm if role is Role.TRUST else visitor(role)
    with database.reading() as db:
        ids = {
            "return_id": db.exec(select(Return.id)).first(), "debt_id": db.exec(select(Debt.id)).first(),
            "debtor_id": db.exec(select(Debt.debtor_id)).first(), "code": "RJ1", "organisation_code": "RJ1",
            "period": "2026-10", "slug": "debts", "what": "repaid",
        }  # fmt: skip
        ids["user_id"] = accounts.user_by_email(db, "trust@rj1.example").id
    before, seen = everything(database), 0
    api = [route for route in somebody.client.app.routes if getattr(route, "path", "").startswith("/api/v1")]
    gets = [page.path for page in pages() if page.method == "GET" and page.path != "/sign-out"]
    for path in [*gets, *(route.path for route in api if "GET" in route.methods)]:
        address = path
        for name, value in ids.items():
            address = address.replace(f"{{{name}}}", value)
        answer = somebody.client.get(address.replace("{", "").replace("}", ""), params={"organisation": "RJ1"})
        assert answer.status_code < 500, (path, answer.status_code)
        seen += answer.status_code == 200
    assert everything(database) == before
    assert seen > 15


def test_in_production_the_cookie_is_bound_to_host_and_https_at_every_step(database, app, settings):
    """Check 18."""
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, "ovm@rj1.example", "trust", "RJ1", "Three-Words-For-Tests")
    browser = Browser(create_app(settings.model_copy(update={"base_url": "https://testserver"}), database))
    browser.client.base_url = "https://testserver"
    first = browser.get("/sign-in")
    second = browser.post("/sign-in", {"email": "ovm@rj1.example", "password": "Three-Words-For-Tests"})
    assert second.headers["location"] == "/"
    for answer in (first, second):
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-session=")
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= {part.strip() for part in cookie.lower().split(";")}
        assert "domain" not in cookie.lower()
    assert browser.get("/account").status_code == 200
