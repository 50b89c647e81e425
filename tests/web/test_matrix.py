"""Every page that takes an id, for everybody, on what is their own, another's and not there: cells made from the table."""

from collections.abc import Iterator

import pytest
from httpx2 import Response

from tests.matrix import FOR_THE_PORTFOLIO, NOBODY, PEOPLE, Row, Somebody, Tally, World, looks_like, may_meet, rows
from tests.serving import service
from tests.web.conftest import Browser, said
from tests.web.test_access import ANYBODY, PAGES, TABLE, Page
from tests.web.test_access import ask as open_or_post
from tests.world import browser, build

ROWS = rows((page.method, page.path, TABLE[page.path]) for page in PAGES if TABLE[page.path] != ANYBODY)
# Posts without a field to fill in that take the thing away, which the next in the matrix still needs. Each has its tests.
TAKES_AWAY = {
    "/organisations/{code}/contacts/{contact_id}/remove",
    "/organisations/{code}/excuse/{period}/end",
    "/users/{user_id}/roles/{grant_id}",
    "/users/{user_id}/identities/{identity_id}",
    "/returns/{return_id}/withdraw",
}


@pytest.fixture
def world(database) -> World:
    return build(service(database), database)


def ask(somebody: Browser, row: Row, ids: dict[str, str]) -> Response:
    return open_or_post(somebody, Page(row.method, row.path, None), row.address(ids))


def surprises(somebody: Browser, who: Somebody, row: Row, world: World, tally: Tally) -> Iterator[str]:
    """What is wrong with the cells of one row for one person."""
    answers = {}
    for whose in ("own", "other") if row.is_of_a_trust else ("own",):
        if not (row.method == "POST" and row.path in TAKES_AWAY and may_meet(who, row, whose)):
            answers[whose] = ask(somebody, row, world.ids(row, whose))
    absent = ask(somebody, row, world.ids(row, "absent"))
    tally[who.name] += len(answers) + 1
    shut_out = not who.holding(row.allowed)
    wanted = (303 if who is NOBODY else 403) if shut_out else 404
    if absent.status_code != wanted:
        yield f"{who.name}: {row.method} {row.path} absent: {absent.status_code} {said(absent)[:80]}"
    for whose, answer in answers.items():
        if who is NOBODY:
            is_right = (answer.status_code, answer.content) == (303, b"")
        elif shut_out or not may_meet(who, row, whose):
            is_right = looks_like(answer) == looks_like(absent)
        else:
            is_right = answer.status_code in {200, 303, 409, 422} or is_refused_with_the_way_out(answer, row)
        if not is_right:
            yield f"{who.name}: {row.method} {row.path} {whose}: {answer.status_code} {said(answer)[:80]}"


def is_refused_with_the_way_out(answer: Response, row: Row) -> bool:
    """Another manager's organisation is known, and not to be acted for."""
    elsewhere = bool(FOR_THE_PORTFOLIO.match(row.path)) or row.path.endswith(("/approve", "/release"))
    return answer.status_code == 403 and elsewhere and "Your role does not" not in answer.text


def test_what_takes_away_is_on_pages_of_the_table():
    assert {row.path for row in ROWS if row.method == "POST"} >= TAKES_AWAY


@pytest.mark.parametrize("_store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("half", [0, 1])
def test_everybody_meets_their_own_and_nothing_else(world, database, half):
    tally, wrong = Tally(), list[str]()
    for number, who in list(enumerate((NOBODY, *PEOPLE)))[half::2]:
        app = service(database)
        somebody = browser(app, database, f"person{number}@all.example", *who.roles) if who.roles else Browser(app)
        for row in ROWS:
            wrong += surprises(somebody, who, row, world, tally)
    assert not wrong, "\n".join(wrong)
    assert min(tally.values()) >= 2 * len(ROWS), tally
