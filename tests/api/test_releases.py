"""Releases by API: prepared, listed, and read beside their sources, by the Debtors Team alone."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from app.accounts.permissions import Role
from app.releases import forgetting
from app.releases.models import ReleaseLine
from tests.api.conftest import row, workbook

MONTHLY = {"scope": "full", "recipient": "MIDAS", "purpose": "Monthly load"}


def test_a_release_is_prepared_and_its_sample_is_shown_beside_its_source(ovm, team):
    ovm.upload(workbook(row(1), row(2)))
    made = team.post("/releases", MONTHLY)
    assert made.status_code == 201
    told = made.json()
    assert {key: told[key] for key in ("number", "state", *MONTHLY, "approved_by", "compared_with", "taken_out", "files")} == {
        **MONTHLY, "number": 1, "state": "checking", "approved_by": None, "compared_with": None, "taken_out": [], "files": [],
    }  # fmt: skip
    assert told["counts"]["by_status"] == {"outstanding": {"lines": 2, "amount_outstanding": "5001.00"}}
    one = told["sample"][0]
    assert (one["line"], one["organisation"], one["correct"]) == (1, "RJ1", None)
    assert one["source"]["return_reference"] == "DR-2026-10-RJ1-01" and one["source"]["row"] == 2
    assert one["source"]["cells"]["Invoice number"] == one["values"]["Invoice number"] == "INV00001"
    assert (one["source"]["cells"]["Invoice date"], one["values"]["Invoice date"]) == ("02/06/2026", "2026-06-02")
    assert "case 1" not in made.text
    assert team.get(f"/releases/{told['id']}").json() == told


def test_releases_are_listed_newest_first_and_in_pages(team):
    first = team.post("/releases", MONTHLY).json()
    assert team.get("/releases").json()["next"] is None
    (listed,) = team.get("/releases", limit=1).json()["items"]
    assert listed["id"] == first["id"] and "sample" not in listed


def test_lines_come_in_pages_of_one_change(ovm, team):
    ovm.upload(workbook(row(1), row(2), row(3)))
    id_ = team.post("/releases", MONTHLY).json()["id"]
    page = team.get(f"/releases/{id_}/lines", change="new", limit=2).json()
    rest = team.get(f"/releases/{id_}/lines", change="new", limit=2, cursor=page["next"]).json()
    assert [line["invoice_number"] for line in page["items"] + rest["items"]] == ["INV00001", "INV00002", "INV00003"]
    assert (rest["next"], page["items"][0]["differences"]) == (None, [])
    assert team.get(f"/releases/{id_}/lines", change="removed").json()["items"] == []
    assert team.get(f"/releases/{id_}/lines", cursor="YWJj").status_code == 422
    assert team.get(f"/releases/{id_}/lines", change="other").status_code == 422


def test_a_line_that_is_forgotten_is_still_listed_without_what_it_said(ovm, team, database):
    ovm.upload(workbook(row(1), row(2)))
    made = team.post("/releases", MONTHLY).json()
    with database.writing() as db:
        debt_id = db.exec(select(ReleaseLine.debt_id).where(ReleaseLine.line == 1)).one()
        forgetting.of_debts(db, [debt_id], datetime(2028, 11, 22, 12, tzinfo=UTC))
    then = "2028-11-22T12:00:00Z"
    gone, there = team.get(f"/releases/{made['id']}/lines").json()["items"]
    assert (gone["invoice_number"], gone["differences"], gone["forgotten_at"]) == (None, [], then)
    assert (there["invoice_number"], there["forgotten_at"]) == ("INV00002", None)
    told = team.get(f"/releases/{made['id']}").json()["sample"]
    assert [(one["values"] == {}, one["source"] is None, one["forgotten_at"]) for one in told] == [
        (True, True, then), (False, False, None),
    ]  # fmt: skip


def test_a_second_open_release_is_a_conflict_that_names_the_first(team):
    team.post("/releases", MONTHLY)
    answer = team.post("/releases", MONTHLY)
    assert answer.status_code == 409 and "Release 1 for MIDAS is still being checked" in answer.json()["detail"]


@pytest.mark.parametrize(
    "wrong", [{"scope": "everything"}, {"recipient": " "}, {"purpose": ""}, {"recipient": "x" * 201}, {"more": 1}]
)
def test_a_release_needs_a_scope_a_recipient_and_a_purpose(team, wrong):
    assert team.post("/releases", MONTHLY | wrong).status_code == 422
    assert team.get("/releases").json()["items"] == []


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.DEBTORS_TEAM}))
def test_nobody_else_learns_whether_there_is_a_release(person, team, role):
    id_ = team.post("/releases", MONTHLY).json()["id"]
    somebody = person(role)
    there, absent = somebody.get(f"/releases/{id_}"), somebody.get(f"/releases/{'0' * 32}")
    assert (there.status_code, there.content) == (403, absent.content)
