"""Open rows: mended through the rejection workbook, closed with a reason, answered."""

import contextlib
import io
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest

from app.core.errors import Conflict, Refused
from app.returns import answering, open_rows, queries, rejection_workbook
from app.returns.answering import Answer
from tests.returns.conftest import Trust, at, row


def answer(trust: Trust, given: Answer):
    (open_,) = trust.open_rows()
    with at("2026-11-22"), trust.database.writing() as db:
        return answering.answer(db, trust.officer, open_.id, given)


def rejections(trust: Trust, return_) -> bytes:
    with at("2026-11-22"), trust.database.reading() as db:
        stamp, rows = queries.rejection_stamp(db, return_), queries.rejected_rows(db, return_)
    return rejection_workbook.workbook(stamp, rows, on=return_.reporting_day)


def test_the_rejection_workbook_sent_back_as_it_is_is_rejected_for_the_same_reasons(rj1: Trust):
    got = rj1.send([row("1", date_of_birth=""), row("2", nationality="Frnace"), row("3")]).return_
    again = rj1.send(rejections(rj1, got)).return_
    assert (again.read, again.rejected) == (2, 2)
    assert sorted(rj1.codes(again)) == ["R01", "R06"]
    assert len(rj1.open_rows()) == 2


def test_a_mended_row_closes_its_open_row_whatever_its_invoice_number(rj1: Trust):
    got = rj1.send([row("1", date_of_birth="")]).return_
    book = openpyxl.load_workbook(io.BytesIO(rejections(rj1, got)))
    sheet = book.worksheets[0]
    column = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, column["Date of birth"], "27/03/1985")
    sheet.cell(2, column["Invoice number"], "1-corrected")
    mended = io.BytesIO()
    book.save(mended)
    assert rj1.send(mended.getvalue(), period="2026-11").return_.new == 1
    assert rj1.open_rows() == []


def test_a_debt_repaid_before_the_service_is_taken_when_the_trust_says_so(rj1: Trust):
    rj1.send([row("1", status="Debt repaid", status_date="01/10/2026", amount_outstanding="0")])
    answer(rj1, Answer.REPORTED_BEFORE_SERVICE)
    assert rj1.debt("1").status == "repaid"
    assert rj1.open_rows() == []


def test_the_wrong_person_before_is_withdrawn_and_the_right_one_opened(rj1: Trust):
    rj1.send([row("1")])
    rj1.send(
        [row("1", family_name="Right", given_names="Person", date_of_birth="05/06/1970", passport_number="Z12345")]
    )
    answer(rj1, Answer.WRONG_PERSON_BEFORE)
    assert [(debt.family_name, debt.status, debt.withdrawal_reason) for debt in rj1.debts()] == [
        ("Example", "withdrawn", "wrong_person"), ("Right", "outstanding", None),
    ]  # fmt: skip
    assert rj1.debts()[0].debtor_id != rj1.debts()[1].debtor_id


def test_a_confirmed_address_goes_through_when_it_is_sent_again(rj1: Trust):
    rj1.send([row("1", uk_address="HIV House, Chemotherapy Lane")])
    answer(rj1, Answer.IS_AN_ADDRESS)
    assert rj1.send([row("1", uk_address="HIV House, Chemotherapy Lane")]).return_.new == 1
    assert rj1.open_rows() == []


def test_the_same_file_is_judged_anew_once_after_an_answer_and_is_then_the_same_return(rj1: Trust):
    rows = [row("1", uk_address="HIV House, Chemotherapy Lane", date_of_birth=""), row("2")]
    first = rj1.send(rows)
    assert not rj1.send(rows).created
    answer(rj1, Answer.IS_AN_ADDRESS)
    anew = rj1.send(rows)
    assert anew.created and rj1.results(anew.return_)[2] == ("rejected", ["R01"])
    again = [rj1.send(rows) for _ in range(2)]
    assert [(each.created, each.return_.id) for each in again] == [(False, anew.return_.id)] * 2
    assert first.return_.id != anew.return_.id


def test_a_further_question_about_the_same_row_is_answered_once_too(rj1: Trust):
    rj1.send([row("1", uk_address="HIV House, Chemotherapy Lane")])
    answer(rj1, Answer.IS_AN_ADDRESS)
    rows = [row("1", uk_address="HIV House, Chemotherapy Lane", overseas_address="Diagnosis Road")]
    second = rj1.send(rows)
    assert rj1.codes(second.return_) == ["R17"]
    assert [rj1.send(rows).created for _ in range(2)] == [False, False]


def test_the_earlier_facts_may_stand(rj1: Trust):
    rj1.send([row("1")])
    rj1.send([row("1", nationality="France")])
    answer(rj1, Answer.EARLIER_FACTS_STAND)
    assert rj1.open_rows() == [] and rj1.debt("1").nationality == "NGA"


def test_an_answer_to_a_question_that_was_not_asked_is_a_conflict(rj1: Trust):
    rj1.send([row("1", date_of_birth="")])
    with pytest.raises(Conflict):
        answer(rj1, Answer.IS_AN_ADDRESS)


def test_a_row_is_closed_once_with_a_reason(rj1: Trust):
    rj1.send([row("1", date_of_birth="")])
    (left,) = rj1.open_rows()
    with at("2026-11-22"), rj1.database.writing() as db:
        open_rows.close(db, rj1.officer, left.id, "the patient has paid")
    assert rj1.open_rows() == []
    with pytest.raises(Conflict), at("2026-11-22"), rj1.database.writing() as db:
        open_rows.close(db, rj1.officer, left.id, "again")


def test_an_answer_that_is_not_enough_says_what_else_is_wrong_and_changes_nothing(rj1: Trust):
    rj1.send([row("1", status="Debt repaid", status_date="01/10/2026", amount_outstanding="0", nationality="France")])
    with pytest.raises(Refused) as refused:
        answer(rj1, Answer.REPORTED_BEFORE_SERVICE)
    assert "Nothing was changed" in refused.value.detail and "Nationality" in refused.value.detail
    assert len(rj1.open_rows()) == 1 and rj1.debts() == []


def test_answers_and_uploads_at_the_same_moment_wait_for_each_other(rj1: Trust):
    rows = [row(str(number), status="Debt repaid", status_date="01/10/2026", amount_outstanding="0")
            for number in range(8)]  # fmt: skip
    rj1.send(rows)

    def take(open_row_id: str) -> None:
        replaced_first = contextlib.suppress(Conflict)  # by the upload
        with replaced_first, at("2026-11-22"), rj1.database.writing() as db:
            answering.answer(db, rj1.officer, open_row_id, Answer.REPORTED_BEFORE_SERVICE)

    with ThreadPoolExecutor(8) as people:
        answered = [people.submit(take, each.id) for each in rj1.open_rows()]
        sent = [people.submit(rj1.send, [*rows, row(f"new {number}")]) for number in range(4)]
    for each in (*answered, *sent):
        each.result()
    left = {each.invoice_number for each in rj1.open_rows()} | {debt.invoice_number for debt in rj1.debts()}
    assert left == {str(number) for number in range(8)} | {f"new {number}" for number in range(4)}


def mended(data: bytes, **cells: str) -> bytes:
    """The workbook with these cells of its first row typed anew, by heading with _ for each space."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    column = {cell.value: cell.column for cell in sheet[1]}
    for heading, text in cells.items():
        sheet.cell(2, column[heading.replace("_", " ")], text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_that_is_mended_a_second_time_closes_the_row_that_stands_by_then(rj1: Trust):
    first = mended(rejections(rj1, rj1.send([row("A", date_of_birth="")]).return_), Date_of_birth="31/02/1985")
    rj1.send(first, period="2026-11")
    whole = mended(first, Date_of_birth="27/03/1985", Invoice_number="A-corrected")
    assert rj1.send(whole, period="2026-11").return_.new == 1
    assert rj1.open_rows() == []


def test_a_row_without_a_number_that_comes_back_again_and_again_is_open_once_and_closes_when_it_is_mended(rj1: Trust):
    first = mended(rejections(rj1, rj1.send([row("")]).return_), Date_of_birth="31/02/1985")
    newer = rejections(rj1, rj1.send(first, period="2026-11").return_)
    for again in (mended(first, Family_name="Exx"), mended(newer, Family_name="Exy"), mended(first, Family_name="Exz")):
        assert rj1.send(again, period="2026-11").return_.rejected == 1
        assert len(rj1.open_rows()) == 1
    assert rj1.send(mended(newer, Date_of_birth="27/03/1985", Invoice_number="A7"), period="2026-11").return_.new == 1
    assert rj1.open_rows() == []


def test_the_workbook_of_a_return_that_was_taken_back_closes_the_row_that_is_open_again_since(rj1: Trust):
    first = mended(rejections(rj1, rj1.send([row("")]).return_), Date_of_birth="31/02/1985")
    again = rj1.send(first, period="2026-11").return_
    newer = rejections(rj1, again)
    rj1.withdraw(again)
    rj1.send(mended(newer, Date_of_birth="27/03/1985", Invoice_number="A7"), period="2026-11")
    assert rj1.open_rows() == []


def test_a_row_that_was_accepted_and_comes_back_from_an_old_workbook_is_open_once(rj1: Trust):
    first = rejections(rj1, rj1.send([row("")]).return_)
    rj1.send(mended(first, Invoice_number="A7"), period="2026-11")
    for wrong in ("Exx", "Exy"):
        rj1.send(mended(first, Family_name=wrong), period="2026-11")
    assert len(rj1.open_rows()) == 1
