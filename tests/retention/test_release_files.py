"""Files of releases: how long they are kept, what holds them longer, and what is told once they are gone."""

import json

import pytest
from sqlmodel import select

from app.core import clock
from app.core.errors import Gone
from app.releases import deliveries, delivering, freezing, queries
from app.releases.handing_over import hand_over
from app.releases.models import Delivery, DeliveryAttempt, Release, ReleaseFile, ReleaseFilePart
from app.settings import get_settings
from tests.releases.carrying import TEAM
from tests.releases.test_delivering import KEY
from tests.retention.left import leave
from tests.returns.conftest import Trust, at

FILES = "files of releases"


def frozen(trust: Trust, release: Release, *names: str) -> None:
    with trust.database.writing() as db:
        for name in names:
            file = ReleaseFile(release_id=release.id, name=name, rows=1, size=4, sha256="a" * 64)
            db.add(file)
            db.flush()
            db.add_all(ReleaseFilePart(file_id=file.id, number=n, content=b"ab") for n in range(2))


def files(trust: Trust) -> dict[str, tuple[bool, int]]:
    """By name whether it is told as deleted, and how many bytes are there."""
    with trust.database.reading() as db:
        found = db.exec(select(ReleaseFile)).all()
        sizes = {file.id: sum(len(part.content) for part in db.exec(
            select(ReleaseFilePart).where(ReleaseFilePart.file_id == file.id))) for file in found}  # fmt: skip
        return {file.name: (file.deleted_at is not None, sizes[file.id]) for file in found}


def test_files_go_in_their_time_and_their_name_size_rows_and_digest_stay(rj1, purge):
    release = leave(rj1)
    frozen(rj1, release, "midas.csv", "consolidated.csv")
    assert FILES not in purge("2027-05-21")
    assert purge("2027-05-22")[FILES] == 2
    assert FILES not in purge("2027-05-22")
    assert files(rj1) == {"midas.csv": (True, 0), "consolidated.csv": (True, 0)}
    with rj1.database.reading() as db:
        file = freezing.file_of(db, release.id, "midas.csv")
        assert (file.rows, file.size, file.sha256) == (1, 4, "a" * 64)
    with pytest.raises(Gone, match="deleted on 22 May 2027, when its time was over"):
        hand_over(rj1.database, TEAM, release.id, "midas.csv")
    with rj1.database.reading() as db:
        assert queries.files_of(db, release)[0].deleted_at is not None


@pytest.fixture
def endpoint(monkeypatch):
    given = {
        "key": "midas",
        "recipient": "MIDAS",
        "file": "midas.csv",
        "url": "http://127.0.0.1:9/",
        "signing_key": KEY,
    }
    monkeypatch.setenv("DEBTOR_RETURNS_RELEASE_ENDPOINTS", json.dumps([given]))
    get_settings.cache_clear()


def test_a_file_stays_while_it_is_on_its_way_to_somebody(rj1, purge, endpoint):
    release = leave(rj1)
    frozen(rj1, release, "midas.csv", "consolidated.csv")
    with rj1.database.writing() as db:
        db.add(Delivery(id="d", release_id=release.id, name="midas.csv", endpoint="midas"))
    assert purge("2027-05-22")[FILES] == 1
    assert files(rj1) == {"midas.csv": (False, 4), "consolidated.csv": (True, 0)}
    with at("2027-05-23"), rj1.database.writing() as db:
        db.get_one(Delivery, "d").given_up_at = clock.now()
    assert purge("2027-05-24")[FILES] == 1


def test_a_delivery_of_a_file_that_is_gone_says_so_and_is_given_up(rj1, purge, monkeypatch, request):
    release = leave(rj1)
    frozen(rj1, release, "midas.csv")
    with rj1.database.writing() as db:
        db.add(Delivery(id="d", release_id=release.id, name="midas.csv", endpoint="midas"))
    assert purge("2027-05-22")[FILES] == 1  # its endpoint was taken out of the settings, so it was on no way
    request.getfixturevalue("endpoint")
    with at("2027-05-23"):
        (told,) = delivering.deliver(rj1.database, "one")
        assert "deleted when its time was over" in told
        assert list(delivering.deliver(rj1.database, "one")) == []
    with rj1.database.reading() as db:
        (sending,) = deliveries.deliveries_of(db, release.id)
        assert sending.words == f"Given up. {delivering.DELETED}"
        assert len(db.exec(select(DeliveryAttempt)).all()) == 1
