"""Who may call what: every route for every role, and nothing that tells of another organisation."""

import re

import pytest
from sqlmodel import select

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.models import RoleGrant, User
from app.accounts.permissions import Role
from app.api.routes import Call, calls
from app.core import clock
from tests.api.conftest import PERIOD, dispute_of, row, workbook

ABSENT = "0" * 32
CALLS = [call for call in calls() if call.permission is not None]
EVERYBODY_WITH_RETURNS = {Role.TRUST, Role.DEBTORS_TEAM}
READERS_OF_REPORTS = {Role.TRUST, Role.DEBTORS_TEAM, Role.LPM, Role.BOARD, Role.AUDITOR}
READERS_OF_SUBMISSIONS = {Role.TRUST, Role.DEBTORS_TEAM, Role.LPM, Role.HEALTH_DEPARTMENT}
# The one table: call by call, who gets past the door. Everybody else is 403.
TABLE = {
    "GET /template": EVERYBODY_WITH_RETURNS,
    "POST /returns": EVERYBODY_WITH_RETURNS,
    "POST /returns/nil": EVERYBODY_WITH_RETURNS,
    "POST /returns/{return_id}/submit": EVERYBODY_WITH_RETURNS,
    "POST /returns/{return_id}/withdraw": {Role.TRUST},
    "GET /returns": EVERYBODY_WITH_RETURNS,
    "GET /returns/{return_id}": EVERYBODY_WITH_RETURNS,
    "GET /returns/{return_id}/findings": EVERYBODY_WITH_RETURNS,
    "GET /returns/{return_id}/rejections.xlsx": {Role.TRUST},
    "GET /returns/{return_id}/rejections.csv": {Role.TRUST},
    "GET /returns/{return_id}/original": {Role.TRUST},
    "GET /open-rows": EVERYBODY_WITH_RETURNS,
    "POST /open-rows/{row_id}/close": {Role.TRUST},
    "POST /open-rows/{row_id}/answer": {Role.TRUST},
    "GET /debts": EVERYBODY_WITH_RETURNS,
    "POST /debts/search": EVERYBODY_WITH_RETURNS,
    "GET /debts/{debt_id}": EVERYBODY_WITH_RETURNS,
    "PATCH /debts/{debt_id}": {Role.TRUST},
    "POST /debts/{debt_id}/status": EVERYBODY_WITH_RETURNS,
    "POST /debts/{debt_id}/hold": {Role.DEBTORS_TEAM},
    "POST /debts/{debt_id}/unhold": {Role.DEBTORS_TEAM},
    "GET /warnings-index/events": {Role.DEBTORS_TEAM},
    "POST /warnings-index/acknowledgements": {Role.DEBTORS_TEAM},
    "GET /debtors/{debtor_id}": {Role.DEBTORS_TEAM},
    "GET /possible-matches": {Role.DEBTORS_TEAM},
    "POST /possible-matches/{match_id}": {Role.DEBTORS_TEAM},
    "GET /disputes": EVERYBODY_WITH_RETURNS,
    "POST /disputes": {Role.DEBTORS_TEAM},
    "GET /disputes/by-organisation": EVERYBODY_WITH_RETURNS,
    "GET /disputes/{dispute_id}": EVERYBODY_WITH_RETURNS,
    "POST /disputes/{dispute_id}/answer": {Role.TRUST},
    "POST /disputes/{dispute_id}/settle": {Role.DEBTORS_TEAM},
    "POST /disputes/{dispute_id}/abandon": {Role.DEBTORS_TEAM},
    "GET /corrections": {Role.DEBTORS_TEAM},
    "POST /corrections/told": {Role.DEBTORS_TEAM},
    "GET /consolidated.xlsx": {Role.DEBTORS_TEAM},
    "GET /consolidated.csv": {Role.DEBTORS_TEAM},
    "GET /submissions": READERS_OF_SUBMISSIONS,
    "GET /submissions/rates": READERS_OF_SUBMISSIONS | {Role.BOARD},
    "GET /submissions/concerns": READERS_OF_SUBMISSIONS,
    "GET /reports/{slug}": READERS_OF_REPORTS,
    "GET /reports/{slug}.csv": READERS_OF_REPORTS,
    "GET /reports/{slug}.xlsx": READERS_OF_REPORTS,
    "GET /organisations/{code}/contacts": READERS_OF_SUBMISSIONS | {Role.ADMIN},
    "POST /organisations/{code}/contacts": {Role.TRUST, Role.ADMIN},
    "GET /organisations/{code}/contact-log": {Role.LPM, Role.DEBTORS_TEAM},
    "POST /organisations/{code}/contact-log": {Role.LPM, Role.DEBTORS_TEAM},
    "POST /organisations/{code}/excusals": {Role.LPM, Role.DEBTORS_TEAM, Role.ADMIN},
    "POST /organisations/{code}/excusals/{period}/end": {Role.LPM, Role.DEBTORS_TEAM, Role.ADMIN},
    "POST /status-checks": {Role.BORDER},
    "GET /reminders": {Role.DEBTORS_TEAM, Role.LPM},
    "POST /reminders": {Role.DEBTORS_TEAM, Role.LPM},
    "POST /releases/{release_id}/sample/{line}": {Role.DEBTORS_TEAM},
    "POST /releases/{release_id}/approve": {Role.DEBTORS_TEAM},
    "POST /releases/{release_id}/release": {Role.DEBTORS_TEAM},
    "POST /releases/{release_id}/abandon": {Role.DEBTORS_TEAM},
    "POST /releases/{release_id}/acknowledgement": {Role.DEBTORS_TEAM},
    "GET /releases/{release_id}/funnel": {Role.DEBTORS_TEAM},
    "GET /releases/{release_id}/deliveries": {Role.DEBTORS_TEAM},
    "POST /releases/{release_id}/deliveries/{delivery_id}/retry": {Role.DEBTORS_TEAM},
    "POST /releases": {Role.DEBTORS_TEAM},
    "GET /releases": {Role.DEBTORS_TEAM},
    "GET /releases/{release_id}": {Role.DEBTORS_TEAM},
    "GET /releases/{release_id}/lines": {Role.DEBTORS_TEAM},
    "GET /releases/{release_id}/consolidated.xlsx": {Role.DEBTORS_TEAM},
    "GET /releases/{release_id}/consolidated.csv": {Role.DEBTORS_TEAM},
    "GET /releases/{release_id}/midas.csv": {Role.DEBTORS_TEAM},
    "GET /releases/{release_id}/warnings-index.csv": {Role.DEBTORS_TEAM},
    "GET /releases/{release_id}/manifest.json": {Role.DEBTORS_TEAM},
    "GET /audit": {Role.AUDITOR},
    "GET /audit.csv": {Role.AUDITOR},
}


def named(call: Call) -> str:
    return f"{call.method} {call.path.removeprefix('/api/v1')}"


def address(call: Call) -> str:
    return re.sub(r"\{\w+\}", ABSENT, call.path.removeprefix("/api/v1"))


def test_every_route_but_health_requires_a_permission():
    assert {call.path for call in calls() if call.permission is None} == {"/health/live", "/health/ready"}


def test_every_route_stands_in_the_table():
    assert {named(call) for call in CALLS} == set(TABLE)


def test_without_a_token_every_route_is_401_before_anything_is_judged(nobody):
    for call in CALLS:
        for more in (
            {},
            {"content": b"{", "headers": {"Content-Type": "application/json"}},
            {"params": {"limit": "x"}},
        ):
            answer = nobody.call(call.method, address(call), **more)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), named(call)


@pytest.mark.parametrize("role", Role)
def test_each_role_gets_past_the_doors_of_the_table_and_no_other(person, role):
    somebody = person(role)
    for call in CALLS:
        rubbish = {"content": b"{", "headers": {"Content-Type": "application/json"}}
        for more in ({}, rubbish if call.method != "GET" else {"params": {"limit": "x"}}):
            status = somebody.call(call.method, address(call), **more).status_code
            if role in TABLE[named(call)]:
                assert status in {200, 404, 422}, (named(call), status)
            else:
                assert status == 403, (named(call), status)


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer x y", "bearer \u00e9", "Token x"]
)
def test_anything_but_a_good_token_is_401(client, authorization):
    answer = client.get("/api/v1/debts", headers={"Authorization": authorization.encode("latin-1")})
    assert answer.status_code == 401


def test_a_token_stops_at_the_very_next_request(ovm, database):
    assert ovm.get("/debts").status_code == 200
    with database.writing() as db:
        db.delete(db.exec(select(RoleGrant)).one())
    assert ovm.get("/debts").status_code == 403
    with database.writing() as db:
        db.exec(select(User)).one().disabled_at = clock.real_now()
    assert ovm.get("/debts").status_code == 401


def test_another_trusts_things_are_as_things_that_do_not_exist(ovm, other_ovm, team):
    id_ = ovm.upload(workbook(row(1), row(2, date_of_birth="?"))).json()["id"]
    debt = ovm.get("/debts").json()["items"][0]["id"]
    open_row = ovm.get("/open-rows").json()["items"][0]["id"]
    bodies = {
        "status": {"status": "repaid", "status_date": "2026-11-10", "amount_outstanding": "0.00"},
        "close": {"reason": "x"},
        "answer": {"answer": "earlier_facts_stand"},
        "withdraw": {"reason": "x"},
        "contacts": {"office": "x", "purpose": "debts", "phone": "020 7946 0123"},
        "/disputes/{dispute_id}/answer": {"answer": "stands", "note": "x"},
    }
    dispute = team.post("/disputes", dispute_of(debt)).json()["id"]
    own = {"return_id": id_, "debt_id": debt, "row_id": open_row, "dispute_id": dispute, "code": "RJ1"}
    for call in CALLS:
        if "{" not in call.path or "{slug}" in call.path or Role.TRUST not in TABLE[named(call)]:
            continue  # a report is nobody's: each reads the same one with the own figures
        path = call.path.removeprefix("/api/v1")
        body = {"json": bodies.get(path, bodies.get(path.rsplit("/", 1)[-1], {}))} if call.method != "GET" else {}
        theirs = other_ovm.call(call.method, path.format(**own), **body)
        absent = other_ovm.call(call.method, address(call), **body)
        assert (theirs.status_code, absent.status_code) == (404, 404), named(call)
        assert theirs.content == absent.content
        odd = other_ovm.call(call.method, re.sub(r"\{\w+\}", "1%00", path), **body)
        assert odd.content == absent.content
    assert ovm.get(f"/debts/{debt}").json()["status"] == "outstanding"
    assert ovm.get(f"/returns/{id_}").json()["lifecycle"] == "submitted"


@pytest.mark.parametrize("code", ["RJ1", "NOPE", "rj1", "R J1", "x" * 300, "\0", "'", "RYJ,RJ1"])
def test_an_organisation_out_of_reach_is_404_in_every_filter_and_form(ovm, other_ovm, code):
    ovm.upload(workbook(row(1)))
    answers = [
        other_ovm.get("/debts", organisation=code),
        other_ovm.post("/debts/search", {"organisation": code}),
        other_ovm.get("/returns", organisation=code),
        other_ovm.get("/open-rows", organisation=code),
        other_ovm.get("/disputes", organisation=code),
        other_ovm.get("/template", organisation=code, period=PERIOD),
        other_ovm.upload(workbook(row(1)), organisation=code),
        other_ovm.post("/returns/nil", {"organisation": code, "period": PERIOD}),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert {answer.content for answer in answers} == {other_ovm.get(f"/debts/{ABSENT}").content}


@pytest.mark.parametrize("code", ["NOPE", "rj1", "\0"])
def test_for_the_debtors_team_an_organisation_that_does_not_exist_is_404_too(team, code):
    for path in ("/debts", "/returns", "/open-rows", "/consolidated.csv"):
        more = {"purpose": "p", "recipient": "r"} if "cons" in path else {}
        assert team.get(path, organisation=code, **more).status_code == 404, path
    assert team.upload(workbook(row(1)), organisation=code).status_code == 404
    assert team.get("/template", organisation=code, period=PERIOD).status_code == 404


def test_lists_leave_others_out(ovm, other_ovm, team):
    ovm.upload(workbook(row(1), row(2, date_of_birth="?")))
    assert team.post("/disputes", dispute_of(ovm.get("/debts").json()["items"][0]["id"])).status_code == 201
    for path in ("/debts", "/returns", "/open-rows", "/disputes"):
        assert other_ovm.get(path).json() == {"items": [], "next": None}
    assert other_ovm.post("/debts/search", {"q": "Okonkwo"}).json()["items"] == []
    assert other_ovm.get("/disputes/by-organisation").json()["items"] == []
    listed = other_ovm.get("/submissions", period=PERIOD).json()["items"]
    assert [item["organisation"] for item in listed] == ["RYJ"]
    assert [
        item["key"] for item in other_ovm.get("/submissions/rates", **{"from": PERIOD, "to": PERIOD}).json()["items"]
    ] == []


def test_a_successor_works_for_its_predecessor(ovm):
    answer = ovm.upload(workbook(row(1)), organisation="OLD", period="2026-03")
    assert answer.status_code in {201, 422}
    assert ovm.get("/debts", organisation="OLD").status_code == 200


def test_methods_that_are_not_offered_give_nothing(ovm):
    for method in ("OPTIONS", "PUT", "DELETE", "TRACE"):
        answer = ovm.call(method, "/debts")
        assert answer.status_code == 405, method
        assert answer.headers["allow"] == "GET, HEAD"
    assert ovm.call("PUT", "/returns").headers["allow"] == "GET, POST, HEAD"
    assert ovm.call("POST", "/debts", headers={"X-HTTP-Method-Override": "GET"}).status_code == 405


def test_head_gives_what_get_gives_without_the_body(ovm, client):
    asked, looked = ovm.get("/debts"), ovm.call("HEAD", "/debts")
    assert (looked.status_code, looked.content) == (200, b"")
    assert looked.headers["content-length"] == str(len(asked.content))
    assert ovm.call("HEAD", "/debts/absent").status_code == 404
    assert client.head("/api/v1/debts").status_code == 401


def test_who_a_token_belongs_to_is_looked_up_and_not_remembered(person, database):
    somebody = person(Role.LPM)
    assert somebody.get("/debts").status_code == 403
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, "lpm@all.example", "trust", "RJ1")
    assert somebody.get("/debts").status_code == 200
