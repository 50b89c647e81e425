"""Disputes by the API: opened by the Debtors Team, answered by the trust, settled, counted, and passed on."""

import pytest

from tests.api.conftest import Person, dispute_of, row, workbook


@pytest.fixture
def debt(ovm: Person) -> str:
    """The id of a debt of RJ1."""
    ovm.upload(workbook(row(1)))
    return str(ovm.get("/debts").json()["items"][0]["id"])


def test_a_dispute_from_its_opening_to_its_settlement(debt, ovm, team):
    opened = team.post("/disputes", dispute_of(debt))
    assert opened.status_code == 201
    told = opened.json()
    assert (told["state"], told["due_on"], told["late"], told["organisation"]) == (
        "waiting",
        "2026-12-20",
        False,
        "RJ1",
    )
    line = ovm.get("/debts", held=True).json()["items"][0]
    assert (line["held"], line["disputed"]) == (True, True)
    answer = ovm.post(f"/disputes/{told['id']}/answer", {"answer": "withdrawn", "reason": "patient_exempt"})
    assert (answer.status_code, answer.json()["state"]) == (200, "answered")
    assert ovm.get(f"/debts/{debt}").json()["status"] == "withdrawn"
    settled = team.post(f"/disputes/{told['id']}/settle", {"outcome": "upheld", "note": "The patient was exempt."})
    assert (settled.json()["state"], settled.json()["outcome"]) == ("closed", "upheld")
    assert ovm.get(f"/debts/{debt}").json()["disputed"] is False
    assert ovm.get(f"/disputes/{told['id']}").json()["outcome_note"] == "The patient was exempt."


def test_a_second_dispute_about_a_debt_is_a_conflict_that_tells_how_the_first_stands(debt, team):
    team.post("/disputes", dispute_of(debt))
    again = team.post("/disputes", dispute_of(debt))
    assert (again.status_code, "due on 20 December 2026" in again.json()["detail"]) == (409, True)


def test_a_correction_comes_with_the_answer(debt, ovm, team):
    id_ = team.post("/disputes", dispute_of(debt, reason="wrong_details")).json()["id"]
    assert ovm.post(f"/disputes/{id_}/answer", {"answer": "amended"}).status_code == 422
    wrong = ovm.post(f"/disputes/{id_}/answer", {"answer": "amended", "particulars": {"nationality": "FRA"}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "R07")
    answer = ovm.post(f"/disputes/{id_}/answer", {"answer": "amended", "particulars": {"given_names": "Adaeze"}})
    assert (answer.status_code, ovm.get(f"/debts/{debt}").json()["given_names"]) == (200, "Adaeze")


@pytest.mark.parametrize(
    "wrong",
    [{"reason": "because"}, {"received_how": "pigeon"}, {"received_on": "2027-01-01"}, {"case_reference": ""},
     {"note": "x" * 501}, {"note": "a\u0000b"}, {"more": 1}, {"debt_id": "'"}],
)  # fmt: skip
def test_what_cannot_be_taken_is_422_and_holds_nothing(debt, team, wrong):
    assert team.post("/disputes", dispute_of(debt) | wrong).status_code == 422
    assert team.get(f"/debts/{debt}").json()["held"] is False


def test_a_debt_that_is_not_there_is_404(team):
    assert team.post("/disputes", dispute_of("0" * 32)).status_code == 404


def test_lists_go_by_state_in_pages_and_counts_by_organisation(ovm, team):
    ovm.upload(workbook(row(1), row(2), row(3)))
    ids = [team.post("/disputes", dispute_of(each["id"])).json()["id"] for each in ovm.get("/debts").json()["items"]]
    ovm.post(f"/disputes/{ids[0]}/answer", {"answer": "stands", "note": "No payment."})
    assert [one["id"] for one in team.get("/disputes", state="answered").json()["items"]] == ids[:1]
    first = team.get("/disputes", state="waiting", limit=1).json()
    assert [one["id"] for one in first["items"]] == ids[1:2]
    rest = team.get("/disputes", state="waiting", limit=1, cursor=first["next"]).json()
    assert ([one["id"] for one in rest["items"]], rest["next"]) == (ids[2:], None)
    team.post(f"/disputes/{ids[0]}/settle", {"outcome": "upheld", "note": "It was paid."})
    (count,) = team.get("/disputes/by-organisation").json()["items"]
    assert count == {
        "organisation": "RJ1", "name": "RJ1 Trust", "disputes": 3, "open": 2, "late": 0, "upheld": 1, "partly_upheld": 0,
        "not_upheld": 0, "debts": 3, "rate": pytest.approx(1 / 3),
    }  # fmt: skip
    assert team.post(f"/disputes/{ids[1]}/abandon", {"note": "The wrong debt."}).json()["outcome"] == "abandoned"


def test_a_recipient_is_told_of_what_was_put_right(debt, ovm, team):
    assert team.get("/consolidated.csv", purpose="Monthly load", recipient="MIDAS").status_code == 200
    assert team.get("/corrections").json() == {"items": [], "next": None}
    ovm.call("PATCH", f"/debts/{debt}", json={"date_of_birth": "1970-01-04"})
    (one,) = team.get("/corrections").json()["items"]
    assert (one["recipient"], one["changed"], one["debt_id"]) == ("MIDAS", ["Date of birth"], debt)
    told = {"recipient": "midas", "how": "email", "corrections": [{"debt_id": debt, "through": one["through"]}]}
    assert team.post("/corrections/told", told).json() == {"items": [], "next": None}
    assert team.post("/corrections/told", told).status_code == 409
