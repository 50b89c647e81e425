"""Every page for every role, on what is their own, another's and not there: one table, and nothing that tells of others."""

import re

import pytest
from sqlmodel import col, select

from app.accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from app.debts.models import Debt
from app.http import guard
from app.http.guard import Door
from app.returns.models import OpenRow, Return
from app.web.routes import Page, pages
from tests.web.conftest import Browser, row, workbook

PAGES = list(pages())
ABSENT = "0" * 32
ANYBODY, SIGNED_IN = {"anybody"}, {"signed in"}
TRUST, RETURNS = {Role.TRUST}, {Role.TRUST, Role.DEBTORS_TEAM}
TEAM, ADMIN = {Role.DEBTORS_TEAM}, {Role.ADMIN}
MANAGERS = {Role.LPM, Role.DEBTORS_TEAM}
REPORTS = {Role.TRUST, Role.DEBTORS_TEAM, Role.LPM, Role.BOARD, Role.AUDITOR}
SHARING = {Role.DEBTORS_TEAM, Role.BOARD, Role.AUDITOR, Role.HEALTH_DEPARTMENT}
SUBMISSIONS = {Role.TRUST, Role.DEBTORS_TEAM, Role.LPM, Role.HEALTH_DEPARTMENT}
# The one table: page by page, who gets past the door; both methods of a form's page are alike unless it says so.
TABLE = {
    "/sign-in": ANYBODY,
    "/sign-in/code": {"signing in"},
    "/sign-in/set-up": {"signing in"},
    "/sign-in/with/{key}": ANYBODY,
    "/sign-in/with/{key}/back": ANYBODY,
    "/sign-out": ANYBODY,
    "/reset-password": ANYBODY,
    "/reset-password/{token}": ANYBODY,
    "/welcome/{token}": ANYBODY,
    "/guidance": ANYBODY,
    "/privacy": ANYBODY,
    "/accessibility": ANYBODY,
    "/cookies": ANYBODY,
    "/": SIGNED_IN,
    "/account": SIGNED_IN,
    "/account/password": SIGNED_IN,
    "/account/codes": SIGNED_IN,
    "/account/sessions": SIGNED_IN,
    "/account/tokens": SIGNED_IN,
    "/returns": RETURNS,
    "/returns/upload": RETURNS,
    "/returns/checking/{waiting_id}": RETURNS,
    "/returns/template": RETURNS,
    "/returns/nil": RETURNS,
    "/returns/{return_id}": RETURNS,
    "/returns/{return_id}/receipt": RETURNS,
    "/returns/{return_id}/withdraw": TRUST,
    "/returns/{return_id}/rejections.xlsx": TRUST,
    "/returns/{return_id}/rejections.csv": TRUST,
    "/returns/{return_id}/original": TRUST,
    "/open-rows": RETURNS,
    "/open-rows/workbook": TRUST,
    "/open-rows/{row_id}": TRUST,
    "/open-rows/{row_id}/answer": TRUST,
    "/open-rows/{row_id}/close": TRUST,
    "/debts": RETURNS,
    "/debts/download": TEAM,
    "/debts/{debt_id}": RETURNS,
    "/debts/{debt_id}/hold": TEAM,
    "/debts/{debt_id}/unhold": TEAM,
    "/debts/{debt_id}/change": RETURNS,
    "/debts/{debt_id}/change/{what}": RETURNS,
    "/debts/{debt_id}/amend": TRUST,
    "/debtors/{debtor_id}": TEAM,
    "/matches": TEAM,
    "/matches/{match_id}": TEAM,
    "/debtors/{debtor_id}/everything": TEAM,
    "/debts/{debt_id}/everything": TRUST,
    "/debts/{debt_id}/dispute": TEAM,
    "/disputes": RETURNS,
    "/disputes/{dispute_id}": RETURNS,
    "/disputes/{dispute_id}/answer": TRUST,
    "/disputes/{dispute_id}/settle": TEAM,
    "/disputes/{dispute_id}/abandon": TEAM,
    "/corrections": TEAM,
    "/warnings-index": TEAM,
    "/releases": TEAM,
    "/releases/prepare": TEAM,
    "/releases/{release_id}": TEAM,
    "/releases/{release_id}/lines": TEAM,
    "/releases/{release_id}/sample/{line}": TEAM,
    "/releases/{release_id}/approve": TEAM,
    "/releases/{release_id}/release": TEAM,
    "/releases/{release_id}/abandon": TEAM,
    "/releases/{release_id}/files/{name}": TEAM,
    "/releases/{release_id}/acknowledgement": TEAM,
    "/releases/{release_id}/funnel": TEAM,
    "/releases/{release_id}/deliveries/{delivery_id}": TEAM,
    "/submissions": SUBMISSIONS,
    "/submissions/missing": SUBMISSIONS,
    "/submissions/missing.csv": SUBMISSIONS,
    "/submissions/rates": SUBMISSIONS | {Role.BOARD},
    "/submissions/rates.csv": SUBMISSIONS | {Role.BOARD},
    "/submissions/grid.csv": SUBMISSIONS,
    "/submissions/grid.xlsx": SUBMISSIONS,
    "/submissions/{code}/{period}": SUBMISSIONS,
    "/reminders": TEAM | {Role.LPM},
    "/reminders/wording": TEAM | ADMIN,
    "/reminders/wording/{occasion}": TEAM | ADMIN,
    "/reports": REPORTS,
    "/reports/board-pack": REPORTS,
    "/reports/{slug}": REPORTS,
    "/reports/{slug}.csv": REPORTS,
    "/reports/{slug}.xlsx": REPORTS,
    "/organisations": SUBMISSIONS | ADMIN,
    "/organisations/{code}": SUBMISSIONS | ADMIN,
    "/organisations/{code}/change": ADMIN,
    "/organisations/{code}/obligation": ADMIN,
    "/organisations/{code}/contacts": TRUST | ADMIN,
    "/organisations/{code}/contacts/{contact_id}": TRUST | ADMIN,
    "/organisations/{code}/contacts/{contact_id}/remove": TRUST | ADMIN,
    "/organisations/{code}/contact-log": MANAGERS,
    "/organisations/{code}/contact-log/{entry_id}": MANAGERS,
    "/account/phone": SIGNED_IN,
    "/account/cover": {Role.LPM},
    "/users/{user_id}/cover": ADMIN,
    "/organisations/{code}/excuse/{period}": {Role.LPM} | TEAM | ADMIN,
    "/organisations/{code}/excuse/{period}/end": {Role.LPM} | TEAM | ADMIN,
    "/obligations": ADMIN,
    "/obligations/import": ADMIN,
    "/periods": TEAM | ADMIN,
    "/periods/{period}": TEAM | ADMIN,
    "/periods/{period}/reset": TEAM | ADMIN,
    "/status-checks": {Role.BORDER},
    "/users": ADMIN,
    "/users/invite": ADMIN,
    "/users/{user_id}": ADMIN,
    "/users/{user_id}/roles": ADMIN,
    "/users/{user_id}/roles/{grant_id}": ADMIN,
    "/users/{user_id}/identities/{identity_id}": ADMIN,
    "/users/{user_id}/portfolio": ADMIN,
    "/users/{user_id}/take-over": ADMIN,
    "/users/{user_id}/{deed}": ADMIN,
    "/outbox": ADMIN,
    "/service": ADMIN,
    "/data-sharing": SHARING,
    "/data-sharing.csv": SHARING,
    "/extracts": SHARING,
    "/audit": {Role.AUDITOR},
    "/audit.csv": {Role.AUDITOR},
}


def address(page: Page, id_: str = ABSENT) -> str:
    return re.sub(r"\{\w+\}", id_, page.path)


def ask(browser: Browser, page: Page, path: str):
    """Opens a page, or posts a form of this session to it."""
    if page.method == "GET":
        return browser.get(path)
    session = browser.client.cookies.get("session", "")
    token = guard.form_token(browser.client.app.state.settings, session)
    return browser.client.post(path, data={"form_token": token}, headers={"Sec-Fetch-Site": "same-origin"})


def test_every_page_requires_something_and_stands_in_the_table_and_the_other_way_round():
    assert [page for page in PAGES if page.required is None] == []
    assert {page.path for page in PAGES} == set(TABLE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.method} {page.path}")
def test_the_table_says_what_the_permissions_give(page):
    if isinstance(page.required, Permission):
        may = {role for role, held in ROLE_PERMISSIONS.items() if page.required in held}
        assert may == TABLE[page.path]
    else:
        words = {Door.OPEN: ANYBODY, Door.SIGNED_IN: SIGNED_IN, Door.SIGNING_IN: {"signing in"}}
        assert TABLE[page.path] == words[page.required]


def test_somebody_who_is_not_signed_in_is_sent_to_sign_in_from_every_page_that_is_not_open(browser):
    for page in PAGES:
        answer = ask(browser, page, address(page))
        if TABLE[page.path] == ANYBODY:
            assert answer.status_code in {200, 303, 404, 422}, page
        else:
            assert answer.status_code == 303, page
            assert answer.headers["location"].startswith("/sign-in"), page


@pytest.mark.parametrize("role", Role)
def test_each_role_gets_past_the_doors_of_the_table_and_no_other(visitor, role):
    somebody = visitor(role)
    for page in PAGES:
        if page.path in {"/sign-out", "/account/sessions"}:
            continue  # these end the session, which the others still need
        status = ask(somebody, page, address(page)).status_code
        if role in TABLE[page.path] or TABLE[page.path] in (ANYBODY, SIGNED_IN):
            assert status in {200, 303, 404, 409, 422}, (page, status)
        elif TABLE[page.path] == {"signing in"}:
            assert status == 303, (page, status)
        else:
            assert status == 403, (page, status)


def test_anothers_things_look_as_things_that_do_not_exist(visitor, database):
    ovm, other = visitor(Role.TRUST), visitor(Role.TRUST, "RYJ")
    upload = "/returns/upload?organisation=RJ1&period=2026-10"
    data = workbook(row(1), row(2, date_of_birth="?"))
    checked = ovm.post(upload, {"declaration": "true"}, files={"file": ("r.xlsx", data)}).headers["location"]
    ovm.post(checked)
    with database.reading() as db:
        ids = {
            "return_id": db.exec(select(Return.id)).first(),
            "row_id": db.exec(select(OpenRow.id)).first(),
            "debt_id": db.exec(select(Debt.id).where(col(Debt.organisation_code) == "RJ1")).first(),
        }
    tried = 0
    for page in PAGES:
        names = re.findall(r"\{(\w+)\}", page.path)
        if not names or names[0] not in ids or Role.TRUST not in TABLE[page.path]:
            continue
        path = page.path.replace("{what}", "payment")
        theirs = ask(other, page, path.format(**ids))
        absent = ask(other, page, re.sub(r"\{\w+\}", ABSENT, path))
        assert (theirs.status_code, absent.status_code) == (404, 404), page
        assert theirs.content == absent.content, page
        tried += 1
    assert tried > 10


@pytest.mark.parametrize("code", ["RJ1", "NOPE", "\0", "'", "../RJ1"])
def test_an_organisation_out_of_reach_is_404_on_every_page_that_asks_for_one(visitor, code):
    other = visitor(Role.TRUST, "RYJ")
    for path in ("/returns/upload", "/returns/nil", "/returns/template", "/open-rows/workbook", "/returns", "/debts"):
        answer = other.get(path, organisation=code, period="2026-10")
        absent = other.get(path, organisation="ZZ9", period="2026-10")
        assert (answer.status_code, answer.content == absent.content) == (404, True), (path, answer.status_code)


def test_no_page_answers_to_another_method(visitor):
    somebody = visitor(Role.TRUST)
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        assert somebody.client.request(method, "/returns").status_code == 405, method
    looked = somebody.client.request("HEAD", "/returns")
    assert (looked.status_code, looked.content) == (200, b"")


def test_every_page_has_the_strict_policy_and_is_kept_by_nobody(visitor):
    somebody = visitor(Role.TRUST)
    for path in ("/", "/returns", "/nowhere", "/users", "/guidance"):
        headers = somebody.get(path).headers
        assert "unsafe" not in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
