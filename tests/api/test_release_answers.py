"""A recipient's answer over the API: taken from the Debtors Team, and seen by the trust whose debts went back."""

import pytest

from app.accounts.permissions import Role
from app.core import clock
from tests.api.conftest import row, workbook
from tests.releases.released import answer, references, release


def send(somebody, id_: str, data: bytes, **more: str):
    return somebody.call("POST", f"/releases/{id_}/acknowledgement", files={"file": ("answer.csv", data)}, data=more)


@pytest.fixture
def released(ovm, other_ovm, database) -> str:
    """Two debts of RJ1 and one of RYJ have left."""
    ovm.upload(workbook(row(1), row(2)))
    other_ovm.upload(workbook(row(3)), organisation="RYJ")
    with database.writing() as db:
        return release(db).id


def test_rejected_lines_are_back_at_their_trust_and_nowhere_else(ovm, other_ovm, team, released, database):
    ref = references(database)
    lines = [(ref["INV00001"], "rejected", "no match"), (ref["INV00002"], "loaded", "")]
    got = send(team, released, answer(*lines))
    assert got.status_code == 200
    assert got.json() == {"release": released, "number": 1, "loaded": 1, "rejected": 1, "unanswered": 1}
    assert send(team, released, answer(*lines)).json() == got.json()
    (open_,) = ovm.get("/open-rows").json()["items"]
    assert (open_["origin"], open_["invoice_number"], open_["return_reference"]) == (
        "acknowledgement", "INV00001", "DR-2026-10-RJ1-01",
    )  # fmt: skip
    assert "no match" in str(open_["findings"])
    assert other_ovm.get("/open-rows").json()["items"] == []
    assert "no match" not in team.get("/open-rows").text
    assert [other_ovm.post(f"/open-rows/{open_['id']}/close", {"reason": "x"}).status_code] == [404]


def test_the_funnel_tells_what_became_of_the_lines(team, released, database):
    ref = references(database)
    send(team, released, answer((ref["INV00001"], "rejected", "no match"), (ref["INV00003"], "loaded")))
    found = team.get(f"/releases/{released}/funnel").json()
    assert (found["sent"], found["loaded"], found["rejected"], found["unanswered"], found["mended"]) == (3, 1, 1, 1, 0)
    assert [(one["organisation"], one["rejected"]) for one in found["organisations"]] == [("RJ1", 1), ("RYJ", 0)]


def test_faults_are_told_by_line_and_nothing_is_taken(team, released, database):
    ref = references(database)
    got = send(team, released, answer((ref["INV00001"], "loaded"), ("X", "loaded")))
    assert got.status_code == 422 and "Line 3: no release has given this reference." in got.json()["detail"]
    assert team.get(f"/releases/{released}/funnel").json()["unanswered"] == 3


def test_nobody_but_the_debtors_team_answers(person, released):
    for role in set(Role) - {Role.DEBTORS_TEAM, Role.TRUST}:
        assert send(person(role), released, answer(("x", "loaded"))).status_code == 403


def test_an_earlier_answer_is_replaced_only_by_a_file_that_says_so(ovm, team, released, database):
    ref = references(database)
    send(team, released, answer((ref["INV00001"], "rejected", "no match"), (ref["INV00002"], "loaded")))
    other = answer((ref["INV00001"], "loaded"), (ref["INV00002"], "rejected", "no match"))
    got = send(team, released, other)
    assert got.status_code == 422 and got.json()["detail"].count("answered otherwise before") == 2
    assert send(team, released, other, replaces="true").status_code == 200
    assert [open_["invoice_number"] for open_ in ovm.get("/open-rows").json()["items"]] == ["INV00002"]
    assert send(team, released, other, replaces="perhaps").status_code == 422


def test_patching_the_debt_or_ending_it_mends_what_came_back(ovm, team, released, database):
    ref = references(database)
    send(team, released, answer(*((ref[f"INV0000{n}"], "rejected", "no match") for n in (1, 2))))
    ids = {debt["invoice_number"]: debt["id"] for debt in ovm.get("/debts").json()["items"]}
    assert ovm.call("PATCH", f"/debts/{ids['INV00001']}", json={"passport_number": "B7654321"}).status_code == 200
    repaid = {"status": "repaid", "status_date": clock.today().isoformat(), "amount_outstanding": "0.00"}
    assert ovm.post(f"/debts/{ids['INV00002']}/status", repaid).status_code == 200
    assert ovm.get("/open-rows").json()["items"] == []
    found = team.get(f"/releases/{released}/funnel").json()
    assert (found["rejected"], found["mended"], found["to_mend"], found["ended"]) == (2, 2, 0, 0)
