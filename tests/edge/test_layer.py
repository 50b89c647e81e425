"""The outermost layer: headers on every answer, limits on what comes in, nothing personal in errors and logs."""

import asyncio
import logging
from typing import Annotated, Any

import pytest
import structlog
from fastapi import APIRouter, FastAPI, Form, Query, Request, UploadFile
from pydantic import BaseModel
from starlette.testclient import TestClient
from starlette.types import Message

from app.core.errors import Conflict, NotFound, NotSignedIn, Unavailable
from app.edge import faces, layer
from app.settings import Settings

ERRORS = {
    "conflict": Conflict("Not now.", code="R14"),
    "gone": NotFound(),
    "who": NotSignedIn(),
    "later": Unavailable("Wait."),
}


class Body(BaseModel):
    number: int


def service(settings: Settings) -> FastAPI:
    app = FastAPI(form_limits={"max_files": 1, "max_fields": 5, "max_part_size": 1000})
    app.state.settings = settings
    faces.install(app)
    app.add_middleware(layer.Edge, settings=settings)
    api = APIRouter(prefix="/api")

    @api.get("/error/{name}")
    def error(name: str) -> None:
        raise ERRORS[name]

    @api.get("/broken")
    def broken() -> None:
        raise RuntimeError("Okonkwo, born 1985")

    @api.post("/json")
    def json(body: Body, limit: Annotated[int, Query(le=500)] = 1) -> int:
        return body.number + limit

    @api.post("/file")
    def file(file: UploadFile, note: Annotated[str, Form()]) -> int:
        return len(file.file.read()) + len(note)

    @api.get("/begun")
    def begun(request: Request) -> str:
        return str(request.state.received_at.tzinfo)

    app.include_router(api)
    return app


@pytest.fixture
def client(settings) -> TestClient:
    return TestClient(service(settings), base_url="http://testserver/api", raise_server_exceptions=False)


def production(**more: Any) -> TestClient:
    settings = Settings(
        environment="production",
        secret_key="a-secret-of-32-characters-or-more",
        base_url="https://returns.example",
        today=None,
        **more,
    )
    return TestClient(service(settings), base_url="https://returns.example/api")


@pytest.mark.parametrize("path", ["/begun", "/error/conflict", "/broken", "/nowhere", "/json"])
def test_every_answer_carries_the_protecting_headers(client, path):
    headers = client.get(path).headers
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers


def test_production_is_https_only_and_answers_to_its_own_name():
    client = production()
    assert "max-age" in client.get("/begun").headers["strict-transport-security"]
    for host in (
        "evil.example",
        "returns.example.evil.example",
        "",
        "[::1",
        "returns.example:81",
        "me@returns.example",
        "returns.example:443:1",
        "returns.example/",
        "returns.example, evil.example",
    ):
        forged = client.get("/begun", headers={"Host": host})
        assert (forged.status_code, forged.headers["content-type"]) == (400, "application/problem+json")
    assert client.get("/begun", headers={"Host": "RETURNS.example:443"}).status_code == 200


def test_an_error_is_a_problem_with_its_way_out(client):
    answer = client.get("/error/conflict")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:debtor-returns:problem:conflict",
        "title": "Not possible now",
        "status": 409,
        "detail": "Not now.",
        "code": "R14",
    }


def test_not_signed_in_and_try_again_say_how_in_their_headers(client):
    assert client.get("/error/who").headers["www-authenticate"] == "Bearer"
    assert client.get("/error/later").headers["retry-after"] == "5"


def test_an_address_that_is_not_there_answers_as_one_that_is_not_yours(client):
    assert client.get("/nowhere").content == client.get("/error/gone").content


def test_a_fault_of_ours_tells_nothing_and_logs_no_words(client):
    with structlog.testing.capture_logs() as lines:
        answer = client.get("/broken")
    assert answer.status_code == 500
    assert "Okonkwo" not in answer.text + str(lines)
    assert [line["error"] for line in lines if line["event"] == "unexpected error"] == ["RuntimeError"]


def test_a_request_is_logged_by_its_route_and_never_by_its_query(client):
    with structlog.testing.capture_logs() as lines:
        client.get("/error/gone?name=Okonkwo")
        client.get("/Okonkwo")
    assert [line["route"] for line in lines if line["event"] == "request"] == ["/api/error/{name}", "-"]
    assert "Okonkwo" not in str(lines)


def test_what_was_sent_wrongly_is_named_but_not_repeated(client):
    answer = client.post("/json?limit=100000000000000000000", json={"number": "Okonkwo"})
    assert answer.status_code == 422
    assert answer.json()["detail"] == "limit is more than 500. number is not a whole number."
    assert "Okonkwo" not in answer.text


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'{"number": NaN}', b'{"number": "\\ud800"}'])
def test_rubbish_for_json_is_refused(client, body):
    answer = client.post("/json", content=body, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_declared_size_beyond_the_limit_is_answered_before_the_body_is_read(client):
    answer = client.post("/json", content=b"x", headers={"Content-Length": str(500 * layer.MEGABYTE)})
    assert (answer.status_code, answer.json()["code"]) == (413, "F03")


def test_an_endless_body_without_a_declared_size_is_cut_off(client):
    sent = 0

    def pieces():
        nonlocal sent
        for _ in range(40):
            sent += 1
            yield b"x" * 64 * 1024

    assert client.post("/json", content=pieces()).status_code == 413


def test_a_form_with_thousands_of_parts_or_two_files_is_refused(client):
    two = [("file", ("a", b"1")), ("file", ("b", b"2"))]
    assert client.post("/file", data={"note": "n"}, files=two).status_code == 400
    many = client.post("/file", data={str(number): "x" for number in range(10_000)}, files={"file": b"1"})
    assert many.status_code == 400
    assert client.post("/file", data={"note": "n"}, files={"file": b"123"}).json() == 4


def test_a_missing_file_is_named(client):
    answer = client.post("/file", data={"note": "n"})
    assert (answer.status_code, answer.json()["detail"]) == (422, "file is missing.")


def test_a_body_that_drips_is_cut_off(settings, monkeypatch):
    monkeypatch.setattr(layer, "PATIENCE_SECONDS", 0.2)
    answered: list[Message] = []

    async def drip() -> Message:
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b"1", "more_body": True}

    async def keep(message: Message) -> None:
        answered.append(message)

    headers = [(b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/api/json", "query_string": b"", "headers": headers}
    asyncio.run(asyncio.wait_for(service(settings)(scope, drip, keep), 5))
    assert answered[0]["status"] == 408
    assert (b"connection", b"close") in answered[0]["headers"]


def test_the_request_knows_when_it_began(client):
    assert client.get("/begun").json() == "UTC"


def test_the_framework_writes_no_traceback(client, caplog):
    with caplog.at_level(logging.DEBUG):
        client.get("/broken")
    assert "Okonkwo" not in caplog.text


def behind_proxy(client: tuple[str, int]) -> TestClient:
    settings = Settings(environment="test", trusted_proxy="10.0.0.1")
    return TestClient(service(settings), base_url="http://testserver/api", client=client)


def test_every_line_of_a_request_carries_the_id_of_its_answer(client):
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        answers = [client.get("/broken"), client.get("/error/later"), client.get("/begun")]
    named = [answer.headers["x-request-id"] for answer in answers]
    assert [line["request_id"] for line in lines] == [named[0], named[0], named[1], named[1], named[2]]
    assert len(set(named)) == 3


@pytest.mark.parametrize("name", ["short", "x" * 65, "0123456789abcdef 0123", "Okonkwo, born 1985-01-01"])
def test_a_proxys_id_is_taken_only_where_it_is_well_formed(name):
    assert behind_proxy(("192.0.2.1", 0)).get("/begun", headers={"X-Request-ID": name}).headers["x-request-id"] != name


def test_an_id_is_believed_of_a_trusted_proxy_and_of_nobody_else(client):
    """The server gives a client that a trusted proxy has named port 0, and everybody else their own."""
    name = {"X-Request-ID": "0123456789abcdef0123456789abcdef"}
    assert behind_proxy(("192.0.2.1", 0)).get("/begun", headers=name).headers["x-request-id"] == name["X-Request-ID"]
    assert behind_proxy(("192.0.2.1", 4711)).get("/begun", headers=name).headers["x-request-id"] != name["X-Request-ID"]
    assert client.get("/begun", headers=name).headers["x-request-id"] != name["X-Request-ID"]
