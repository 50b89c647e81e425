"""Debts on pages: a trust's list, the register, one debt, what happened to it, corrected details, the download."""

import re
from collections.abc import Callable

import pytest
from sqlmodel import select

from app.accounts import service as accounts
from app.accounts.access import Actor, Grant
from app.accounts.permissions import Role
from app.audit.models import AuditEvent
from app.core import clock
from app.core.db import Database
from app.debts import queries
from app.debts.models import Debt
from app.periods.calendar import Period
from app.returns import service as returns
from app.returns.service import Upload
from tests.web.conftest import Browser, row, said, workbook

ABSENT = "0" * 32
Visitor = Callable[..., Browser]
Report = Callable[..., list[str]]


@pytest.fixture
def ovm(visitor: Visitor) -> Browser:
    return visitor(Role.TRUST)


@pytest.fixture
def team(visitor: Visitor) -> Browser:
    return visitor(Role.DEBTORS_TEAM)


@pytest.fixture
def report(app, database: Database) -> Report:
    """An organisation reports rows; gives the ids of its debts by invoice number."""

    def send(*rows: dict, organisation: str = "RJ1") -> list[str]:
        with database.writing() as db:
            officer = accounts.add_user(db, _nobody(), f"officer@{organisation.lower()}.example", "trust", organisation)
            actor = Actor(officer.id, officer.name, (Grant(Role.TRUST, organisation, frozenset({organisation})),))
            upload = Upload(organisation, Period(2026, 10), workbook(*rows), "return.xlsx", clock.now())
            assert not returns.receive(db, actor, upload).refusal
        with database.reading() as db:
            mine = select(Debt.id).where(Debt.organisation_code == organisation).order_by(Debt.invoice_number)
            return list(db.exec(mine))

    return send


def _nobody() -> Actor:
    return Actor("command line", "command line", unlimited=True)


def debt_of(database: Database, debt_id: str) -> Debt:
    with database.reading() as db:
        found = db.get(Debt, debt_id)
        assert found is not None
        return found


def day(name: str, text: str) -> dict[str, str]:
    return {f"{name}-{part}": value for part, value in zip(("day", "month", "year"), text.split("/"), strict=True)}


def test_a_trust_sees_its_own_debts_and_nobody_elses(ovm, report):
    report(row(1), row(2))
    report(row(3), organisation="RYJ")
    words = said(ovm.get("/debts"))
    assert "INV00001" in words and "INV00002" in words and "INV00003" not in words
    assert "2 debts £5,001.00 outstanding on open debts" in words


def test_an_empty_list_says_when_debts_will_appear(ovm):
    assert "No debts have been reported yet." in said(ovm.get("/debts"))


def test_what_is_typed_to_find_a_person_never_stands_in_an_address(ovm, report):
    report(row(1), row(2))
    answer = ovm.post("/debts", {"q": "Okonkwob"})
    assert re.fullmatch(r"/debts\?search=[0-9a-f]{32}", answer.headers["location"])
    words = said(ovm.follow(answer))
    assert "INV00001" in words and "INV00002" not in words


def test_a_search_that_very_many_match_says_how_to_narrow_it(ovm, report, monkeypatch):
    monkeypatch.setattr(queries, "MOST_FOUND", 1)
    report(row(1, family_name="Example"), row(2, family_name="Example"))
    page = ovm.follow(ovm.post("/debts", {"q": "example"}))
    words = said(page)
    assert "More than 1 debts match. These are the 1 that were reported last." in words
    assert "INV00002" in words and "INV00001" not in words and "outstanding on open debts" not in words


def test_a_filter_that_very_many_of_a_large_register_match_says_how_to_narrow_it(team, report, monkeypatch):
    monkeypatch.setattr(queries, "MOST_ADDED_UP", 1)
    monkeypatch.setattr(queries, "MOST_COUNTED", 1)
    report(row(1), row(2))
    assert "2 debts" in said(team.get("/debts"))
    words = said(team.get("/debts?min_amount=1"))
    assert "More than 1 debts match. The first 1 are listed, in the order that you chose." in words
    assert "INV00002" in words and "INV00001" not in words and "Download all that match" in words


def test_the_hint_of_the_search_says_that_beginnings_of_words_are_enough(ovm):
    assert "The beginning of each word is enough" in said(ovm.get("/debts"))


def test_what_a_person_owes_altogether_is_asked_for_on_the_register_alone(ovm, team, report):
    report(row(1), row(2, amount_outstanding=600))
    words = said(team.get("/debts", min_total="2,500.50"))
    assert "INV00001" in words and "INV00002" not in words
    assert "Owed in total by the person, at least – £2,500.50" in words
    assert "The least total must be an amount" in said(team.get("/debts", min_total="much"))
    assert 'name="min_total"' not in ovm.get("/debts").text
    refused = ovm.get("/debts", min_total="1")
    assert refused.status_code == 403 and "Only the Debtors Team may use it" in said(refused)


def test_somebody_elses_search_is_not_there(ovm, team, report):
    report(row(1))
    found = ovm.post("/debts", {"q": "Okonkwob"}).headers["location"]
    assert team.get(found).status_code == 404


def test_a_search_as_long_as_a_form_takes_is_taken_at_its_word(ovm, report):
    report(row(1))
    answer = ovm.follow(ovm.post("/debts?status=repaid", {"q": "x" * 10_001}))
    assert answer.status_code == 200
    assert '<option value="repaid" selected>' in answer.text


def test_the_register_is_filtered_by_its_address_and_its_totals_match(team, report):
    report(row(1), row(2, nationality="GHA", amount_outstanding=600))
    report(row(3), organisation="RYJ")
    words = said(team.get("/debts", organisation="RJ1", nationality="Ghana", max_amount="700", older="30", held="no"))
    assert "1 debt £600.00 outstanding" in words and "INV00002" in words and "INV00001" not in words


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [("nationality", "Utopia", "Enter a country"), ("min_amount", "much", "The least amount must be an amount"),
     ("min_amount", "12,50", "The least amount must be an amount"),
     ("older", "-1", "Enter a whole number of days"), ("status", "lost", "Choose a status from the list"),
     ("changed-day", "32", "must be a real date")],
)  # fmt: skip
def test_a_filter_that_cannot_be_taken_is_told_beside_its_field(team, report, field, typed, told):
    report(row(1))
    answer = team.get("/debts", **{field: typed})
    assert answer.status_code == 422
    assert told in said(answer) and f'href="#{field}"' in answer.text
    assert "INV00001" not in said(answer)


@pytest.mark.parametrize("page", ["0", "-1", "1e3", "NaN", "9" * 20])
def test_a_page_that_cannot_be_one_is_refused(ovm, page):
    assert ovm.get("/debts", page=page).status_code == 422


def test_a_page_beyond_the_last_leads_back_to_the_first(ovm, report):
    report(row(1))
    assert "There are fewer pages than that." in said(ovm.get("/debts", page="9"))


def test_another_trusts_debt_looks_as_one_that_is_not_there(ovm, report):
    (other,) = report(row(1), organisation="RYJ")
    for path in ("/debts/{}", "/debts/{}/change", "/debts/{}/change/repaid", "/debts/{}/amend"):
        theirs, absent = ovm.get(path.format(other)), ovm.get(path.format(ABSENT))
        assert (theirs.status_code, theirs.text) == (404, absent.text)


def test_a_debts_page_says_where_it_comes_from_and_what_happened(ovm, report):
    (debt,) = report(row(1))
    words = said(ovm.get(f"/debts/{debt}"))
    assert "Return DR-2026-10-RJ1-01 , row 2, sent by officer@rj1.example" in words
    assert "First reported as Debt outstanding" in words
    assert "Your reference case 1" in words


def test_the_debtors_team_sees_the_person_but_not_what_the_trust_keeps_for_itself(team, report):
    (debt,) = report(row(1))
    words = said(team.get(f"/debts/{debt}"))
    assert "Okonkwob" in words and "All debts of this person" in words
    assert "case 1" not in words and "Correct the details" not in words


def test_only_what_may_have_happened_is_offered(ovm, database, report):
    (debt,) = report(row(1))
    assert "It is owed after all" not in said(ovm.get(f"/debts/{debt}/change"))
    ovm.post(f"/debts/{debt}/change/repaid", day("status_date", "20/11/2026"))
    words = said(ovm.get(f"/debts/{debt}/change"))
    assert "It was paid in full" not in words and "The status was recorded by mistake" in words


def test_a_payment_in_full_is_recorded(ovm, database, report):
    (debt,) = report(row(1))
    chosen = ovm.post(f"/debts/{debt}/change", {"what": "repaid"})
    assert chosen.headers["location"] == f"/debts/{debt}/change/repaid"
    answer = ovm.follow(ovm.post(f"/debts/{debt}/change/repaid", day("status_date", "20/11/2026")))
    assert "The change is recorded." in said(answer)
    assert "Status changed from Debt outstanding to Debt repaid" in said(answer)
    assert (debt_of(database, debt).status, debt_of(database, debt).amount_outstanding) == ("repaid", 0)


def test_a_part_payment_leaves_the_status_as_it_is(ovm, database, report):
    (debt,) = report(row(1))
    answer = ovm.follow(ovm.post(f"/debts/{debt}/change/part-payment", {"amount_outstanding": "2,000"}))
    assert "£500.50 paid: £2,000.00 left" in said(answer)
    assert (debt_of(database, debt).status, debt_of(database, debt).amount_outstanding) == ("outstanding", 200000)


@pytest.mark.parametrize(
    ("what", "fields", "told", "at"),
    [("repaid", {}, "Day of the payment is missing", "status_date-day"),
     ("repaid", day("status_date", "31/02/2026"), "must be a real date", "status_date-day"),
     ("repaid", day("status_date", "1/12/2026"), "The status date is in the future", "status_date-day"),
     ("part-payment", {"amount_outstanding": "2500.50"}, "Enter less than £2,500.50", "amount_outstanding"),
     ("part-payment", {"amount_outstanding": "0"}, "Nothing is left to pay", "amount_outstanding"),
     ("withdrawn", day("status_date", "20/11/2026"), "Choose a reason", "reason"),
     ("correct", day("status_date", "20/11/2026") | {"amount_outstanding": "5"}, "Choose the right status", "status")],
)  # fmt: skip
def test_what_is_wrong_with_a_change_is_told_beside_its_field(ovm, report, what, fields, told, at):
    (debt,) = report(row(1))
    answer = ovm.post(f"/debts/{debt}/change/{what}", fields)
    assert answer.status_code == 422
    assert told in said(answer) and f'href="#{at}"' in answer.text and f'id="{at}"' in answer.text
    for value in fields.values():
        assert f'value="{value}"' in answer.text


def test_a_change_that_is_not_possible_any_more_says_so(ovm, report):
    (debt,) = report(row(1))
    ovm.post(f"/debts/{debt}/change/repaid", day("status_date", "20/11/2026"))
    answer = ovm.get(f"/debts/{debt}/change/arrangement")
    assert answer.status_code == 409
    assert "The debt is “Debt repaid” now" in said(answer)


def test_the_debtors_team_reopens_a_debt_on_behalf_and_this_is_recorded(ovm, team, database, report):
    (debt,) = report(row(1))
    ovm.post(f"/debts/{debt}/change/withdrawn", day("status_date", "20/11/2026") | {"reason": "patient_exempt"})
    assert "The patient was exempt" in said(ovm.get(f"/debts/{debt}"))
    page = team.get(f"/debts/{debt}/change/reopen")
    assert "You record this on behalf of RJ1 Trust." in said(page)
    fields = day("status_date", "21/11/2026") | {"amount_outstanding": "2500.50", "reason": "still_owed"}
    assert team.post(f"/debts/{debt}/change/reopen", fields).status_code == 303
    assert debt_of(database, debt).status == "outstanding"
    with database.reading() as db:
        event = db.exec(select(AuditEvent).where(AuditEvent.action == "debt:change-status").order_by("id")).all()[-1]
    assert event.detail["on_behalf"] is True and event.detail["reason"] == "still_owed"
    assert "because the trust says that it is still owed" in said(ovm.get(f"/debts/{debt}"))


def test_what_the_team_records_for_a_trust_names_the_trusts_officer(ovm, team, report):
    (debt,) = report(row(1))
    paid = day("status_date", "20/11/2026")
    assert "Name the officer of the trust who says so" in said(team.post(f"/debts/{debt}/change/repaid", paid))
    team.post(f"/debts/{debt}/change/repaid", paid | {"declaring_officer": "Officer Example"})
    assert "declared by Officer Example" in said(ovm.get(f"/debts/{debt}"))
    assert "Officer of the trust" not in said(ovm.get(f"/debts/{debt}/change/correct"))


def test_the_team_holds_a_debt_and_the_trust_reads_why(ovm, team, report):
    (debt,) = report(row(1))
    assert "Say why the debt is held" in said(team.post(f"/debts/{debt}/hold", {"reason": ""}))
    team.post(f"/debts/{debt}/hold", {"reason": "The hospital has called"})
    page = said(ovm.get(f"/debts/{debt}"))
    assert "Why it is held" in page and "The hospital has called" in page
    assert "Release from hold" not in page
    team.post(f"/debts/{debt}/unhold", {"reason": "It is right"})
    assert "Why it is held" not in said(ovm.get(f"/debts/{debt}"))
    assert team.get(f"/debts/{debt}/unhold").status_code == 409


def test_details_are_corrected_and_an_optional_one_is_taken_away(ovm, database, report):
    (debt,) = report(row(1))
    fields = {"passport_number": "", "nationality": "Ghana"}
    answer = ovm.follow(ovm.post(f"/debts/{debt}/amend", fields | day("date_of_birth", "4/1/1970")))
    assert "The details are saved." in said(answer)
    ovm.follow(ovm.post(f"/debts/{debt}/amend", {"family_name": "Okonkwo"}))
    kept = debt_of(database, debt)
    assert (kept.family_name, kept.passport_number, kept.nationality) == ("Okonkwo", None, "GHA")
    assert str(kept.date_of_birth) == "1970-01-04"
    assert kept.given_names == "Ada", "what the form did not hold stays"


def test_each_wrong_detail_is_told_beside_its_field_in_the_words_of_the_rules(ovm, report):
    (debt,) = report(row(1))
    fields = {"family_name": "", "nationality": "Utopia", "invoice_amount": "lots"} | day("date_of_birth", "31/2/1970")
    answer = ovm.post(f"/debts/{debt}/amend", fields)
    assert answer.status_code == 422
    for field in ("family_name", "nationality", "invoice_amount", "date_of_birth-day"):
        assert f'href="#{field}"' in answer.text and f'id="{field}"' in answer.text
    assert 'value="Utopia"' in answer.text and 'value="31"' in answer.text
    assert "is not a real date. Enter it as day, month, year" in said(answer)


def test_a_correction_is_judged_as_a_return_would_be(ovm, report):
    (debt,) = report(row(1))
    answer = ovm.post(f"/debts/{debt}/amend", {"nationality": "France"})
    assert answer.status_code == 422 and 'href="#nationality"' in answer.text


def test_a_debtors_debts_stand_together_across_organisations(team, ovm, report, database):
    (one,) = report(row(1))
    report(row(1, invoice_number="X2", amount_outstanding=600), organisation="RYJ")
    debtor = debt_of(database, one).debtor_id
    words = said(team.get(f"/debtors/{debtor}"))
    assert "£3,100.50 outstanding on open debts 2 debts 2 organisations" in words
    assert ovm.get(f"/debtors/{debtor}").status_code == 403
    assert team.get(f"/debtors/{ABSENT}").status_code == 404


def test_a_download_holds_what_the_list_shows_and_says_why_it_was_made(team, database, report):
    report(row(1), row(2, nationality="GHA"))
    path = "/debts/download?nationality=Ghana"
    assert "The file holds 1 debt" in said(team.get(path))
    answer = team.post(path, {"output": "csv", "purpose": "Monthly load", "recipient": "MIDAS"})
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "INV00002" in answer.text and "INV00001" not in answer.text
    with database.reading() as db:
        event = db.exec(select(AuditEvent).where(AuditEvent.action == "register:export")).one()
    assert (event.detail["purpose"], event.detail["recipient"], event.detail["debts"]) == ("Monthly load", "MIDAS", 1)


def test_a_download_says_what_is_missing(team, report):
    report(row(1))
    answer = team.post("/debts/download", {"output": "xlsx", "purpose": "Load"})
    assert answer.status_code == 422
    assert "Say who it is for" in said(answer) and 'value="Load"' in answer.text


def test_a_trust_takes_no_register_out(ovm):
    assert ovm.get("/debts/download").status_code == 403
