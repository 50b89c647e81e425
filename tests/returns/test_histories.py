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
from tests.returns.conftest import Trust, at, hospital, rj1, row

__all__ = ["hospital", "rj1"]

TODAY = date(2026, 11, 22)


@pytest.fixture
def reported(rj1: Trust) -> Trust:
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
    assert words(reported)[1:] == [
        "£1,549.50 paid: £1,000.50 left; status date is now 22 November 2026",
        "Status changed from Debt outstanding to Repayment arrangement",
        "Status changed from Repayment arrangement to Debt repaid",
        "Status corrected from Debt repaid to Repayment arrangement",
        "Status changed from Repayment arrangement to Withdrawn - reported in error, because the patient was exempt",
    ]
    last = told(reported)[-1]
    assert (last.source, last.event.reason) == ("person", "patient_exempt")


def test_a_payment_after_a_change_of_status_is_told_as_a_payment(reported: Trust):
    move(reported, Status.ARRANGEMENT, 255000)
    move(reported, Status.ARRANGEMENT, 100000)
    assert words(reported)[1:] == [
        "Status changed from Debt outstanding to Repayment arrangement",
        "£1,550.00 paid: £1,000.00 left",
    ]


def test_a_corrected_amount_is_no_payment_and_another_reason_is_told(reported: Trust):
    move(reported, Status.OUTSTANDING, 200000, correction=True)
    move(reported, Status.WITHDRAWN, 200000)
    move(reported, Status.WITHDRAWN, 200000, reason="duplicate")
    assert words(reported)[1].startswith("Amount outstanding corrected from £2,550.00 to £2,000.00")
    assert words(reported)[3] == "Reason for withdrawing is now that it was reported twice"


def test_corrected_particulars_are_named_by_their_headings(reported: Trust):
    with at("2026-11-22"), reported.database.writing() as db:
        changes = {"uk_address": None, "date_of_birth": date(1985, 3, 28), "other_names": "Grace", "sex": "male"}
        amending.amend(db, reported.officer, reported.debt("1").id, changes)
    assert words(reported)[-1] == "Other names added; Date of birth and Sex corrected; UK address removed"


def test_what_a_withdrawn_return_had_said_is_told_as_undone(reported: Trust):
    later = reported.send([row("1", amount_outstanding="700.00", other_names="Grace")], period="2026-11").return_
    reported.withdraw(later)
    undone = [each.words for each in told(reported) if each.event.kind == "undone"]
    assert undone == [
        "A return was withdrawn: amount outstanding corrected from £700.00 to £2,550.00",
        "A return was withdrawn: Other names removed",
    ]


def test_a_debt_whose_first_return_was_withdrawn_says_so(reported: Trust):
    reported.withdraw(reported.send([row("3")], period="2026-09").return_)
    with reported.database.reading() as db:
        said = [each.words for each in history_of(db, reported.debt("3"))]
    assert said[1] == (
        "A return was withdrawn: status changed from Debt outstanding to Withdrawn - reported in error, "
        "because the invoice was raised in error"
    )
