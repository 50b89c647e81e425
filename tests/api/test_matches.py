"""The queue of possible matches over HTTP, decisions about it, and that no trust learns of any of it."""

from datetime import date

import pytest
from sqlmodel import select

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.audit.models import AuditAction, AuditEvent
from tests.api.conftest import Person, row, workbook

ADA = {"family_name": "Okonkwo", "given_names": "Ada", "date_of_birth": date(1985, 7, 3), "passport_number": "A7654321"}
SWAPPED = {**ADA, "date_of_birth": date(1985, 3, 7)}


@pytest.fixture
def match(ovm: Person, other_ovm: Person, team: Person) -> dict:
    """A patient whom two trusts reported, one of them with day and month of birth swapped."""
    assert ovm.upload(workbook(row(1, **ADA), row(3))).status_code == 201
    assert other_ovm.upload(workbook(row(2, **SWAPPED)), organisation="RYJ").status_code == 201
    (found,) = team.get("/possible-matches").json()["items"]
    return found


def decide(person: Person, match: dict, decision: str, was: str | None = None):
    return person.post(f"/possible-matches/{match['id']}", {"decision": decision, **({"was": was} if was else {})})


def test_an_upload_puts_a_likely_match_into_the_queue_with_both_persons_and_the_reasons(match):
    assert match["state"] == "open"
    assert "Day and month of birth swapped." in match["reasons"]
    assert [[debt["organisation"] for debt in side["debts"]] for side in match["persons"]] == [["RJ1"], ["RYJ"]]
    assert match["persons"][0]["debts"][0]["passport_number"] == "A7654321"


def test_after_a_join_both_ids_answer_with_the_older_and_parting_gives_both_back(match, team, ovm, database):
    older, younger = (side["debtor_id"] for side in match["persons"])
    joined = decide(team, match, "same")
    assert (joined.status_code, joined.json()["state"], joined.json()["decision"]) == (200, "decided", "same")
    found = team.get(f"/debtors/{younger}").json()
    assert (found["id"], len(found["debts"])) == (older, 2)
    assert found == team.get(f"/debtors/{older}").json()
    assert [(one["kind"], one["match_id"]) for one in found["joins"]] == [("decided", match["id"])]
    listed = team.get("/debts").json()["items"]
    assert [debt["debtor_id"] for debt in listed].count(older) == 2
    assert team.get("/possible-matches").json()["items"] == []
    parted = decide(team, match, "different", was="same")
    assert (parted.status_code, parted.json()["decision"]) == (200, "different")
    assert [team.get(f"/debtors/{each}").json()["id"] for each in (older, younger)] == [older, younger]
    with database.reading() as db:
        events = db.exec(select(AuditEvent).where(AuditEvent.action == AuditAction.MATCH_DECIDED).order_by("id")).all()
    assert [(event.detail["was"], event.detail["decision"]) for event in events] == [
        ("open", "same"), ("same", "different"),
    ]  # fmt: skip


def test_one_may_change_ones_own_decision(match, team):
    for decision in ("same", "different", "different", "unsure", "same"):
        assert decide(team, match, decision).status_code == 200
    assert decide(team, match, "different", was="unsure").status_code == 409


def test_a_decision_about_what_was_decided_meanwhile_is_409_with_the_present_state(match, team, client, database):
    assert decide(team, match, "different").status_code == 200
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, "second@team.example", "debtors_team")
        other = Person(client, accounts.create_token(db, COMMAND_LINE, "second@team.example"))
    for was in (None, "open"):
        answer = decide(other, match, "same", was)
        assert (answer.status_code, answer.json()["state"], answer.json()["decision"]) == (409, "decided", "different")
        assert answer.json()["decided_by"]
        assert "`was`" in answer.json()["detail"]
    assert decide(other, match, "same", was="different").status_code == 200


def test_what_is_unsure_stays_in_the_queue_and_lists_come_by_state_in_pages(match, team, other_ovm):
    assert decide(team, match, "unsure").json()["state"] == "unsure"
    other_ovm.upload(workbook(row(2, **SWAPPED), row(4, **ADA | {"passport_number": "B1111111"})), organisation="RYJ")
    lists = {
        state: team.get("/possible-matches", state=state).json()["items"] for state in ("open", "unsure", "decided")
    }
    assert [one["id"] for one in lists["unsure"]] == [match["id"]]
    assert lists["decided"] == []
    everything = team.get("/possible-matches").json()["items"]
    first = team.get("/possible-matches", limit=1).json()
    rest = team.get("/possible-matches", cursor=first["next"]).json()["items"]
    assert [*first["items"], *rest] == everything
    assert [one["score"] for one in everything] == sorted((one["score"] for one in everything), reverse=True)


@pytest.mark.parametrize("cursor", ["x", "YWJj", "OTk5OTktMQ"])
def test_a_cursor_that_we_never_gave_is_422(team, cursor):
    assert team.get("/possible-matches", cursor=cursor).status_code == 422


def test_a_match_that_is_not_there_is_404_and_an_unknown_decision_422(team, match):
    assert decide(team, {"id": "0" * 32}, "same").status_code == 404
    assert decide(team, match, "perhaps").status_code == 422
    assert decide(team, match, "same", was="perhaps").status_code == 422


def test_a_trust_learns_from_no_answer_that_its_patient_owes_elsewhere(match, team, ovm, other_ovm):
    """Every answer about the debt is the same, to the byte, before and after its patient is joined with another trust's."""
    debt = ovm.get("/debts").json()["items"][0]
    sent = ovm.get("/returns").json()["items"][0]["id"]
    paths = ("/debts", f"/debts/{debt['id']}", "/returns", f"/returns/{sent}", f"/returns/{sent}/findings",
             "/open-rows")  # fmt: skip
    before = [ovm.get(path).content for path in paths]
    decide(team, match, "same")
    after = [ovm.get(path).content for path in paths]
    assert after == before
    assert all(word not in b"".join(after) for word in (b"debtor_id", b"match", b"RYJ"))
    changed = ovm.get("/debts", changed_since="2026-11-23").json()["items"]
    assert changed == [], "joining is no change of a debt"
    for side in match["persons"]:
        assert ovm.get(f"/debtors/{side['debtor_id']}").status_code == 403
    assert ovm.get("/possible-matches").status_code == 403
    assert decide(ovm, match, "different", was="same").status_code == 403
