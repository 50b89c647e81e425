"""Journeys: the real server as a process of its own with its own database, and real Chromium with every complaint noted."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.core import migrating
from app.core.db import Database
from tests import browser as chromium
from tests.api.conftest import fill
from tests.guards.source import PROJECT
from tests.journeys.arguments import ARGUMENTS

PASSWORD = "Three-Words-For-Tests"
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)
AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
NOTE_VIOLATIONS = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', event =>
  window.__violations.push(event.violatedDirective + ' ' + event.blockedURI));
"""


# Without JavaScript the browser settles promises but fires no timers, on which axe would wait for ever.
TIMERS_AT_ONCE = """
if (matchMedia('(scripting: none)').matches)
  window.setTimeout = (run, delay, ...given) => {
    if (typeof run === 'function' && !(delay > 100)) Promise.resolve().then(() => run(...given));
  };
"""


@dataclass(frozen=True)
class Served:
    """A running service: its address, and its database for what a test puts in."""

    address: str
    database: Database

    def person(self, email: str, role: str, organisation: str | None = None) -> str:
        """An account that signs in with PASSWORD."""
        with self.database.writing() as db:
            accounts.add_user(db, COMMAND_LINE, email, role, organisation, PASSWORD)
        return email


@pytest.fixture(scope="session")
def _serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The service on SQLite, started once; today is 22 November 2026."""
    folder = tmp_path_factory.mktemp("served")
    url = f"sqlite:///{folder}/served.db"
    database = Database(url)
    migrating.upgrade(database)
    fill(database)
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    settings = {"DEBTOR_RETURNS_DATABASE_URL": url, "DEBTOR_RETURNS_BASE_URL": address}
    command = [sys.executable, "-c", "from app.cli import main; main()", "serve", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, env=os.environ | settings, cwd=PROJECT, stdout=log, stderr=log, start_new_session=True
        )
        try:
            _wait_for(address, process, folder / "log")
            yield Served(address, database)
        finally:
            if process.poll() is None:  # else its log has said why
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)
            database.close()


@pytest.fixture(scope="session")
def _at_first(_serving: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the service's database holds before any journey."""
    kept = tmp_path_factory.mktemp("at_first") / "served.db"
    _copy(Path(_serving.database.url.database or ""), kept)
    return kept


@pytest.fixture(scope="module")
def served(_serving: Served, _at_first: Path) -> Served:
    """The service with the two trusts of the API's tests, and nothing that the journeys of another module left."""
    _copy(_at_first, Path(_serving.database.url.database or ""))
    return _serving


def _copy(one: Path, other: Path) -> None:
    """One database into another, which may be in use."""
    with closing(sqlite3.connect(one)) as source, closing(sqlite3.connect(other)) as target:
        source.backup(target)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        assert process.poll() is None, log.read_text()
        try:
            with urlopen(f"{address}/health/ready", timeout=2):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="module")
def _chromium() -> Iterator[Browser]:
    """One for each module: while Playwright runs, no other test of the same process can use asyncio."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.program(), args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Complaints:
    """What the browser complained about. `expected` are patterns that a test foresees, such as a 422 of its own making."""

    found: list[str]
    expected: list[str]

    def expect(self, *patterns: str) -> None:
        self.expected += patterns

    def unforeseen(self) -> list[str]:
        return [one for one in self.found if not any(re.search(pattern, one) for pattern in self.expected)]


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Every console error, script error, failed request and violation of the content policy; any unforeseen one fails."""
    noted = Complaints([], [r"net::ERR_ABORTED"])  # a page was left while it, or its icon, was loading
    yield noted
    assert noted.unforeseen() == []


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(_chromium: Browser, complaints: Complaints) -> Iterator[OpenPage]:
    """Opens a new browser: `javascript=False` for one without, `width` in pixels."""
    contexts: list[BrowserContext] = []

    def make(*, javascript: bool = True, width: int = 1280, address: str = "", **more: Any) -> Page:
        context = _chromium.new_context(
            java_script_enabled=javascript, viewport={"width": width, "height": 900}, base_url=address or None,
            accept_downloads=True, **more,
        )  # fmt: skip
        contexts.append(context)
        if javascript:
            context.add_init_script(NOTE_VIOLATIONS)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on(
            "console", lambda said: complaints.found.append(f"console: {said.text}") if said.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.found.append(f"script: {error.message}"))
        page.on("requestfailed", lambda request: complaints.found.append(f"failed: {request.url} {request.failure}"))
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest, open_page: OpenPage, served: Served) -> Page:
    """A browser at the service, once with and once without JavaScript."""
    return open_page(javascript=request.param, address=served.address)


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def axe(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it stands, and any violation of the content policy so far.

    Works with and without JavaScript: it judges what the person sees in either case. A page that another one replaces
    while it is judged gives no result; then that other one is judged.
    """
    found: object = None
    for _ in range(3):
        page.wait_for_load_state()
        if isinstance(found := _judged(page), list):
            break
    assert isinstance(found, list), f"axe gave no result: {found}"
    broken = page.evaluate("window.__violations || []")
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found] + [f"policy: {one}" for one in broken]


def _judged(page: Page) -> object:
    """The violations; a sentence, or nothing, where axe came to no end."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(TIMERS_AT_ONCE)
        page.evaluate(AXE.read_text())
    wanted = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    page.evaluate(
        """tags => { window.__axe = null; axe.run(document, {runOnly: tags, resultTypes: ['violations'], iframes: false}).then(
             result => { window.__axe = result.violations }, error => { window.__axe = String(error) }) }""",
        wanted,
    )
    for _ in range(600):  # an evaluation has no time limit of its own
        if (found := page.evaluate("window.__axe")) is not None:
            return found
        page.wait_for_timeout(50)
    return None


def is_wide(page: Page) -> bool:
    """Whether the page must be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def clean(page: Page) -> None:
    """On a phone and on a desk axe finds nothing wrong, and nothing must be scrolled sideways."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe(page) == [], (page.url, width)
        assert not is_wide(page), (page.url, width)
