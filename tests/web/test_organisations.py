"""Organisations: what each role sees of one, and what an administrator changes by the rules of an import."""

import pytest

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from tests.web.conftest import Browser, said

FACTS = {"name": "RJ1 Renamed", "open-day": "1", "open-month": "4", "open-year": "1993"}


@pytest.fixture
def admin(visitor) -> Browser:
    return visitor(Role.ADMIN)


def test_the_list_is_chosen_by_nation_and_by_open_or_closed(admin):
    assert "3 organisations" in said(admin.get("/organisations", nation="England"))
    assert "1 organisation" in said(admin.get("/organisations", nation="Wales"))
    assert "No organisation is in this list" in said(admin.get("/organisations", nation="France"))


def test_facts_are_changed_and_the_change_is_told(admin):
    answer = admin.follow(admin.post("/organisations/RJ1/change", FACTS))
    assert "RJ1 Renamed" in said(answer)
    assert "Opened 1 April 1993" in said(answer)
    assert "Facts changed: name, open date" in said(answer)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Enter the name"),
        ({"close-day": "31", "close-month": "2", "close-year": "2026"}, "The closing date must be a real date"),
        ({"close-day": "1", "close-month": "1", "close-year": "1990"}, "before it opened on 1993-04-01"),
        ({"successor": "RYJ"}, "RJ1 needs both"),
        ({"successor": "XXX", "since-day": "1", "since-month": "4", "since-year": "2026"}, "XXX of RJ1 is not known"),
    ],
)
def test_facts_that_contradict_each_other_change_nothing(admin, changes, words):
    answer = admin.post("/organisations/RJ1/change", FACTS | changes)
    assert (answer.status_code, words in said(answer), "Line" in said(answer)) == (422, True, False)
    assert "RJ1 Renamed" not in said(admin.get("/organisations/RJ1"))


def test_an_obligation_is_set_with_its_reason_and_ended(admin):
    fields = {"from": "2026-01", "to": "", "reason": "agreed"}
    answer = admin.follow(admin.post("/organisations/RYJ/obligation", fields))
    assert "From January 2026 on" in said(answer)
    assert "Obligation set: from 2026-01, reason agreed" in said(answer)
    answer = admin.follow(admin.post("/organisations/RYJ/obligation", fields | {"to": "2026-09"}))
    assert "From January 2026 to September 2026" in said(answer)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"from": ""}, "Enter the first month"),
        ({"from": "October"}, "is not a month"),
        ({"to": "2025-12"}, "The last month is before the first"),
        ({"reason": ""}, "Choose the reason"),
    ],
)
def test_an_obligation_that_cannot_be_is_shown_again(admin, changes, words):
    answer = admin.post("/organisations/RYJ/obligation", {"from": "2026-01", "to": "", "reason": "agreed"} | changes)
    assert (answer.status_code, words in said(answer)) == (422, True)


def test_a_trust_reads_its_own_page_and_no_other(visitor):
    trust = visitor(Role.TRUST)
    words = said(trust.get("/organisations/RJ1"))
    assert "Returns of the last 12 months" in words
    assert "Change the facts" not in words
    others, absent = trust.get("/organisations/RYJ"), trust.get("/organisations/NONE")
    assert (others.status_code, others.text) == (404, absent.text)
    assert trust.get("/organisations/RJ1/change").status_code == 403


def test_a_manager_is_named_on_the_page_with_the_people_of_the_trust(visitor, database):
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, "ovm@rj1.example", "trust", "RJ1")
        accounts.add_user(db, COMMAND_LINE, "manager@nhs.example", "lpm", "RJ1")
    words = said(visitor(Role.DEBTORS_TEAM).get("/organisations/RJ1"))
    assert "Local Partnership Manager manager@nhs.example Officers ovm@rj1.example" in words


def test_an_administrator_does_not_see_who_has_submitted(admin):
    assert "Returns of the last 12 months" not in said(admin.get("/organisations/RJ1"))


@pytest.mark.parametrize("role", [Role.BOARD, Role.AUDITOR, Role.BORDER])
def test_whoever_needs_no_organisation_reads_none(visitor, role):
    assert visitor(role).get("/organisations/RJ1").status_code == 403
