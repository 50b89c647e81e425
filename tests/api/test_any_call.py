"""Whatever is sent to the API, by whomever: no fault of ours, and an answer that keeps to the document."""

import pytest

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from tests.api import any_call
from tests.api.conftest import PLACES, client, person
from tests.edge.test_watch import filled
from tests.web.conftest import app, visitor
from tests.web.test_releases import two

__all__ = ["app", "client", "filled", "person", "two", "visitor"]
THERE = {Role.TRUST: "trust@rj1.example", Role.DEBTORS_TEAM: "debtors_team@all.example"}


@pytest.fixture
def tokens(filled, database) -> dict[str, str]:
    """Somebody in each role, and nobody."""
    made = {"nobody": ""}
    with database.writing() as db:
        for role in Role:
            if role not in THERE:
                accounts.add_user(db, COMMAND_LINE, f"{role}@other.example", role, PLACES.get(role))
            email = THERE.get(role, f"{role}@other.example")
            made[role.value] = accounts.create_token(db, COMMAND_LINE, email)
    return made


@pytest.fixture
def ids(filled) -> dict[str, str]:
    return filled | {"organisation": "RJ1"}


@pytest.mark.parametrize("_store", ["sqlite"], indirect=True)
def test_no_call_that_the_document_allows_breaks_the_service_or_the_document(app, visitor, tokens, ids):
    few = {who: tokens[who] for who in ("debtors_team", "trust")}
    found = list(any_call.fire(visitor(Role.ADMIN, None).client, app.openapi(), few, ids, 2, 7))
    assert found == []


@pytest.mark.soak
@pytest.mark.parametrize("chosen", range(4))
def test_no_call_of_many_does(app, visitor, tokens, ids, chosen):
    found = list(any_call.fire(visitor(Role.ADMIN, None).client, app.openapi(), tokens, ids, 12, chosen))
    assert found == []


def test_every_call_says_what_it_is_for(app):
    document = app.openapi()
    every = [each for methods in document["paths"].values() for each in methods.values()]
    assert [each["operationId"] for each in every if not each.get("summary")] == []
