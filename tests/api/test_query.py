"""What stands in an address: each name once, and no name that the call does not know, on every call alike."""

from collections.abc import Iterator

import pytest

from app.accounts.permissions import Role
from app.api.routes import Call
from tests.api.conftest import PERIOD, Person, row, workbook
from tests.api.test_access import CALLS, TABLE, address, named


@pytest.fixture
def allowed(person) -> list[tuple[Call, Person]]:
    """Every call with somebody who may call it."""
    people = {role: person(role) for role in Role}
    return [(call, people[min(TABLE[named(call)])]) for call in CALLS]


def declared(document: dict, call: Call) -> Iterator[str]:
    operation = document["paths"][call.path][call.method.lower()]
    return (each["name"] for each in operation.get("parameters", ()) if each["in"] == "query")


@pytest.mark.parametrize("_store", ["sqlite"], indirect=True)
def test_every_call_names_the_parameter_that_it_does_not_know(allowed):
    for call, somebody in allowed:
        answer = somebody.call(call.method, address(call), params={"colour": "red"})
        said = answer.json()
        assert (answer.status_code, said["detail"]) == (422, "colour is not a field of this call."), named(call)
        assert said["errors"] == [{"field": "colour", "problem": "is not a field of this call"}], named(call)


@pytest.mark.parametrize("_store", ["sqlite"], indirect=True)
def test_every_call_names_the_parameter_that_stands_twice(allowed, client):
    document = client.app.openapi()
    tried = 0
    for call, somebody in allowed:
        for name in declared(document, call):
            answer = somebody.call(call.method, f"{address(call)}?{name}=1&{name}=1")
            said = (answer.status_code, answer.json()["detail"])
            assert said == (422, f"{name} stands more than once. Send it once."), named(call)
            tried += 1
    assert tried > 80


def test_a_filter_that_is_misspelt_never_widens_an_answer(ovm):
    for path, misspelt in (
        ("/returns", "organization"),
        ("/open-rows", "Organisation"),
        ("/disputes", "organisation "),
    ):
        assert ovm.get(path, **{misspelt: "RJ1"}).status_code == 422, path
    assert ovm.get("/returns", organisation="RJ1").status_code == 200


def test_who_may_not_call_is_told_nothing_of_the_parameters(nobody, ovm):
    assert nobody.get("/releases", colour="red").status_code == 401
    assert ovm.get("/releases", colour="red").status_code == 403


def test_both_mistakes_are_told_at_once_and_nothing_that_was_sent(ovm):
    answer = ovm.call("GET", "/returns?limit=Okonkwo&limit=2&colour=Okonkwo")
    assert answer.json()["detail"] == "colour is not a field of this call. limit stands more than once. Send it once."
    assert "Okonkwo" not in answer.text


def test_a_change_with_an_unknown_parameter_changes_nothing(ovm):
    nil = {"organisation": "RJ1", "period": "2026-10"}
    assert ovm.call("POST", "/returns/nil", json=nil, params={"check_only": "true"}).status_code == 422
    assert ovm.get("/returns").json()["items"] == []


@pytest.mark.parametrize("_store", ["sqlite"], indirect=True)
def test_no_list_takes_the_cursor_of_another_or_a_made_up_one(allowed, client, ovm):
    ovm.upload(workbook(row(1), row(2)))
    of_debts = ovm.get("/debts", limit=1).json()["next"]
    document, lists = client.app.openapi(), []
    needed = {"period": PERIOD, "organisation": "RJ1"}
    for call, somebody in allowed:
        names = set(declared(document, call))
        if "cursor" not in names:
            continue
        there = call.path.removeprefix("/api/v1").replace("{code}", "RJ1")
        for cursor in ("W10", of_debts):
            if (there, cursor) == ("/debts", of_debts):
                continue
            asked = {name: value for name, value in needed.items() if name in names} | {"cursor": cursor}
            status = somebody.get(there if "{" not in there else address(call), **asked).status_code
            assert status == (404 if "{" in there else 422), (there, cursor)
        lists.append(there)
    assert len(lists) > 10


def test_the_findings_of_a_return_are_not_gone_on_with_in_another(ovm):
    broken = [row(number, date_of_birth="?") for number in (1, 2)]
    one, other = (ovm.upload(workbook(*broken, row(number))).json()["id"] for number in (3, 4))
    further = ovm.get(f"/returns/{one}/findings", limit=1).json()["next"]
    assert ovm.get(f"/returns/{one}/findings", cursor=further).status_code == 200
    assert ovm.get(f"/returns/{other}/findings", cursor=further).status_code == 422


@pytest.mark.parametrize("_store", ["sqlite"], indirect=True)
def test_every_list_takes_a_limit_and_a_cursor(allowed, client):
    document = client.app.openapi()
    lists = 0
    for call, somebody in allowed:
        if call.method != "GET" or "Listing" not in str(document["paths"][call.path]["get"]["responses"]["200"]):
            continue
        lists += 1
        assert {"limit", "cursor"} <= set(declared(document, call)), named(call)
        refused = {404, 422} if "{" in call.path else {422}  # what a list belongs to is not there
        assert somebody.call("GET", address(call), params={"limit": "0"}).status_code in refused, named(call)
    assert lists > 12
