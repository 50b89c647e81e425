"""The first wall stands alone: for every call and page of a trust each query finds as many rows without the second wall as
with it, and the answers are the same. A query that forgot `Actor.scope` would find more.
"""

import re
from collections.abc import Collection, Iterator

import pytest
from sqlalchemy import event

from app.accounts.permissions import Role
from app.core.db import Database
from app.main import create_app
from app.reports.catalogue import BY_SLUG
from tests.api import test_access as api
from tests.api.conftest import PERIOD, Person
from tests.matrix import looks_like, rows
from tests.serving import service
from tests.web import test_access as web
from tests.world import browser, build, person

pytestmark = pytest.mark.parametrize("_store", ["postgresql"], indirect=True)
ASKED = {  # what lists, exports and sums may be asked, beyond their addresses
    "/api/v1/debts": (
        "limit=1",
        "status=outstanding",
        "min_amount=1",
        "held=true",
        "region=London",
        "organisation=RJ1",
    ),
    "/api/v1/returns": ("outcome=accepted_with_rejections", "organisation=RJ1", f"period={PERIOD}"),
    "/api/v1/open-rows": ("limit=1", "organisation=RJ1"),
    "/api/v1/disputes": ("state=waiting", "organisation=RJ1"),
    "/api/v1/template": (f"organisation=RJ1&period={PERIOD}",),
    "/api/v1/submissions": (f"period={PERIOD}", f"period={PERIOD}&region=London"),
    "/api/v1/submissions/rates": tuple(
        f"from=2026-09&to={PERIOD}&by={by}" for by in ("organisation", "region", "nation", "lpm")
    ),
    "/api/v1/submissions/concerns": (f"period={PERIOD}",),
    "/debts": ("q=Okonkwo", "status=outstanding", "sort=amount", "organisation=RJ1", "page=2"),
    "/returns": ("organisation=RJ1", f"period={PERIOD}"),
    "/open-rows/workbook": ("organisation=RJ1",),
    "/returns/template": (f"organisation=RJ1&period={PERIOD}",),
    "/returns/upload": (f"organisation=RJ1&period={PERIOD}",),
    "/submissions": (f"to={PERIOD}", "region=London"),
    "/submissions/missing": (f"period={PERIOD}",),
}
ANYWHERE = re.compile(
    r"\{(slug|key|waiting_id)\}"
)  # a report and a provider are asked apart; a check is one person's alone


class Service:
    """The service on one way to the database, and how many rows each query found of what it was last asked."""

    def __init__(self, app, database: Database) -> None:
        self.found: list[tuple[str, int]] = []
        event.listen(database.engine, "after_cursor_execute", self._count)
        self.app = app

    def _count(self, _connection, cursor, statement, _parameters, _context, _many) -> None:
        if statement.startswith(("SELECT", "WITH")) and "set_config" not in statement:
            self.found.append((statement, cursor.rowcount))


@pytest.fixture
def world(database):
    return build(service(database), database)


class Unwalled(Database):
    """A database that binds nobody."""

    def within(self, codes: Collection[str] | None) -> Database:
        return self


@pytest.fixture
def without_wall(database) -> Iterator[Database]:
    found = Unwalled(database.url.render_as_string(hide_password=False))
    yield found
    found.close()


def addresses(world) -> list[str]:
    """Everything that a trust may look at: each address with its own ids, lists also with what they may be asked."""
    calls = [(call.method, call.path, api.TABLE[api.named(call)]) for call in api.CALLS]
    pages = [(page.method, page.path, web.TABLE[page.path]) for page in web.PAGES]
    seen = [(method, path, who) for method, path, who in (*calls, *pages) if method == "GET" and may_look(who)]
    with_ids = {row.path: row.address(world.own) for row in rows(iter(seen))}
    found = [with_ids.get(path, path) for _, path, _ in seen if not ANYWHERE.search(path)]
    found = [path for path in found if "{" not in path]
    return found + [f"{path}?{asked}" for path, many in ASKED.items() for asked in many] + [
        f"{face}/reports/{slug}{kind}" for slug in sorted(BY_SLUG) for face, kind in (("", ""), ("/api/v1", ".csv"))
    ]  # fmt: skip


def may_look(who: set) -> bool:
    return Role.TRUST in who or "signed in" in who


def test_the_second_wall_is_never_leaned_on(world, database, without_wall):
    both = [Service(service(database), database), Service(create_app(database=without_wall), without_wall)]
    by_token = person(both[0].app, database, "both@rj1.example", (Role.TRUST, "RJ1"))
    at_browser = browser(both[0].app, database, "both@rj1.example")
    tokens = [Person(type(by_token.client)(one.app, raise_server_exceptions=False), by_token.token) for one in both]
    browsers = [at_browser, type(at_browser)(both[1].app)]
    browsers[1].client.cookies = at_browser.client.cookies
    leaned, queries, answered = list[str](), 0, 0
    for path in addresses(world):
        answers = []
        for one, caller, visitor in zip(both, tokens, browsers, strict=True):
            one.found.clear()
            api_path = path.removeprefix("/api/v1")
            answers.append(caller.call("GET", api_path) if api_path != path else visitor.get(path))
        answered += answers[0].status_code == 200
        queries += len(both[0].found)
        more = [pair for pair in zip(both[0].found, both[1].found, strict=True) if pair[0] != pair[1]]
        leaned += [f"{path}: {with_wall} {without}" for with_wall, without in more]
        if "xlsx" not in path and "template" not in path and "workbook" not in path:  # a workbook says when it was made
            leaned += [path] if looks_like(answers[0]) != looks_like(answers[1]) else []
    assert not leaned, "\n".join(leaned)
    assert answered > 90 and queries > 500, (answered, queries)
