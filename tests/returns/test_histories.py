"""A debt's history in words: what happened, when, by whom and from which return."""

from datetime import date

import pytest
from sqlmodel import update

from app.accounts.models import User
from app.debts import service
from app.debts.service import Move
from app.return_template.choices import Status
from app.returns import amending
from app.returns.histories import Told, history_of
from tests.returns.conftest import Trust, at, hospital, rj1, row  # noqa: F401

TODAY = date(2026, 11, 22)


@pytest.fixture
def reported(rj1: Trust) -> Trust:  # noqa: F811
    with rj1.database.writing() as db:
        db.exec(update(User).values(name="Olu Officer"))
    rj1.send([row("1")], on="2026-11-01")
    return rj1


def move(trust: Trust, status: Status, pence: int, **more: object) -> None:
    with at("2026-11-22"), trust.database.writing() as db:
        service.change_status(db, trust.officer, trust.debt("1").id, Move(status, TODAY, pence, **more))  # type: ignore[arg-type]


def told(trust: Trust) -> list[Told]:
    with trust.database.reading() as db:
        return history_of(db, trust.debt("1"))


def words(trust: Trust) -> list[str]:
    return [each.words for each in told(trust)]


def test_a_report_names_its_return_its_row_and_who_sent_it(reported: Trust):
    (first,) = told(reported)
    assert (first.source, first.by) == ("DR-2026-10-RJ1-01, row 2", "Olu Officer")
    assert (first.event.kind, first.event.amount_outstanding) == ("reported", 255000)
    assert first.effective_on == date(2026, 10, 31)
    assert first.words == "First reported as Debt outstanding"


def test_payments_moves_and_corrections_are_told_as_they_happened(reported: Trust):
    move(reported, Status.OUTSTANDING, 100050)
    move(reported, Status.ARRANGEMENT, 100050)
    move(reported, Status.REPAID, 0)
    move(reported, Status.ARRANGEMENT, 100050, correction=True)
    move(reported, Status.WITHDRAWN, 100050, reason="patient_exempt")
    said = words(reported)
    assert said[1:4] == [
        "£1,549.50 paid: £1,000.50 left",
        "Status changed from Debt outstanding to Repayment arrangement",
        "Status changed from Repayment arrangement to Debt repaid",
    ]
    assert said[4] == "Status corrected to Repayment arrangement"
    assert said[5].endswith("to Withdrawn - reported in error")
    last = told(reported)[-1]
    assert (last.source, last.event.reason) == ("person", "patient_exempt")


def test_corrected_particulars_are_named_by_their_headings(reported: Trust):
    with at("2026-11-22"), reported.database.writing() as db:
        changes = {"uk_address": "2 Example Street", "date_of_birth": date(1985, 3, 28), "other_names": "Grace"}
        amending.amend(db, reported.officer, reported.debt("1").id, changes)
    assert words(reported)[-1] == "Other names, Date of birth, UK address: corrected"


def test_what_a_withdrawn_return_had_said_is_told_as_undone(reported: Trust):
    later = reported.send([row("1", amount_outstanding="700.00", other_names="Grace")], period="2026-11").return_
    reported.withdraw(later)
    undone = [each.words for each in told(reported) if each.event.kind == "undone"]
    assert sorted(undone) == [
        "Other names: put back, as the return was withdrawn",
        "Put back to Debt outstanding, as the return was withdrawn",
    ]
