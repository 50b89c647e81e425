"""What becomes of a release after it left, on pages: a delivery that was given up, and the lines of each organisation."""

import json
import re
from datetime import timedelta

import pytest

from app.accounts.permissions import Role
from app.core import clock
from app.core.db import Database
from app.releases import acknowledgement
from app.releases.models import Delivery, DeliveryAttempt, ReleaseFile
from app.settings import get_settings
from tests.releases.carrying import TEAM
from tests.releases.released import answer, references, release
from tests.web.conftest import Browser, row, said, workbook
from tests.web.test_returns import sent, upload

ENDPOINT = {
    "key": "midas",
    "recipient": "MIDAS",
    "file": "midas.csv",
    "url": "http://127.0.0.1:9/",
    "signing_key": "a key that only these tests share with it",
}


@pytest.fixture
def team(visitor) -> Browser:
    return visitor(Role.DEBTORS_TEAM)


@pytest.fixture
def given_up(database: Database, monkeypatch: pytest.MonkeyPatch, app) -> str:
    """The address of a delivery of release 1 that was given up; release 2 has arrived since."""
    monkeypatch.setenv("DEBTOR_RETURNS_RELEASE_ENDPOINTS", json.dumps([ENDPOINT]))
    get_settings.cache_clear()
    now = clock.now()
    with database.writing() as db:
        first, second = release(db), release(db, 2)
        db.add_all(
            ReleaseFile(release_id=one.id, name="midas.csv", rows=0, size=0, sha256="0" * 64) for one in (first, second)
        )
        late = Delivery(release_id=first.id, name="midas.csv", endpoint="midas", attempts=2, given_up_at=now)
        db.add_all(
            [late, Delivery(release_id=second.id, name="midas.csv", endpoint="midas", attempts=1, arrived_at=now)]
        )
        db.flush()
        for days in (4, 1):
            trouble = f"The recipient answered 50{days}."
            db.add(DeliveryAttempt(delivery_id=late.id, at=now - timedelta(days=days), trouble=trouble))
        return f"/releases/{first.id}/deliveries/{late.id}"


def test_a_delivery_that_was_given_up_is_tried_again_from_its_page(team: Browser, given_up: str):
    here = given_up.split("/deliveries", maxsplit=1)[0]
    assert f'href="{given_up}"' in team.get(here).text
    waits = "midas.csv of release 1 has not arrived at midas and is not tried any more."
    assert waits in said(team.get("/"))
    words = said(team.get(given_up))
    assert "Given up. The recipient answered 501. Try again, or download the file" in words
    assert "2 attempts" in words and words.index("answered 501") < words.index("answered 504")
    assert "Release 2 has arrived there since, so what this file says is older." in words
    words = said(team.follow(team.post(given_up)))
    assert "The file is sent again within seconds" in words and "Is tried again." in words
    assert "Try again now" not in words and "has arrived there since" not in words
    assert waits not in said(team.get("/"))
    refused = team.post(given_up)
    assert (refused.status_code, "is on its way already" in said(refused)) == (409, True)


def test_a_delivery_of_another_release_is_not_there(team: Browser, given_up: str, database: Database):
    with database.writing() as db:
        other = release(db, 3).id
    elsewhere = re.sub(r"/releases/\w+", f"/releases/{other}", given_up)
    assert team.get(elsewhere).status_code == team.post(elsewhere).status_code == 404
    assert team.get(elsewhere).content == team.get(f"/releases/{other}/deliveries/{'0' * 32}").content


def test_the_lines_of_each_organisation_stand_in_one_table_that_adds_up(team: Browser, visitor, database: Database):
    sent(visitor(Role.TRUST), row(1), row(2), row(3))
    other = visitor(Role.TRUST, "RYJ")
    checked = upload(other, workbook(row(4), row(5)), "/returns/upload?organisation=RYJ&period=2026-10")
    assert other.post(checked.headers["location"]).status_code == 303
    with database.writing() as db:
        made = release(db, out=["INV00005"])
        known = references(database)
        results = [(known["INV00001"], "loaded", ""), (known["INV00004"], "rejected", "no match")]
        acknowledgement.take(db, TEAM, made.id, "a.csv", answer(*results))
    here = f"/releases/{made.id}"
    assert f'href="{here}/funnel"' in team.get(here).text
    page = team.get(f"{here}/funnel")
    found = {name: [int(number) for number in re.findall(r"<td[^>]*>([\d,]+)</td>", line)]
             for name, line in re.findall(r'<th scope="row"[^>]*>([^<]+)</th>(.*?)</tr>', page.text, re.S)}  # fmt: skip
    assert list(found) == ["RYJ Trust (RYJ)", "RJ1 Trust (RJ1)", "All"]
    assert found["RJ1 Trust (RJ1)"] == [3, 0, 3, 1, 0, 2, 0, 0, 0, 0, 0]
    assert found["RYJ Trust (RYJ)"] == [2, 1, 1, 0, 1, 0, 0, 1, 0, 0, 0]
    assert found["All"] == [sum(each) for each in zip(*list(found.values())[:2], strict=True)]


def test_a_release_that_has_not_left_or_has_no_lines_says_so_instead_of_a_table(team: Browser, database: Database):
    with database.writing() as db:
        empty, waiting = release(db), release(db, 2, state="checking")
    assert "has no lines" in said(team.get(f"/releases/{empty.id}/funnel"))
    assert "has not left" in said(team.get(f"/releases/{waiting.id}/funnel"))
