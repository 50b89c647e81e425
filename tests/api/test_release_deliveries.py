"""Deliveries of a release over the API: how each stands, and one more attempt for one that was given up."""

import json

import pytest

from app.core import clock
from app.core.db import Database
from app.releases.models import Delivery, DeliveryAttempt, ReleaseFile
from app.settings import get_settings
from tests.releases.released import release

ENDPOINT = {
    "key": "midas",
    "recipient": "MIDAS",
    "file": "midas.csv",
    "url": "http://127.0.0.1:9/",
    "signing_key": "a key that only these tests share with it",
}
TROUBLE = "The recipient answered 503 (Service Unavailable)."


@pytest.fixture
def given_up(database: Database, monkeypatch: pytest.MonkeyPatch, team) -> Delivery:
    monkeypatch.setenv("DEBTOR_RETURNS_RELEASE_ENDPOINTS", json.dumps([ENDPOINT]))
    get_settings.cache_clear()
    with database.writing() as db:
        left = release(db)
        db.add(ReleaseFile(release_id=left.id, name="midas.csv", rows=0, size=0, sha256="0" * 64))
        made = Delivery(release_id=left.id, name="midas.csv", endpoint="midas", attempts=1, given_up_at=clock.now())
        db.add(made)
        db.flush()
        db.add(DeliveryAttempt(delivery_id=made.id, at=clock.now(), trouble=TROUBLE))
    return made


def test_a_delivery_that_was_given_up_is_tried_once_more_and_keeps_its_key(team, given_up: Delivery):
    here = f"/releases/{given_up.release_id}/deliveries"
    (told,) = team.get(here).json()["items"]
    assert (told["id"], told["file"], told["endpoint"]) == (given_up.id, "midas.csv", "midas")
    assert told["given_up_at"] and not told["arrived_at"] and [one["trouble"] for one in told["attempts"]] == [TROUBLE]
    again = team.post(f"{here}/{given_up.id}/retry")
    assert (again.status_code, again.json()["id"], again.json()["given_up_at"]) == (200, given_up.id, None)
    refused = team.post(f"{here}/{given_up.id}/retry")
    assert (refused.status_code, "is on its way already" in refused.json()["detail"]) == (409, True)


def test_what_is_not_there_or_of_another_release_is_404(team, given_up: Delivery, database: Database):
    with database.writing() as db:
        other = release(db, 2).id
    absent = team.post(f"/releases/{given_up.release_id}/deliveries/{'0' * 32}/retry")
    elsewhere = team.post(f"/releases/{other}/deliveries/{given_up.id}/retry")
    assert (absent.status_code, elsewhere.status_code, absent.content) == (404, 404, elsewhere.content)
    assert team.get(f"/releases/{other}/deliveries").json() == {"items": [], "next": None}
