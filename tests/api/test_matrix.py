"""Every call that takes an id, for everybody, on what is their own, another's and not there: cells made from the table."""

from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import Response

from app.accounts.permissions import Role
from tests.api.conftest import PERIOD, Person
from tests.api.test_access import CALLS, TABLE, named
from tests.matrix import FOR_THE_PORTFOLIO, NOBODY, PEOPLE, Row, Somebody, Tally, World, looks_like, may_meet, rows
from tests.serving import service
from tests.world import CONTACT, ENTRY, build, person

ROWS = rows((call.method, named(call).split(" ", 1)[1], TABLE[named(call)]) for call in CALLS)
BODIES: dict[str, Any] = {  # what each write takes, so that it is the id that is judged
    "POST /returns/{return_id}/withdraw": {"reason": "x"},
    "POST /open-rows/{row_id}/close": {"reason": "x"},
    "POST /open-rows/{row_id}/answer": {"answer": "earlier_facts_stand"},
    "PATCH /debts/{debt_id}": {"family_name": "Changed"},
    "POST /debts/{debt_id}/status": {"status": "repaid", "status_date": "2026-11-10", "amount_outstanding": "0.00"},
    "POST /debts/{debt_id}/hold": {"reason": "x"},
    "POST /debts/{debt_id}/unhold": {"reason": "x"},
    "POST /possible-matches/{match_id}": {"decision": "unsure"},
    "POST /disputes/{dispute_id}/answer": {"answer": "stands", "note": "x"},
    "POST /disputes/{dispute_id}/settle": {"outcome": "not_upheld", "note": "x"},
    "POST /disputes/{dispute_id}/abandon": {"note": "x"},
    "POST /organisations/{code}/contacts": CONTACT,
    "POST /organisations/{code}/contact-log": ENTRY,
    "POST /organisations/{code}/excusals": {"period": PERIOD, "reason": "x"},
    "POST /releases/{release_id}/sample/{line}": {"correct": True},
    "POST /releases/{release_id}/abandon": {"reason": "x"},
}


@pytest.fixture
def world(database) -> World:
    return build(service(database), database)


def ask(somebody: Person, row: Row, ids: dict[str, str], body: bool):
    more: dict[str, Any] = {}
    if row.path.endswith("/acknowledgement"):
        more = {"files": {"file": ("a.csv", b"reference,result,reason\nND-1,loaded,\n")}}
    elif row.method != "GET" and (f"{row.method} {row.path}" in BODIES):
        more = {"json": BODIES[f"{row.method} {row.path}"] if body else {}}
    elif row.path.startswith("/releases/") and row.path.endswith((".csv", ".xlsx")):
        more = {"params": {"purpose": "p"}}
    return somebody.call(row.method, row.address(ids), **more)


def surprises(somebody: Person, who: Somebody, row: Row, world: World, tally: Tally) -> Iterator[str]:
    """What is wrong with the cells of one row for one person."""
    answers = {"own": ask(somebody, row, world.ids(row, "own"), body=False)}
    if row.is_of_a_trust:
        answers["other"] = ask(somebody, row, world.ids(row, "other"), body=True)
    absent = ask(somebody, row, world.ids(row, "absent"), body=True)
    tally[who.name] += len(answers) + 1
    shut_out = not who.holding(row.allowed)
    wanted = (401 if who is NOBODY else 403) if shut_out else 404
    if absent.status_code != wanted:
        yield f"{who.name}: {row.method} {row.path} absent: {absent.status_code} {absent.text}"
    for whose, answer in answers.items():
        if shut_out or not may_meet(who, row, whose):
            is_right = looks_like(answer) == looks_like(absent)
        else:
            is_right = answer.status_code in {200, 201, 409, 422} or is_refused_with_the_way_out(answer, row)
        if not is_right:
            yield f"{who.name}: {row.method} {row.path} {whose}: {answer.status_code} {answer.text}"


def is_refused_with_the_way_out(answer: Response, row: Row) -> bool:
    """One's own release is for another to approve; another manager's organisation is known, and not to be acted for."""
    elsewhere = bool(FOR_THE_PORTFOLIO.match(row.path)) or row.path.endswith(("/approve", "/release"))
    return answer.status_code == 403 and elsewhere and "Your role does not" not in answer.json()["detail"]


def test_every_body_is_of_a_call_of_the_table():
    assert set(BODIES) <= {f"{row.method} {row.path}" for row in ROWS}


# The first wall is the same on both; on PostgreSQL tests/http/test_first_wall.py goes round the second one too.
@pytest.mark.parametrize("_store", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True)
def test_everybody_meets_their_own_and_nothing_else(world, database):
    tally, wrong = Tally(), list[str]()
    for number, who in enumerate((NOBODY, *PEOPLE)):
        client = person(service(database), database, f"person{number}@all.example", *who.roles) if who.roles else None
        somebody = client or Person(
            person(service(database), database, "x@all.example", (Role.BORDER, None)).client, ""
        )
        for row in ROWS:
            wrong += surprises(somebody, who, row, world, tally)
    assert not wrong, "\n".join(wrong)
    assert len(tally) == len(PEOPLE) + 1 and min(tally.values()) >= 2 * len(ROWS), tally
