"""Every answer of every address carries the protecting headers, whatever its status: pages, API, files, errors, health."""

import re
from collections import Counter
from typing import Any

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from app.accounts.permissions import Role
from app.api import routes as api
from app.core.db import Database
from app.main import create_app
from app.settings import Settings
from app.web import routes as pages
from tests.web.conftest import Browser, app, visitor

__all__ = ["app", "visitor"]
ABSENT = "0" * 32
ROUTES = [route for router in (*api.ROUTERS, *pages.ROUTERS) for route in router.routes if isinstance(route, APIRoute)]
ASSETS = (
    "/assets/app.css",
    "/assets/nothing.css",
    "/assets/../main.py",
    "/favicon.ico",
    "/robots.txt",
    "/nowhere",
    "/api/v1/nowhere",
)
ALWAYS = {
    "x-content-type-options": {"nosniff"},
    "x-frame-options": {"DENY"},
    "referrer-policy": {"no-referrer", "same-origin"},
    "cross-origin-resource-policy": {"same-origin"},
}


def lacking(answer: Any, *, is_asset: bool = False) -> list[str]:
    headers = answer.headers
    wrong = [name for name, good in ALWAYS.items() if headers.get(name) not in good]
    policy = headers.get("content-security-policy", "")
    if "default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy or "unsafe" in policy:
        wrong.append("content-security-policy")
    if headers.get("cache-control") != "no-store" and not (is_asset and answer.status_code in {200, 304}):
        wrong.append("cache-control")
    if any("evil" in value for value in headers.values()):
        wrong.append("evil")
    return wrong


def ask(browser: Browser, route: APIRoute, address: str) -> Any:
    (method,) = route.methods
    return browser.client.request(method, address, headers={"Sec-Fetch-Site": "same-origin"})


@pytest.mark.parametrize("_store", ["sqlite"], indirect=True)
def test_every_answer_of_every_route_is_protected(app, visitor):
    seen: Counter[int] = Counter()
    found = []
    for somebody in (Browser(app), visitor(Role.TRUST)):
        for route in ROUTES:
            if route.path in {"/sign-out", "/account/sessions"}:
                continue
            answer = ask(somebody, route, re.sub(r"\{\w+\}", ABSENT, route.path))
            seen[answer.status_code] += 1
            found += [(route.path, answer.status_code, name) for name in lacking(answer)]
        for path in ASSETS:
            answer = somebody.client.get(path)
            seen[answer.status_code] += 1
            found += [(path, answer.status_code, name) for name in lacking(answer, is_asset=True)]
    assert found == []
    assert {200, 303, 401, 403, 404, 405, 422} - {405} <= set(seen), seen


def test_a_fault_of_ours_and_a_database_that_is_away_are_answered_as_protected(settings, tmp_path):
    away = create_app(settings, Database("postgresql+psycopg://nobody@127.0.0.1:1/none"))
    broken = create_app(settings, Database(f"sqlite:///{tmp_path}/never-asked.db"))
    del broken.state.database
    statuses = set()
    for service in (away, broken):
        somebody = TestClient(service, raise_server_exceptions=False, cookies={"session": "x"})
        for path in ("/", "/debts", "/returns", "/api/v1/debts", "/health/ready"):
            answer = somebody.get(path)
            statuses.add(answer.status_code)
            assert lacking(answer) == [], (path, answer.status_code)
    assert statuses == {500, 503}


@pytest.mark.parametrize("_store", ["sqlite"], indirect=True)
def test_in_production_every_answer_binds_to_https_and_another_host_is_refused(database):
    settings = Settings(environment="production", secret_key="Zq8n3v9Xk2LmP0sRtYwUaBcDeFgHiJkLmNoPq", today=None,
                        base_url="https://returns.example")  # fmt: skip
    client = TestClient(
        create_app(settings, database), base_url="https://returns.example", raise_server_exceptions=False
    )
    for path in ("/sign-in", "/", "/nowhere", "/assets/app.css", "/api/v1/debts", "/health/live"):
        answer = client.get(path, follow_redirects=False)
        assert "max-age=31536000" in answer.headers["strict-transport-security"], path
        forged = client.get(path, headers={"Host": "evil.example"}, follow_redirects=False)
        assert forged.status_code == (200 if path == "/health/live" else 400), path
        assert lacking(forged) == [] and "evil" not in forged.text, path


EVIL = ("//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "///evil.example", "/\t/evil.example",
        "javascript:alert(1)//evil", "//evil.example/%2f..", "https:evil.example", "/%0d%0aLocation:%20//evil.example", "x")  # fmt: skip


@pytest.mark.parametrize("_store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("address", EVIL)
def test_nobody_is_led_elsewhere_after_signing_in(app, visitor, address):
    for somebody in (Browser(app), visitor(Role.TRUST)):
        answer = somebody.get("/sign-in", next=address)
        led = answer.headers.get("location", "/")
        assert led.startswith("/") and not led.startswith(("//", "/\\")), led
        assert not re.search(r'(href|action|value)="(//|https?:|javascript:|[/\\]{2}|/\\)[^"]*evil', answer.text)
