"""Whether the service can serve, and why not: told to machines and to whoever is woken by them."""

import shutil
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from starlette.testclient import TestClient

from app.core import clock, migrating, rounds, stopping
from app.core.db import Database
from app.main import create_app
from app.settings import Settings
from app.watching import readiness
from app.watching.readiness import Standing


def standing(settings: Settings, database: Database, name: str) -> tuple[Standing, str]:
    found = next(check for check in readiness.look(settings, database) if check.name == name)
    return found.standing, found.reason


def seen(database: Database, ago: timedelta) -> None:
    with database.writing() as db:
        rounds.note(db, {"Mail": (clock.real_now() - ago, True)})


def test_everything_at_work_is_ready_without_a_word(settings, database):
    seen(database, timedelta(minutes=1))
    with TestClient(create_app(settings, database)) as client:
        answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"], answer.json()["detail"]) == (200, "ok", "")
    names = [check["name"] for check in answer.json()["checks"]]
    assert names == ["running", "database", "migrations", "worker", "readers", "scanner", "disk"]


@pytest.mark.parametrize("ago", [None, timedelta(minutes=11)])
def test_a_worker_that_does_not_run_is_told_and_keeps_nobody_from_the_service(settings, database, ago):
    if ago:
        seen(database, ago)
    with TestClient(create_app(settings, database)) as client:
        answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert "debtor-returns worker" in answer.json()["detail"]


def test_a_worker_of_the_future_is_at_work(settings, database):
    """Somebody has set the clock back since."""
    seen(database, timedelta(hours=-1))
    assert standing(settings, database, "worker")[0] is Standing.OK


def test_a_database_of_another_version_is_not_ready_and_says_what_to_run(settings, database):
    migrating.downgrade(database, "-1")
    assert standing(settings, database, "migrations") == (
        Standing.FAILED,
        "The database is not at this version. Run: debtor-returns migrate",
    )


def test_where_there_is_no_database_the_reason_tells_no_address_and_no_password(settings):
    away = Database("postgresql+psycopg://someone:secret-word@127.0.0.1:1/none")
    with TestClient(create_app(settings, away)) as client:
        answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (503, "failed")
    assert [check["name"] for check in answer.json()["checks"] if check["status"] != "ok"] == ["database"]
    assert not {"secret-word", "someone", "127.0.0.1"} & set(answer.text.replace("@", " ").split())


@pytest.mark.parametrize(("free", "expected"), [(1, Standing.FAILED), (900, Standing.DEGRADED), (3000, Standing.OK)])
def test_a_full_disk_is_told_before_an_upload_meets_it(settings, database, monkeypatch, free, expected):
    disk = SimpleNamespace(total=100_000 * readiness.MEGABYTE, free=free * readiness.MEGABYTE)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: disk)
    assert standing(settings, database, "disk")[0] is expected


def test_a_service_that_is_told_to_stop_is_not_ready_and_lives(settings, database):
    with TestClient(create_app(settings, database)) as client:
        stopping.begin()
        try:
            assert client.get("/health/ready").status_code == 503
            assert "stopping" in client.get("/health/ready").json()["detail"]
            assert client.get("/health/live").status_code == 200
        finally:
            stopping.forget()


def test_the_newest_round_of_each_job_is_kept(database):
    first, second = datetime(2026, 11, 22, 9, tzinfo=UTC), datetime(2026, 11, 22, 10, tzinfo=UTC)
    for at in (first, second):
        with database.writing() as db:
            rounds.note(db, {"Mail": (at, at == first), "Releases": (at, True)})
    with database.reading() as db:
        found = [(each.job, each.ended_at, each.is_well) for each in rounds.rounds(db)]
    assert found == [("Mail", second, False), ("Releases", second, True)]
