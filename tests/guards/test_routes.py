"""Who may call what, as one table that a person can read through, and: looking at something never changes it."""

import ast
import inspect
import textwrap

import pytest
from fastapi.routing import APIRoute

from app.accounts.permissions import ROLE_PERMISSIONS
from app.api import deps
from app.api.routes import ROUTERS
from app.http import deps as http
from app.http.guard import required_by
from app.main import create_app
from app.web import routes as pages
from tests.api.test_access import TABLE as ACCESS

OPEN = {"GET /health/live", "GET /health/ready"}  # the machines that watch over the service hold no token

# A GET that holds the database itself instead of a reading session could write: each one has its reason.
MAY_RECORD = {
    "GET /health/ready": "asks the database for a sign of life",
    "GET /template": "the download is recorded in the audit: it holds people",
    "GET /returns/{return_id}/rejections.xlsx": "the download is recorded in the audit: it holds people",
    "GET /returns/{return_id}/rejections.csv": "the download is recorded in the audit: it holds people",
    "GET /returns/{return_id}/original": "the download is recorded in the audit: it holds people",
    "GET /consolidated.xlsx": "who took the register out, for whom and why, is recorded in the audit",
    "GET /consolidated.csv": "who took the register out, for whom and why, is recorded in the audit",
    "GET /releases/{release_id}/consolidated.xlsx": "who took a file of a release, and for what, is recorded",
    "GET /releases/{release_id}/consolidated.csv": "who took a file of a release, and for what, is recorded",
    "GET /releases/{release_id}/midas.csv": "who took a file of a release, and for what, is recorded",
    "GET /releases/{release_id}/warnings-index.csv": "who took a file of a release, and for what, is recorded",
    "GET /audit.csv": "the download is recorded in the audit: who took which part of it out",
    "GET /reports/{slug}.csv": "the download is recorded in the audit: who took which figures out",
    "GET /reports/{slug}.xlsx": "the download is recorded in the audit: who took which figures out",
}


# The same for pages.
PAGES_MAY_RECORD = {
    "/service": "writes nothing: asks the database how it is set up, and one that is away is a line of the list",
    "/audit.csv": "the download is recorded in the audit itself: who took what of it out",
    "/sign-in/with/{key}/back": "an identity provider sends people back with a GET, which signs them in",
    "/returns/template": "the download is recorded in the audit: it holds people",
    "/returns/{return_id}/rejections.xlsx": "the download is recorded in the audit: it holds people",
    "/returns/{return_id}/rejections.csv": "the download is recorded in the audit: it holds people",
    "/returns/{return_id}/original": "the download is recorded in the audit: it holds people",
    "/open-rows/workbook": "the download is recorded in the audit: it holds people",
    "/reports/{slug}.csv": "the download is recorded in the audit: who took which figures out",
    "/reports/{slug}.xlsx": "the download is recorded in the audit: who took which figures out",
}


def routes() -> dict[str, APIRoute]:
    return {
        f"{method} {route.path.removeprefix('/api/v1')}": route
        for router in ROUTERS
        for route in router.routes
        for method in route.methods
    }


def depends_on(route: APIRoute) -> set[object]:
    waiting, seen = [route.dependant], set()
    while waiting:
        dependant = waiting.pop()
        seen.add(dependant.call)
        waiting += dependant.dependencies
    return seen


def test_every_route_stands_in_the_access_table_and_every_line_of_it_is_a_route():
    assert set(routes()) == set(ACCESS) | OPEN


def test_no_route_is_served_past_the_routers():
    served = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, methods in create_app().openapi()["paths"].items()
        for method in methods
    }
    assert served == set(routes())


@pytest.mark.parametrize("call", ACCESS)
def test_the_roles_that_may_call_a_route_are_those_of_the_access_table(call: str):
    permission = required_by(routes()[call])
    assert permission is not None
    assert {role.value for role, held in ROLE_PERMISSIONS.items() if permission in held} == ACCESS[call]


def test_every_route_asks_who_is_there_before_it_reads_the_body():
    assert {call for call, route in routes().items() if not isinstance(route, deps.Guarded)} == OPEN


def test_no_get_has_a_writing_session():
    writing = {call for call, route in routes().items() if deps.writing in depends_on(route)}
    assert writing
    assert {call for call in writing if call.startswith("GET ")} == set()


def test_a_get_that_could_write_has_its_reason():
    holding = {
        call
        for call, route in routes().items()
        if call.startswith("GET ") and deps.database in {each.call for each in route.dependant.dependencies}
    }
    assert holding == set(MAY_RECORD)


def test_no_page_that_is_only_looked_at_could_write_unless_it_has_its_reason():
    gets = [route for router in pages.ROUTERS for route in router.routes if "GET" in route.methods]
    assert [route.path for route in gets if http.writing in depends_on(route)] == []
    holding = {route.path for route in gets if http.database in {each.call for each in route.dependant.dependencies}}
    assert holding == set(PAGES_MAY_RECORD)


def test_routes_are_plain_functions_so_that_a_slow_one_holds_up_nobody():
    plain = {
        call for call, route in routes().items() if not inspect.iscoroutinefunction(inspect.unwrap(route.endpoint))
    }
    assert set(routes()) - plain == OPEN
    assert {call for call in plain if not inspect.iscoroutinefunction(routes()[call].endpoint)} == set()


def test_every_route_that_reads_or_writes_the_register_says_on_whose_behalf():
    def asks_for_nobody(route: APIRoute) -> bool:
        calls = ast.walk(ast.parse(textwrap.dedent(inspect.getsource(route.endpoint))))
        used = [part for call in calls if isinstance(call, ast.Call) for part in (call.func, *call.args)]
        return not any(ast.unparse(part) == "actor" or ast.unparse(part).startswith("actor.scope") for part in used)

    with_session = {call: route for call, route in routes().items() if {deps.reading, deps.writing} & depends_on(route)}
    assert with_session
    assert [call for call, route in with_session.items() if asks_for_nobody(route)] == []


# What changes who is in the register, as far as likeness is concerned; a route of these that does not has its reason.
POSTING = {"return:upload", "return:withdraw", "open-row:mend", "debt:amend", "debt:change-status"}
POSTS_NOBODY = {
    "/api/v1/returns/nil": "a nil return names nobody",
    "/returns/nil": "a nil return names nobody",
    "/returns/upload": "a page only checks; submitting the check is what posts",
    "/api/v1/open-rows/{row_id}/close": "a closed row is not posted",
    "/open-rows/{row_id}/close": "a closed row is not posted",
    "/debts/{debt_id}/change": "only chooses which change",
}


def test_new_people_are_compared_after_every_route_that_posts():
    every = [route for router in (*ROUTERS, *pages.ROUTERS) for route in router.routes if route.methods - {"GET"}]
    posting = {route.path for route in every if str(required_by(route)) in POSTING}
    comparing = {route.path for route in every if http.comparing in depends_on(route)}
    assert comparing
    assert posting - comparing == set(POSTS_NOBODY)
