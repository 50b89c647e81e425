"""Who saw people's data and which tries were refused is told to the audit, once each, before the answer leaves."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from fastapi.routing import APIRoute
from sqlmodel import col, select

from app.accounts import sessions
from app.accounts.models import ApiToken, Step, User
from app.accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from app.api import routes as api
from app.audit.models import AuditEvent
from app.core import clock, db
from app.core.db import Database
from app.debts.comparing import compare_waiting
from app.debts.match_models import Match
from app.debts.models import Debt, Debtor
from app.disputes.models import Dispute
from app.http import guard, viewed
from app.http.guard import Door, required_by
from app.main import create_app
from app.releases.models import Release
from app.returns.models import OpenRow, Return
from app.web import routes as pages
from tests.api.conftest import client, person
from tests.web.conftest import Browser, app, row, visitor, workbook
from tests.web.test_disputes import FORM as DISPUTE
from tests.web.test_releases import check_all, prepared, two

__all__ = ["app", "client", "person", "two", "visitor"]
ABSENT = "0" * 32
ROUTES = [route for router in (*api.ROUTERS, *pages.ROUTERS) for route in router.routes if isinstance(route, APIRoute)]
GETS = [route for route in ROUTES if "GET" in route.methods]
PATIENT = {"family_name": "Zzyzxova", "given_names": "Quillomena", "date_of_birth": date(1961, 2, 17),
           "passport_number": "ZQ7700431"}  # fmt: skip
NEEDLES = ("zzyzxova", "quillomena", "zq7700431", "17/02/1961", "17 february 1961", "1961-02-17")
DOWNLOAD = re.compile(
    r"/(template|original|workbook|rejections\.\w+|consolidated\.\w+|midas\.csv|warnings-index\.csv)$|/reports/.*\.\w+$"
)
AMEND = "/debts/{debt_id}/amend"
ENDS_THE_SESSION = {"/sign-out", "/account/sessions"}


def shows(content: bytes) -> bool:
    text = content.decode("utf-8", "replace").lower()
    return any(needle in text for needle in NEEDLES)


def events(database: Database, after: int = 0) -> list[AuditEvent]:
    with database.reading() as db:
        query = select(AuditEvent).where(col(AuditEvent.id) > after).order_by(col(AuditEvent.id))
        return list(db.exec(query).all())


def newest(database: Database) -> int:
    return max((event.id or 0 for event in events(database)), default=0)


def send(browser: Browser, organisation: str, *rows: dict) -> None:
    upload = f"/returns/upload?organisation={organisation}&period=2026-10"
    files = {"file": ("r.xlsx", workbook(*rows))}
    assert (
        browser.post(browser.post(upload, {"declaration": "true"}, files=files).headers["location"]).status_code == 303
    )


@pytest.fixture
def filled(visitor, two, database: Database) -> dict[str, str]:
    """One patient everywhere a patient can be: accepted, rejected, alike elsewhere, disputed, released. Ids by place."""
    team = visitor(Role.DEBTORS_TEAM)
    send(visitor(Role.TRUST, "RYJ"), "RYJ", row(7, **PATIENT | {"date_of_birth": date(1961, 2, 18)}))
    send(visitor(Role.TRUST), "RJ1", row(1, **PATIENT), row(2, **PATIENT | {"nationality": "FRA"}))
    compare_waiting(database)
    here = prepared(team)
    check_all(team, here)
    two.post(f"{here}/approve")
    assert two.post(f"{here}/release").status_code == 303
    with database.reading() as db:
        debt = db.exec(select(Debt).where(Debt.organisation_code == "RJ1")).one()
    assert team.post(f"/debts/{debt.id}/dispute", DISPUTE).status_code == 303
    found = {"debt_id": debt.id, "debtor_id": debt.debtor_id, "release_id": here.split("/")[-1], "code": "RJ1",
             "period": "2026-10", "line": "1", "slug": "concentration", "name": "midas.csv", "what": "payment"}  # fmt: skip
    with database.reading() as db:
        for name, model in (("return_id", Return), ("row_id", OpenRow), ("match_id", Match), ("dispute_id", Dispute)):
            query = select(model)
            if model in (Return, OpenRow):
                query = query.where(model.organisation_code == "RJ1")
            found[name] = db.exec(query).first().id
        assert db.get(Debtor, found["debtor_id"]) and db.get(Release, found["release_id"])
    return found


def address(route: APIRoute, ids: dict[str, str]) -> str:
    path = re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], ABSENT), route.path)
    more = {"/api/v1/template": "?organisation=RJ1&period=2026-10", "/returns/template": "?organisation=RJ1&period=2026-10",
            "/open-rows/workbook": "?organisation=RJ1", "/api/v1/submissions/concerns": "?period=2026-10",
            "/api/v1/submissions/rates": "?from=2026-09&to=2026-10&by=nation"}  # fmt: skip
    if "/api/v1/releases/" in path and path.endswith((".csv", ".xlsx")):
        return path + "?purpose=Loading"
    if "/consolidated." in path:
        return path + "?purpose=Loading&recipient=MIDAS"
    return path + more.get(route.path, "")


@pytest.fixture
def debt(visitor, database: Database) -> str:
    """The one debt of a patient at RJ1; people of RYJ and the Debtors Team are there too."""
    visitor(Role.TRUST, "RYJ"), visitor(Role.DEBTORS_TEAM)
    send(visitor(Role.TRUST), "RJ1", row(1, **PATIENT))
    with database.reading() as db:
        return db.exec(select(Debt)).one().id


@pytest.fixture
def signed_in(app, database: Database) -> Callable[[str], tuple[Browser, str]]:
    """Another browser of somebody who is there already, and their id."""

    def made(email: str) -> tuple[Browser, str]:
        browser = Browser(app)
        with database.writing() as db:
            user = db.exec(select(User).where(User.email == email)).one()
            browser.client.cookies.set("session", sessions.start(db, user, Step.IN))
            return browser, user.id

    return made


def is_for(role: Role, route: APIRoute) -> bool:
    required = required_by(route)
    return route.path not in ENDS_THE_SESSION and (
        not isinstance(required, Permission) or required in ROLE_PERMISSIONS[role]
    )


def expected(route: APIRoute, status: int, content: bytes) -> set[str]:
    """The kinds of event of which there is one, empty where there is none."""
    if status in (403, 404):
        return set() if required_by(route) in (Door.OPEN, Door.SIGNING_IN, None) else {"access:refuse"}
    if status != 200:
        return set()
    if DOWNLOAD.search(route.path):
        return {"template:download", "return:download-rejections", "return:download-original", "register:export",
                "release:download", "report:export"}  # fmt: skip
    if shows(content) or viewed.shows_people(route):
        return {"personal-data:view"}
    return set()


@pytest.mark.parametrize("role", [Role.TRUST, Role.DEBTORS_TEAM])
def test_every_page_that_shows_a_patient_leaves_one_event_and_no_other_page_does(filled, signed_in, database, role):
    somebody, id_ = signed_in({Role.TRUST: "trust@rj1.example", Role.DEBTORS_TEAM: "debtors_team@all.example"}[role])
    shown, wrong = 0, []
    for route in [route for route in GETS if is_for(role, route)]:
        before = newest(database)
        answer = somebody.client.get(address(route, filled))
        since = events(database, before)
        wanted = expected(route, answer.status_code, answer.content)
        shown += shows(answer.content)
        if len(since) != bool(wanted) or any(one.action not in wanted or one.actor != id_ for one in since):
            wrong.append((route.path, answer.status_code, [one.action for one in since]))
    assert wrong == []
    assert shown >= {Role.TRUST: 7, Role.DEBTORS_TEAM: 14}[role]
    assert not shows(str([one.model_dump() for one in events(database)]).encode())


def test_every_line_of_the_list_of_pages_that_are_not_noted_is_a_page_of_people():
    assert set(viewed.NOT_NOTED) <= {route.path for route in GETS if required_by(route) in viewed.OF_PEOPLE}


def test_every_permission_by_which_somebody_elses_role_reads_no_people_is_not_of_people():
    without = {Role.LPM, Role.BOARD, Role.ADMIN, Role.AUDITOR, Role.HEALTH_DEPARTMENT, Role.BORDER}
    assert not viewed.OF_PEOPLE & frozenset().union(*(ROLE_PERMISSIONS[role] for role in without))


def test_a_refused_try_says_who_what_and_whose_and_the_answer_tells_nothing(debt, signed_in, visitor, database):
    other, id_ = signed_in("trust@ryj.example")
    before = newest(database)
    theirs, absent = other.get(f"/debts/{debt}"), other.get(f"/debts/{ABSENT}")
    assert theirs.content == absent.content
    visitor(Role.AUDITOR).get(f"/debts/{debt}")
    told = [one for one in events(database, before) if one.action == "access:refuse"]
    assert [(one.subject_type, one.subject_id, one.organisation_code, one.detail["status"]) for one in told] == [
        ("debt", debt, "RJ1", "404"),
        ("debt", ABSENT, None, "404"),
        ("debt", debt, "RJ1", "403"),
    ]
    assert {one.actor for one in told[:2]} == {id_}
    assert {one.outcome for one in told} == {"refused"}


def test_a_refused_change_leaves_one_event_and_nothing_else(debt, signed_in, database):
    other, _ = signed_in("trust@ryj.example")
    before = newest(database)
    token = guard.form_token(other.client.app.state.settings, other.client.cookies["session"])
    headers = {"X-Form-Token": token}
    path = f"/api/v1/debts/{debt}"
    assert other.client.patch(path, json={"family_name": "Other"}, headers=headers).status_code == 404
    (told,) = events(database, before)
    assert (told.action, told.detail["route"]) == ("access:refuse", "PATCH /api/v1/debts/{debt_id}")


def test_what_somebody_types_into_an_address_is_not_kept(debt, signed_in, database):
    somebody, _ = signed_in("trust@rj1.example")
    for path in (
        "/debts/Zzyzxova", "/debtors/Quillomena", "/organisations/Zzyzxova", "/reports/Zzyzxova", "/debts?name=Zzyzxova",
        f"/debts/{debt}?q=Zzyzxova", "/debts?region=zzyzxova", "/api/v1/debts?organisation=Zzyzxova", "/submissions/Zzyzxova/2026-10",
        "/returns/template?organisation=Zzyzxova&period=2026-10",
    ):  # fmt: skip
        before = newest(database)
        somebody.get(path)
        assert len(events(database, before)) == 1, path
    assert not shows(str([one.model_dump() for one in events(database)]).encode())


def test_a_view_of_a_list_keeps_what_it_was_asked_for(debt, signed_in, database):
    team, _ = signed_in("debtors_team@all.example")
    before = newest(database)
    team.get("/api/v1/debts?organisation=RJ1&status=outstanding")
    team.client.post("/api/v1/debts/search", json={"q": "Zzyzxova"}, headers={
        "X-Form-Token": guard.form_token(team.client.app.state.settings, team.client.cookies["session"])
    })  # fmt: skip
    listed, searched = events(database, before)
    assert (listed.organisation_code, listed.detail["asked_status"]) == ("RJ1", "outstanding")
    assert (searched.action, searched.detail) == ("personal-data:view", {"route": "POST /api/v1/debts/search"})


def test_a_change_that_changes_nothing_but_answers_with_the_debt_is_a_view(debt, signed_in, database):
    somebody, id_ = signed_in("trust@rj1.example")
    headers = {"X-Form-Token": guard.form_token(somebody.client.app.state.settings, somebody.client.cookies["session"])}
    for changes, action in (({}, "personal-data:view"), ({"given_names": "Quilla"}, "debt:amend")):
        before = newest(database)
        answer = somebody.client.patch(f"/api/v1/debts/{debt}", json=changes, headers=headers)
        assert answer.status_code == 200 and shows(answer.content)
        (told,) = events(database, before)
        assert (told.actor, told.action, told.subject_id) == (id_, action, debt)


def test_a_form_that_is_refused_and_shown_again_leaves_one_event_that_says_both(debt, signed_in, database):
    somebody, _ = signed_in("trust@rj1.example")
    path = f"/debts/{debt}/amend"
    token = somebody.form_token(path)
    before = newest(database)
    assert somebody.client.post(path, data={"form_token": token, "nationality": "nowhere"}).status_code == 422
    (told,) = events(database, before)
    assert (told.action, told.outcome, told.subject_id) == ("access:refuse", "refused", debt)
    assert told.detail == {"status": "422", "route": f"POST {AMEND}", "shown": f"GET {AMEND}"}


def test_a_change_that_the_service_refuses_is_a_refused_try_and_a_question_asked_wrongly_is_not(
    debt, signed_in, database
):
    somebody, id_ = signed_in("trust@rj1.example")
    headers = {"X-Form-Token": guard.form_token(somebody.client.app.state.settings, somebody.client.cookies["session"])}
    before = newest(database)
    path = f"/api/v1/debts/{debt}"
    paid = {"status": "repaid", "status_date": "2026-11-01", "amount_outstanding": "0.00"}
    assert somebody.client.post(f"{path}/status", json=paid, headers=headers).status_code == 200
    (told,) = events(database, before)
    assert (told.action, told.outcome) == ("debt:change-status", "done")
    before, again = newest(database), paid | {"status": "arrangement", "amount_outstanding": "100.00"}
    assert somebody.client.post(f"{path}/status", json=again, headers=headers).status_code == 409
    assert somebody.client.patch(path, json={"family_name": 7}, headers=headers).status_code == 422
    assert somebody.client.get("/api/v1/debts?limit=0").status_code == 422
    told = events(database, before)
    assert [(one.actor, one.action, one.outcome, one.subject_id, one.organisation_code) for one in told] == [
        (id_, "access:refuse", "refused", debt, "RJ1")
    ] * 2
    assert [one.detail["status"] for one in told] == ["409", "422"]


def test_a_refused_file_leaves_the_one_event_that_says_why(debt, signed_in, database):
    somebody, _ = signed_in("trust@rj1.example")
    headers = {"X-Form-Token": guard.form_token(somebody.client.app.state.settings, somebody.client.cookies["session"])}
    before = newest(database)
    answer = somebody.client.post(
        "/api/v1/returns", data={"organisation": "RJ1", "period": "2026-10", "declaration": "true"},
        files={"file": ("r.xlsx", b"no workbook")}, headers=headers,
    )  # fmt: skip
    assert answer.status_code == 422
    (told,) = events(database, before)
    assert (told.action, told.outcome) == ("return:refuse", "refused")


def test_a_token_that_has_ended_is_told_by_whose_it_was_and_an_unknown_one_is_not(person, database):
    somebody = person(Role.TRUST)
    with database.writing() as db:
        token = db.exec(select(ApiToken)).one()
        token.revoked_at, whose = clock.real_now(), token.user_id
    before = newest(database)
    assert somebody.get("/debts").status_code == 401
    assert replace(somebody, token="nobody's").get("/debts").status_code == 401
    (told,) = events(database, before)
    assert (told.actor, told.action, told.detail["status"]) == (whose, "access:refuse", "401")


@pytest.fixture
def impatient(database: Database, monkeypatch) -> Iterator[Database]:
    """The same database for a service that waits a moment only."""
    monkeypatch.setattr(db, "NOTING_PATIENCE", 0.2)
    made = Database(database.url.render_as_string(hide_password=False))
    yield made
    made.close()


def test_nothing_is_shown_while_its_event_cannot_be_written(debt, signed_in, database, impatient):
    somebody, _ = signed_in("trust@rj1.example")
    busy = Browser(create_app(database=impatient))
    busy.client.cookies.update(somebody.client.cookies)
    path = f"/debts/{debt}"
    with database.writing() as db:
        if not database.is_sqlite:
            db.connection().exec_driver_sql("LOCK TABLE audit_events IN EXCLUSIVE MODE")
        else:
            db.connection().exec_driver_sql("SELECT 1")  # a writing transaction holds the lock from here on
        for each in (path, f"/api/v1{path}"):
            answer = busy.get(each)
            assert (answer.status_code, shows(answer.content)) == (503, False), each
            assert "try again" in answer.text.lower()
    assert shows(busy.get(path).content)


def test_a_change_from_elsewhere_is_a_refused_try_of_whose_session_it_used(debt, signed_in, database):
    somebody, id_ = signed_in("trust@rj1.example")
    before = newest(database)
    assert somebody.client.patch(f"/api/v1/debts/{debt}", json={"family_name": "Other"}).status_code == 403
    assert somebody.client.post(f"/debts/{debt}/amend", data={"family_name": "Other"}).status_code == 403
    told = events(database, before)
    assert [(one.actor, one.action, one.subject_id) for one in told] == [(id_, "access:refuse", debt)] * 2
