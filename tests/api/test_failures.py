"""When the database is down, read-only or fails at the last moment: a sentence, never a false "done"."""

import tempfile
import time
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from app.core.db import Database
from app.main import create_app
from tests.api.conftest import PERIOD, Person, row, workbook

NIL = {"organisation": "RJ1", "period": PERIOD}


def test_a_database_that_is_down_is_503_within_five_seconds_while_the_process_lives():
    client = TestClient(create_app(database=Database("postgresql+psycopg://nobody@127.0.0.1:1/none")))
    began = time.monotonic()
    for answer in (Person(client, "dr_any").get("/debts"), client.get("/health/ready")):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "try again" in answer.json()["detail"]
    assert time.monotonic() - began < 5
    assert client.get("/health/live").status_code == 200


def test_the_service_is_ready_only_when_the_database_is_prepared(client, tmp_path):
    assert client.get("/health/ready").status_code == 200
    empty = TestClient(create_app(database=Database(f"sqlite:///{tmp_path}/new.db")))
    assert empty.get("/health/ready").status_code == 503


def test_what_could_not_be_committed_is_never_answered_as_done(ovm, database):
    def fail(_connection: object) -> None:
        raise OperationalError("COMMIT", None, Exception("disk full"))

    event.listen(database.engine, "commit", fail)
    refused = ovm.post("/returns/nil", NIL)
    event.remove(database.engine, "commit", fail)
    assert refused.status_code == 503
    assert "disk full" not in refused.text
    assert ovm.get("/returns").json()["items"] == []
    assert ovm.post("/returns/nil", NIL).status_code == 201


def test_a_database_that_takes_nothing_lets_people_read_and_says_that_nothing_was_changed(ovm, database):
    full, read_only = "PRAGMA max_page_count = 1", "SET transaction_read_only = on"

    def refuse(connection: Any) -> None:
        connection.exec_driver_sql(full if database.is_sqlite else read_only)

    data = workbook(*(row(number) for number in range(1, 400)))
    event.listen(database.engine, "begin", refuse)
    try:
        assert ovm.get("/returns").status_code == 200
        assert ovm.upload(data).status_code == 503
        assert ovm.get("/returns").json()["items"] == []
    finally:
        event.remove(database.engine, "begin", refuse)
        database.close()
    assert ovm.upload(data).status_code == 201


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/api/openapi.json", "/api/v1/debts", "/"])
def test_no_answer_may_be_framed_sniffed_or_kept(client, path):
    headers = client.get(path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")


def test_the_document_shows_every_call_with_its_errors(client):
    document = client.get("/api/openapi.json").json()
    assert "Problem" in document["components"]["schemas"]
    for path, calls in document["paths"].items():
        for call in calls.values():
            assert path.startswith("/health") or {"401", "403", "404", "422"} <= set(call["responses"]), path
            assert call["summary"]


def test_a_disk_without_room_for_a_large_file_is_our_fault_and_is_told_as_ours(ovm, monkeypatch):
    large = b"PK" + bytes(2**21)  # more than is kept in memory
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere-to-write")
    refused = ovm.upload(large)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
    assert "no room" in refused.json()["detail"]
    monkeypatch.undo()
    assert ovm.upload(large).status_code == 422
