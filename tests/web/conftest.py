"""People at their browsers, without a browser: each keeps its cookies, and sends the token that a form carries."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.access import COMMAND_LINE
from app.accounts.models import Step
from app.accounts.permissions import Role
from app.core.db import Database
from tests.api.conftest import PLACES, fill, row, workbook
from tests.serving import service

__all__ = ["fill", "row", "workbook"]


class Browser:
    """Somebody's browser. `post` reads the page first, as a person would, and sends its form's token along."""

    def __init__(self, app: Any) -> None:
        self.client = TestClient(app, raise_server_exceptions=False, follow_redirects=False)

    def get(self, path: str, **params: Any) -> Response:
        return self.client.get(path, params=params or None)

    def post(self, path: str, fields: dict[str, Any] | None = None, **more: Any) -> Response:
        sent = {"form_token": self.form_token(path), **(fields or {})}
        return self.client.post(path, data=sent, **more)

    def follow(self, answer: Response) -> Response:
        assert answer.status_code == 303, (answer.status_code, said(answer))
        return self.client.get(answer.headers["location"])

    def form_token(self, path: str) -> str:
        found = re.search(r'name="form_token" value="([0-9a-f]+)"', self.client.get(path).text)
        return found[1] if found else ""


def said(answer: Response) -> str:
    """The words of a page's main part, in one line."""
    main = re.search(r"<main.*?</main>", answer.text, re.S)
    return " ".join(unescape(re.sub(r"<script.*?</script>|<[^>]+>", " ", main[0] if main else answer.text)).split())


@pytest.fixture
def app(database: Database) -> Iterator[Any]:
    fill(database)
    yield service(database)


@pytest.fixture
def browser(app: Any) -> Browser:
    """Somebody who is not signed in."""
    return Browser(app)


@pytest.fixture
def visitor(app: Any, database: Database) -> Callable[..., Browser]:
    """Somebody with a role, signed in."""

    def make(role: Role, organisation: str | None = None) -> Browser:
        place = organisation or PLACES.get(role)
        email = f"{role}@{(place or 'all').lower()}.example"
        made = Browser(app)
        with database.writing() as db:
            user = accounts.add_user(db, COMMAND_LINE, email, role, place)
            made.client.cookies.set("session", sessions.start(db, user, Step.IN))
        return made

    return make
