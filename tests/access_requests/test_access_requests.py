"""Everything held on a person: complete for whom it is for, and nothing that is another's (UK GDPR Article 15)."""

import json
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from sqlmodel import select

from app.access_requests import document, service
from app.access_requests.record import Record
from app.accounts.access import Actor, Grant
from app.accounts.permissions import Role
from app.audit.models import AuditEvent
from app.core.errors import NotFound, Refused
from app.debts import service as debts
from app.debts import warnings_index
from app.debts.filters import DebtFilter
from app.debts.matches import State
from app.debts.service import Move
from app.disputes.rules.cases import Answer, Outcome
from app.releases import live
from app.releases.live import Output
from app.return_template.choices import Status
from app.returns import amending
from app.returns.models import OpenRow
from app.status_checks import service as status_checks
from app.status_checks.rules.question import Question
from tests.debts.test_joins import decide
from tests.disputes.conftest import TODAY, Desk
from tests.old_register.conftest import Office, line
from tests.returns.conftest import MakeTrust, Trust, at, row

SAME = {"given_names": "Ada", "passport_number": "A7654321"}
ELSEWHERE = SAME | {"uk_address": "77 Otherwhere Road", "your_reference": "secret case", "site": "St Example's"}


def everywhere(trust: Trust, team: Actor, number: str = "1", request: str = "SAR-17") -> Record:
    with at(TODAY):
        return service.of_debtor(trust.database, team, trust.debt(number).debtor_id, request)


def own(trust: Trust, number: str = "1", actor: Actor | None = None) -> Record:
    with at(TODAY):
        return service.of_own_debt(trust.database, actor or trust.officer, trust.debt(number).id, "SAR-17")


def data(record: Record) -> dict[str, Any]:
    return json.loads(document.as_json(record))


def test_each_debt_is_told_as_its_own_trust_reported_it_with_its_return_and_row(hospital: MakeTrust, team: Actor):
    one, other = hospital("RJ1"), hospital("RYJ")
    one.send([row("0"), row("1", **SAME)])
    other.send([row("2", **ELSEWHERE)])
    first, second = data(everywhere(one, team))["debts"]
    assert [each["invoice_number"] for each in (first, second)] == ["1", "2"]
    assert (first["uk_address"], second["uk_address"]) == ("1 Example Street, London", "77 Otherwhere Road")
    (source,) = second["sources"]
    assert (source["source"], source["row"], source["sent_by"]) == ("DR-2026-10-RYJ-01", 2, "")
    assert first["invoice_amount"] == "2550.00" and first["date_of_birth"] == "1985-03-27"


def test_what_a_trust_keeps_for_itself_stands_in_its_own_answer_alone(hospital: MakeTrust, team: Actor):
    other = hospital("RYJ")
    other.send([row("2", **ELSEWHERE)])
    theirs, ours = data(everywhere(other, team, "2"))["debts"][0], data(own(other, "2"))["debts"][0]
    assert not {"site", "your_reference"} & set(theirs)
    assert (ours["site"], ours["your_reference"]) == ("St Example's", "secret case")
    assert "secret case" not in document.as_html(everywhere(other, team, "2"))


def test_a_trusts_own_answer_tells_of_no_debt_elsewhere(hospital: MakeTrust, team: Actor):
    one, other = hospital("RJ1"), hospital("RYJ")
    one.send([row("1", **SAME), row("3", **SAME), row("4", passport_number="A1")])
    other.send([row("2", **ELSEWHERE)])
    made = own(one)
    assert [debt.invoice_number for debt in made.debts] == ["1", "3"]
    assert "Otherwhere" not in document.as_html(made) and "debtor_id" not in document.as_json(made)


def test_a_namesake_with_another_passport_is_another_person(rj1: Trust, team: Actor):
    rj1.send([row("1", **SAME), row("2", **SAME | {"passport_number": "B1111111"})])
    assert [debt.invoice_number for debt in own(rj1).debts] == ["1"]


def test_a_debt_without_a_passport_number_brings_nobody_of_another_passport_into_the_answer(rj1: Trust):
    """It fits both and is the older's, as in the register."""
    rj1.send([
        row("1", **SAME, uk_address="11 First Road"), row("2", **SAME | {"passport_number": ""}),
        row("3", **SAME | {"passport_number": "Q2222222"}, uk_address="33 Third Road"),
    ])  # fmt: skip
    assert [debt.invoice_number for debt in own(rj1, "2").debts] == ["1", "2"]
    assert [debt.invoice_number for debt in own(rj1, "1").debts] == ["1", "2"]
    assert [debt.invoice_number for debt in own(rj1, "3").debts] == ["3"]
    assert "33 Third Road" not in document.as_html(own(rj1, "2"))
    assert "11 First Road" not in document.as_html(own(rj1, "3"))


@pytest.mark.parametrize("number", ["1", "2", "3"])
def test_a_person_whose_debts_agree_one_by_one_is_told_of_all_of_them(rj1: Trust, number: str):
    """Two by the passport, two by the name; a third passport under the same name is somebody else."""
    rj1.send([
        row("1", **SAME), row("2", **SAME | {"given_names": "Adah"}), row("3", given_names="Adah", passport_number=""),
        row("4", given_names="Adah", passport_number="Q2222222"),
    ])  # fmt: skip
    assert [debt.invoice_number for debt in own(rj1, number).debts] == ["1", "2", "3"]


def test_two_debts_that_only_a_third_elsewhere_ties_together_stay_apart_in_a_trusts_answer(
    hospital: MakeTrust, team: Actor
):
    one, other = hospital("RJ1"), hospital("RYJ")
    one.send(
        [row("1", given_names="Ada", passport_number="A7654321"), row("3", given_names="Adah", passport_number="")]
    )
    other.send([row("2", given_names="Adah", passport_number="A7654321")])
    assert [debt.invoice_number for debt in own(one).debts] == ["1"]
    assert len(everywhere(one, team).debts) == 3
    assert {each["why"] for each in data(everywhere(one, team))["joined"]} == {"The particulars agree exactly"}
    assert "joined" not in data(own(one)) and "possible_matches" not in data(own(one))


def test_decisions_about_who_is_who_are_told_and_nothing_of_the_other_person(hospital: MakeTrust, team: Actor):
    one, other = hospital("RJ1"), hospital("RYJ")
    one.send([row("1"), row("2")])
    other.send([row("3", uk_address="77 Otherwhere Road")])
    decide(one, team, ("1", "2"), State.SAME)
    decide(one, team, ("1", "3"), State.DIFFERENT)
    made = everywhere(one, team)
    assert [debt.invoice_number for debt in made.debts] == ["1", "2"]
    told = {each["decision"]: (each["decided_by"], each["reasons"]) for each in data(made)["possible_matches"]}
    assert told["Another person"] == ("Debtors Team", None)
    assert told["The same person"][0] == "Debtors Team" and told["The same person"][1]
    assert "Otherwhere" not in document.as_html(made)


def test_all_that_happened_is_in_it_and_to_whom_it_was_given(desk: Desk, team: Actor):
    trust = desk.trust
    trust.send([row("1")])
    with trust.database.writing() as db:
        warnings_index.carried(db, datetime(2026, 11, 1, 12, tzinfo=UTC), [trust.debt("1").id])
    with at(TODAY):
        live.write(trust.database, team, DebtFilter(), Output.CSV, "Monthly load", "MIDAS", {}).unlink()
        with trust.database.writing() as db:
            amending.amend(db, trust.officer, trust.debt("1").id, {"given_names": "Adaeze"})
            debts.change_status(
                db, trust.officer, trust.debt("1").id, Move(Status.ARRANGEMENT, date(2026, 11, 20), 100000)
            )
    desk.settle(desk.answer(desk.open("1"), Answer.STANDS, "We looked."), Outcome.NOT_UPHELD, "The record is right.")
    (debt,) = data(everywhere(trust, team))["debts"]
    assert [each["what"] for each in debt["history"]][:2] == [
        "First reported as Debt outstanding",
        "Given names corrected",
    ]
    assert [each["action"] for each in debt["warnings_index"]] == ["Flag added", "Flag removed"]
    assert [(each["recipient"], each["purpose"]) for each in debt["given_to"]] == [
        ("Warnings Index", "Flag added"), ("MIDAS", "Monthly load"), ("Warnings Index", "Flag removed"),
    ]  # fmt: skip
    (hold,) = debt["holds"]
    assert hold["why"] == "The person says that the record is wrong: The debt is paid" and hold["until"]
    (dispute,) = debt["disputes"]
    assert (dispute["answer_note"], dispute["outcome"]) == ("We looked.", "Not upheld")
    page = unescape(document.as_html(everywhere(trust, team)))
    for words in ("SAR-17", "£2,550.00", "27 March 1985", "Nigeria", "Given names corrected", "MIDAS", "We looked."):
        assert words in page, words


def test_what_stood_there_before_a_correction_is_told_as_long_as_it_is_held(rj1: Trust, team: Actor):
    rj1.send([row("1", uk_address="12 Former Lane", nationality="Ghana", your_reference="old case"), row("2")])
    changed = {"uk_address": "99 New Road", "nationality": "NGA", "date_of_birth": date(1985, 3, 28),
               "invoice_amount": 260000, "ni_number": "QQ123456C", "your_reference": "new case"}  # fmt: skip
    with at(TODAY), rj1.database.writing() as db:
        amending.amend(db, rj1.officer, rj1.debt("1").id, changed)
    theirs, ours = data(everywhere(rj1, team))["debts"][0], data(own(rj1))["debts"][0]
    told = {each["detail"]: (each["before"], each["after"]) for each in ours["details_changed"]}
    assert told == {
        "Invoice amount": ("2550.00", "2600.00"), "Date of birth": ("1985-03-27", "1985-03-28"),
        "Nationality": ("Ghana", "Nigeria"), "UK address": ("12 Former Lane", "99 New Road"),
        "National Insurance number": (None, "QQ123456C"), "Your reference": ("old case", "new case"),
    }  # fmt: skip
    assert [each for each in ours["details_changed"] if each["detail"] != "Your reference"] == theirs["details_changed"]
    assert "old case" not in document.as_html(everywhere(rj1, team))
    for words in ("12 Former Lane", "27 March 1985", "£2,550.00"):
        assert words in document.as_html(everywhere(rj1, team)), words
    assert data(everywhere(rj1, team, "2"))["debts"][0]["details_changed"] == []


def test_a_debt_of_the_register_before_this_service_says_so_and_what_a_return_said_since(
    office: Office, hospital: MakeTrust, team: Actor
):
    office.load([line("1", nationality="French")])
    one = hospital("RJ1")
    one.send([row("1", given_names="Ada 1", invoice_date="14/06/2024", amount_outstanding="1100.00")])
    (debt,) = data(everywhere(one, team))["debts"]
    assert debt["sources"][0]["source"] == "The register before this service, IMP-2026-11-01"
    assert [each["source"] for each in debt["sources"][1:]] == ["DR-2026-10-RJ1-01"]
    assert "in the register before this service (R07)" in debt["holds"][0]["why"]


def test_a_status_check_that_spoke_of_it_is_told_with_who_asked_and_why(rj1: Trust, team: Actor):
    rj1.send([row("1"), row("2")])
    border = Actor(team.id, "Border", (Grant(Role.BORDER),))
    question = Question("Example", date(1985, 3, 27), "arrival", passport_number="A0000001")
    with at(TODAY), rj1.database.writing() as db:
        status_checks.check(db, border, question)
    (check,) = data(everywhere(rj1, team))["debts"][0]["status_checks"]
    assert (check["asked_by"], check["reason"]) == ("Debtors Team", "A person is stopped on arrival at a port")
    assert data(everywhere(rj1, team, "2"))["debts"][0]["status_checks"] == []


def test_rows_that_were_sent_back_are_for_their_trust_alone(hospital: MakeTrust, team: Actor):
    one, other = hospital("RJ1"), hospital("RYJ")
    one.send([row("1", **SAME)])
    one.send([
        row("1", **SAME | {"nationality": "France"}),
        row("5", **SAME, date_of_birth="31/02/1985", uk_address="5 Back Street"),
        row("6", given_names="Somebody", date_of_birth="?", uk_address="6 Strange Street"),
    ])  # fmt: skip
    other.send([row("7", **ELSEWHERE, date_of_birth="?")])
    rows = data(own(one))["rows_sent_back"]
    assert [each["row"] for each in rows] == [2, 3]
    assert "5 Back Street" in rows[1]["cells"] and "31/02/1985" in rows[1]["what_to_fix"]
    assert "Strange" not in document.as_html(own(one)) and "Otherwhere" not in document.as_html(own(one))
    told = document.as_html(everywhere(one, team))
    assert "5 Back Street" not in told and "France" not in told
    assert "answers requests about these itself" in told


def test_rows_that_went_back_and_were_not_kept_open_are_told_as_long_as_their_return_keeps_them(hospital: MakeTrust):
    """Too young to report yet, and a repeat: nothing for the trust to mend, and yet held."""
    one, other = hospital("RJ1"), hospital("RYJ")
    young = SAME | {"invoice_date": "20/10/2026"}
    sent = one.send([
        row("1", **SAME), row("2", **young, uk_address="22 Young Road"), row("1", **SAME),
        row("4", invoice_date="20/10/2026", uk_address="6 Strange Street"),
    ]).return_  # fmt: skip
    other.send([row("7", **young, uk_address="77 Otherwhere Road")])
    one.send([row("5", **SAME, date_of_birth="31/02/1985")], period="2026-09")
    assert sent is not None and [open_.row for open_ in one.open_rows()] == [2], "the first return left none open"
    rows = data(own(one))["rows_sent_back"]
    assert [(each["return"], each["row"]) for each in rows] == [
        ("DR-2026-10-RJ1-01", 3), ("DR-2026-10-RJ1-01", 4), ("DR-2026-09-RJ1-01", 2),
    ]  # fmt: skip
    assert "22 Young Road" in rows[0]["cells"] and rows[0]["what_to_fix"] and rows[0]["opened_at"]
    assert "Strange" not in document.as_html(own(one)) and "Otherwhere" not in document.as_html(own(one))
    one.withdraw(sent)
    assert "22 Young Road" in document.as_json(own(one)), "withdrawn, and kept all the same"


def test_what_a_closed_row_says_no_more_is_told_where_its_return_still_says_it(rj1: Trust):
    rj1.send([row("1", **SAME), row("5", **SAME, date_of_birth="31/02/1985", uk_address="5 Back Street")])
    with rj1.database.writing() as db:
        for open_ in db.exec(select(OpenRow)):
            open_.cells, open_.findings, open_.emptied_at = {}, [], datetime(2026, 11, 22, tzinfo=UTC)
    (told,) = data(own(rj1))["rows_sent_back"]
    assert "5 Back Street" in told["cells"] and "31/02/1985" in told["what_to_fix"]


def test_markup_in_a_name_is_shown_as_text(rj1: Trust, team: Actor):
    rj1.send([row("1", given_names="<script>alert(1)</script>")])
    assert "<script" not in document.as_html(everywhere(rj1, team))


def test_the_document_needs_nothing_from_anywhere(rj1: Trust, team: Actor):
    rj1.send([row("1")])
    page = document.as_html(everywhere(rj1, team))
    assert not any(word in page for word in ("src=", "href=", "url(", "@import", "http"))


def test_references_of_several_persons_answer_for_all_and_unknown_ones_are_named(hospital: MakeTrust, team: Actor):
    one, other = hospital("RJ1"), hospital("RYJ")
    one.send([row("1", **SAME), row("4", passport_number="A1")])
    other.send([row("2", **ELSEWHERE)])
    wanted = [one.debt("2").reference.lower(), one.debt("4").reference]
    with at(TODAY):
        made = service.of_references(one.database, team, wanted, "SAR-17")
        assert sorted(debt.invoice_number for debt in made.debts) == ["1", "2", "4"]
        with pytest.raises(Refused, match="There is no debt ND-0000"):
            service.of_references(one.database, team, ["ND-0000"], "SAR-17")


def test_it_is_recorded_with_the_reference_of_the_request_and_nothing_else(rj1: Trust, team: Actor):
    rj1.send([row("1")])
    everywhere(rj1, team)
    own(rj1)
    with rj1.database.reading() as db:
        events = db.exec(select(AuditEvent).where(AuditEvent.action == "person:access-request").order_by("id")).all()
    assert [(event.subject_type, event.detail) for event in events] == [
        ("debtor", {"request": "SAR-17", "debts": 1}), ("debt", {"request": "SAR-17", "debts": 1}),
    ]  # fmt: skip


@pytest.mark.parametrize("request_", ["", "  ", "x" * 41, "a\nb"])
def test_without_a_reference_nothing_is_told(rj1: Trust, team: Actor, request_: str):
    rj1.send([row("1")])
    with pytest.raises(Refused):
        everywhere(rj1, team, request=request_)


def test_nobody_gets_what_is_not_theirs(hospital: MakeTrust, team: Actor):
    one, other = hospital("RJ1"), hospital("RYJ")
    one.send([row("1")])
    with pytest.raises(NotFound):
        own(one, actor=other.officer)
    with pytest.raises(NotFound):
        own(one, actor=team)
    with pytest.raises(NotFound):
        everywhere(one, one.officer)
