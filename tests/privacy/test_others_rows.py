"""A rejected row is read by its own trust alone, and whoever may read no personal data meets none on any page or call."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.access import COMMAND_LINE
from app.accounts.models import Step
from app.accounts.permissions import Role
from app.api.routes import calls
from app.core.db import Database
from app.debts.models import Debt, Debtor
from app.disputes.models import Dispute
from app.releases.models import Release
from app.reports.catalogue import BY_SLUG
from app.returns.models import OpenRow, Return
from app.web.routes import pages
from tests.api.conftest import PERIOD, PLACES, Person, client, dispute_of, workbook
from tests.privacy.marks import ACCEPTED, PARTICULARS, REJECTED, found_in, somebody
from tests.web.conftest import Browser

__all__ = ["client"]

NO_PEOPLE = {Role.LPM, Role.BOARD, Role.ADMIN, Role.AUDITOR, Role.HEALTH_DEPARTMENT, Role.BORDER}
ABOUT_RJ1 = {"organisation": "RJ1", "period": PERIOD, "purpose": "x", "recipient": "y"}
MOST = 110  # pages that one person opens


@dataclass
class House:
    """The service, and people who each have a token and a browser at which they are signed in."""

    client: TestClient
    database: Database

    def both(self, role: Role, place: str | None) -> tuple[Person, Browser]:
        email = f"{role}@{(place or 'all').lower()}.example"
        browser = Browser(self.client.app)
        with self.database.writing() as db:
            user = accounts.add_user(db, COMMAND_LINE, email, role, place or PLACES.get(role))
            token = accounts.create_token(db, COMMAND_LINE, email)
            browser.client.cookies.set("session", sessions.start(db, user, Step.IN))
        return Person(self.client, token), browser


@pytest.fixture
def house(client: TestClient, database: Database) -> House:
    return House(client, database)


def story(house: House, ovm: Person, team: Person) -> dict[str, list[str]]:
    """RJ1 has sent an accepted row and rejected ones; the team has a dispute and a release. Every id there is, by its name."""
    rejected = [
        somebody(REJECTED, 2, nationality="FRA", passport_number="R2222222"),
        somebody(REJECTED, 3, uk_address="Ward 7, oncology, Brolvangar Road"),
        somebody(REJECTED, 4, nationality=REJECTED, status=REJECTED),
    ]
    sent = ovm.upload(workbook(somebody(ACCEPTED), *rejected))
    assert sent.json()["counts"]["rejected"] == 3, sent.text
    debt = ovm.get("/debts").json()["items"][0]["id"]
    assert team.post("/disputes", dispute_of(debt)).status_code == 201
    made = team.post("/releases", {"scope": "full", "recipient": "MIDAS", "purpose": "Monthly load"})
    assert made.status_code == 201
    with house.database.reading() as db:
        every: dict[str, Any] = {
            "return_id": Return, "debt_id": Debt, "debtor_id": Debtor, "row_id": OpenRow, "dispute_id": Dispute,
            "release_id": Release,
        }  # fmt: skip
        found = {name: list(db.exec(select(model.id))) for name, model in every.items()}
    assert all(found.values()), found
    return found | {
        "code": ["RJ1"], "period": [PERIOD], "line": ["1"], "what": ["payment"], "name": ["midas.csv"],
        "slug": sorted(BY_SLUG),
    }  # fmt: skip


def asks_of_calls(document: dict[str, Any]) -> dict[str, str]:
    """For each call the part of ABOUT_RJ1 that it takes: it refuses every other parameter."""
    taken = {
        path: {each["name"] for each in methods["get"].get("parameters", ()) if each["in"] == "query"}
        for path, methods in document["paths"].items()
        if "get" in methods
    }
    return {path: urlencode({name: value for name, value in ABOUT_RJ1.items() if name in names})
            for path, names in taken.items()}  # fmt: skip


def addresses(asks: Mapping[str, str], ids: dict[str, list[str]]) -> list[str]:
    """Every path with every id that fits, as it stands and as one asks about RJ1. `asks` gives each path's query."""
    made = []
    for path, query in sorted(asks.items()):
        names = re.findall(r"\{(\w+)\}", path)
        if any(name not in ids for name in names):
            continue
        for number in range(max([1, *(len(ids[name]) for name in names)])):
            filled = path.format(**{name: ids[name][number % len(ids[name])] for name in names})
            made += [filled, f"{filled}?{query}"] if query else [filled]
    return made


def forbidden_to(role: Role) -> set[str]:
    return {REJECTED, "R2222222"} | ({ACCEPTED, *PARTICULARS} if role in {*NO_PEOPLE, Role.TRUST} else set())


@pytest.mark.parametrize("_store", ["sqlite"], indirect=True)  # what is read is the same on both, and it takes long
def test_nobody_is_told_of_a_person_of_whom_they_may_not_read(house: House):
    """Every call and every page by its address, and whatever their links lead on to, for everybody but RJ1."""
    (ovm, _), (team, at_team) = house.both(Role.TRUST, "RJ1"), house.both(Role.DEBTORS_TEAM, None)
    ids = story(house, ovm, team)
    asks = asks_of_calls(ovm.client.app.openapi())
    asked = addresses({call.path: asks.get(call.path, "") for call in calls() if call.method == "GET"}, ids)
    whole = urlencode(ABOUT_RJ1)
    opened = addresses({page.path: "" if "{" in page.path else whole for page in pages() if page.method == "GET"}, ids)
    assert len(asked) > 60 and len(opened) > 100
    others = {role: house.both(role, None) for role in sorted(NO_PEOPLE)}
    others |= {Role.TRUST: house.both(Role.TRUST, "RYJ"), Role.DEBTORS_TEAM: (team, at_team)}
    assert set(others) == set(Role)
    for role, (caller, browser) in others.items():
        told = {path: found_in(_call(caller, path), forbidden_to(role)) for path in asked}
        told |= _walk(browser, opened, forbidden_to(role))
        assert {path: marks for path, marks in told.items() if marks} == {}, role
        for q in (REJECTED, "R2222222", "ZQINV-88002"):
            found = caller.post("/debts/search", {"q": q})
            assert found.status_code == 403 or found.json()["items"] == [], (role, q)
    own = [_call(ovm, f"/returns/{ids['return_id'][0]}/rejections.{kind}") for kind in ("csv", "xlsx")]
    assert all(REJECTED in found_in(each) for each in own), "the search sees what there is"
    assert ACCEPTED in found_in(_call(team, "/debts")), "and what the team may read"


def _walk(browser: Browser, addresses: list[str], forbidden: set[str]) -> dict[str, set[str]]:
    waiting, seen = list(addresses), dict[str, set[str]]()
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        if path in seen or path.startswith(("/sign-", "/assets")):
            continue
        answer = browser.get(path)
        seen[path] = found_in(answer.content + str(answer.headers).encode(), forbidden)
        if "html" in answer.headers.get("content-type", ""):
            waiting += [unescape(link) for link in re.findall(r'href="(/[^"#]*)', answer.text)]
    return seen


def _call(caller: Person, path: str) -> bytes:
    answer = caller.call("GET", path.removeprefix("/api/v1"))
    return answer.content + str(answer.headers).encode()
