"""Status checks over HTTP: exact answers, the same shape for none, 429 with the time to wait, nothing else to be read."""

import pytest
from sqlmodel import select

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.audit.models import AuditAction, AuditEvent
from app.settings import get_settings
from tests.api.conftest import ORGANISATIONS, row, workbook

ASKED = {"family_name": "Okonkwob", "date_of_birth": "1970-01-03", "passport_number": "A0000001", "reason": "arrival"}
CONTACT = {"office": "Overseas visitors office", "purpose": "urgent_checks", "phone": "020 7946 0123"}


@pytest.fixture
def officer(person):
    return person(Role.BORDER)


def test_an_exact_question_is_answered_with_what_is_owed_and_whom_to_ask(ovm, officer):
    ovm.upload(workbook(row(1), row(2)))
    assert ovm.post("/organisations/RJ1/contacts", CONTACT).status_code == 201
    answer = officer.post("/status-checks", ASKED | {"passport_number": " a 0000001"})
    assert answer.status_code == 200
    body = answer.json()
    assert body["reference"].startswith("SC-") and body["as_at"].startswith("2026-11-22T") and body["words"] is None
    assert body["items"] == [
        {
            "status": "outstanding", "amount_outstanding": "2500.50", "words": "Debt outstanding: £2,500.50 is owed.",
            "last_confirmed": "2026-10-31", "unconfirmed": False, "held": False, "caution": None,
            "organisation": "RJ1 Trust", "contact_words": None,
            "contact": {"organisation": "RJ1 Trust", "office": "Overseas visitors office", "phone": "020 7946 0123",
                        "email": None, "hours": None},
        }
    ]  # fmt: skip
    for told in ("Okonkwo", "A0000001", "INV0", "1970", "ND-", "debtor"):
        assert told not in answer.text


def test_without_an_exact_match_the_answer_is_200_of_the_same_shape_and_says_what_it_means(ovm, officer):
    ovm.upload(workbook(row(1)))
    found, none = (
        officer.post("/status-checks", ASKED),
        officer.post("/status-checks", ASKED | {"family_name": "Okonkwo"}),
    )
    assert (found.status_code, none.status_code) == (200, 200)
    assert set(found.json()) == set(none.json())
    assert none.json()["items"] == [] and none.json()["words"].startswith("No debt matches exactly")


def test_without_a_contact_the_answer_says_whom_else_to_ask(ovm, officer):
    ovm.upload(workbook(row(1)))
    (one,) = officer.post("/status-checks", ASKED).json()["items"]
    assert one["contact"] is None and "Ask the NHS Debtors Team" in one["contact_words"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"family_name": ""}, "family_name is empty"),
        ({"family_name": None}, "family_name"),
        ({"family_name": "Oko\u0000nkwo"}, "family_name"),
        ({"family_name": "x" * 81}, "family_name is longer"),
        ({"date_of_birth": "03/01/1970"}, "date_of_birth"),
        ({"date_of_birth": "2030-01-01"}, "in the future"),
        ({"passport_number": None}, "one of the two"),
        ({"invoice_number": "INV00001"}, "one of the two"),
        ({"passport_number": "--"}, "letters and digits"),
        ({"reason": "tracing"}, "reason"),
        ({"reason": "other"}, "case reference"),
        ({"case_reference": "Ada Okonkwo"}, "A name does not belong here"),
        ({"given_names": "Ada"}, "given_names"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_and_names_what_to_mend(officer, database, changes, words):
    answer = officer.post("/status-checks", ASKED | changes)
    assert (answer.status_code, words in answer.json()["detail"]) == (422, True), answer.json()
    with database.reading() as db:
        assert db.exec(select(AuditEvent).where(AuditEvent.action == AuditAction.STATUS_CHECKED)).all() == []


def test_who_asks_too_often_is_told_how_long_to_wait_and_the_try_is_recorded(officer, database, monkeypatch):
    monkeypatch.setenv("DEBTOR_RETURNS_STATUS_CHECKS_PER_HOUR", "1")
    get_settings.cache_clear()
    assert officer.post("/status-checks", ASKED).status_code == 200
    answer = officer.post("/status-checks", ASKED)
    assert (answer.status_code, answer.json()["title"]) == (429, "Too many requests")
    assert 3500 < int(answer.headers["retry-after"]) <= 3600
    assert "Ask again in 60 minutes" in answer.json()["detail"]
    with database.reading() as db:
        kept = db.exec(select(AuditEvent).where(AuditEvent.action == AuditAction.STATUS_CHECKED).order_by("id")).all()
    assert [event.outcome for event in kept] == ["done", "refused"]
    assert "Okonkwo" not in str([event.detail for event in kept])


def test_an_officer_reads_nothing_but_answers(ovm, officer):
    ovm.upload(workbook(row(1)))
    debt = ovm.get("/debts").json()["items"][0]["id"]
    for path in ("/debts", f"/debts/{debt}", "/consolidated.csv", "/submissions", "/organisations/RJ1/contacts"):
        assert officer.get(path).status_code == 403, path
    assert officer.get("/status-checks").status_code == 405


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.BORDER])
def test_nobody_else_may_ask(person, role):
    assert person(role).post("/status-checks", ASKED).status_code == 403


def test_a_trust_keeps_its_own_contacts_and_no_other_learns_of_them(ovm, other_ovm, person):
    made = ovm.post("/organisations/RJ1/contacts", CONTACT | {"email": "Office@RJ1.example", "hours": "8am to 8pm"})
    assert (made.status_code, made.json()["email"]) == (201, "office@rj1.example")
    ovm.post("/organisations/RJ1/contacts", CONTACT | {"office": "Cashiers", "purpose": "debts"})
    listed = ovm.get("/organisations/RJ1/contacts").json()
    assert [one["office"] for one in listed["items"]] == ["Overseas visitors office", "Cashiers"]
    assert person(Role.LPM).get("/organisations/RJ1/contacts").json() == listed
    for code in ("RJ1", "NOPE", "1%00"):
        assert other_ovm.get(f"/organisations/{code}/contacts").status_code == 404
        assert other_ovm.post(f"/organisations/{code}/contacts", CONTACT).status_code == 404
    assert ovm.post("/organisations/OLD/contacts", CONTACT).status_code == 201  # its predecessor
    assert person(Role.LPM).post("/organisations/RJ1/contacts", CONTACT).status_code == 403


def test_whoever_may_read_another_organisation_by_a_second_role_still_keeps_only_their_own(ovm, database):
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, "trust@rj1.example", Role.LPM, "RYJ")
    assert ovm.get("/organisations/RYJ/contacts").status_code == 200
    assert ovm.post("/organisations/RYJ/contacts", CONTACT).status_code == 404


def test_an_administrator_keeps_any(person, database):
    admin = person(Role.ADMIN)
    for code in ORGANISATIONS:
        assert admin.post(f"/organisations/{code}/contacts", CONTACT).status_code == 201
    with database.reading() as db:
        kept = db.exec(select(AuditEvent).where(AuditEvent.action == AuditAction.CONTACT_ADDED).order_by("id")).all()
    assert {event.organisation_code for event in kept} == set(ORGANISATIONS)


@pytest.mark.parametrize(
    "changes", [{"phone": None}, {"phone": "call us"}, {"purpose": "x"}, {"office": ""}, {"email": "x"}, {"more": "x"}]
)
def test_a_contact_that_reaches_nobody_is_refused(ovm, changes):
    answer = ovm.post("/organisations/RJ1/contacts", CONTACT | changes)
    assert answer.status_code == 422 and answer.json()["detail"]
    assert ovm.get("/organisations/RJ1/contacts").json()["items"] == []
