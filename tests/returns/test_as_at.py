"""Of which day a row speaks, and what a newer change does to it (docs/promises.md, As-at)."""

import io
from datetime import date

import openpyxl
import pytest

from app.returns import answering
from app.returns.answering import Answer
from tests.returns.conftest import Trust, at, row

REPAID = {"status": "Debt repaid", "amount_outstanding": "0"}


def test_a_late_return_never_undoes_a_newer_payment(rj1: Trust):
    rj1.send([row("1")], period="2026-09", on="2026-10-05")
    rj1.send([row("1", **REPAID, status_date="03/11/2026")], period="2026-11", on="2026-11-10")
    got = rj1.send([row("1")], period="2026-10", on="2026-11-22").return_
    assert rj1.results(got) == {2: ("unchanged", ["W09"])}
    assert rj1.debt("1").status == "repaid"


def test_an_amount_alone_does_not_move_the_status_date(rj1: Trust):
    arrangement = {"status": "Repayment arrangement", "status_date": "01/10/2026"}
    rj1.send([row("1", **arrangement)], period="2026-10")
    rj1.send([row("1", **arrangement, amount_outstanding="2000.00")], period="2026-11", on="2026-11-30")
    debt = rj1.debt("1")
    assert (debt.amount_outstanding, debt.status_date, debt.as_at) == (200000, date(2026, 10, 1), date(2026, 11, 30))


def test_older_particulars_are_left_alone_and_newer_ones_are_taken(rj1: Trust):
    rj1.send([row("1")], period="2026-10")
    rj1.send([row("1", uk_address="2 Newer Street")], period="2026-11")
    old = rj1.send([row("1", uk_address="3 Older Street")], period="2026-09").return_
    assert rj1.results(old) == {2: ("unchanged", ["W09"])}
    assert rj1.debt("1").uk_address == "2 Newer Street"


@pytest.mark.parametrize(
    "anew",
    [{"uk_address": "2 Right Street", "amount_outstanding": "900"},
     {"status": "Repayment arrangement", "status_date": "01/10/2026", "family_name": "Right", "passport_number": "Z1"}],
)  # fmt: skip
def test_an_untouched_prefilled_row_leaves_the_debt_that_was_reported_anew_under_its_number(rj1: Trust, anew):
    first = rj1.send([row("1")], on="2026-11-10").return_
    workbook = rj1.template("2026-11", on="2026-11-11")
    rj1.withdraw(first, on="2026-11-12")
    rj1.send([row("1", **anew)], on="2026-11-13")
    before = rj1.debt("1")
    got = rj1.send(workbook, period="2026-11", on="2026-11-22").return_
    assert rj1.results(got) == {2: ("unchanged", [])}
    debt = rj1.debt("1")
    assert (debt.confirmed_on, debt.held) == (date(2026, 11, 22), False)
    assert debt.model_dump(exclude={"confirmed_on"}) == before.model_dump(exclude={"confirmed_on"})


def test_an_untouched_prefilled_row_of_the_wrong_person_leaves_the_right_one_and_holds_nothing(rj1: Trust):
    rj1.send([row("1")], on="2026-11-10")
    workbook = rj1.template("2026-11", on="2026-11-20")
    right = row("1", family_name="Right", given_names="Person", date_of_birth="05/06/1970", passport_number="Z12345")
    rj1.send([right], on="2026-11-21")
    with at("2026-11-21"), rj1.database.writing() as db:
        answering.answer(db, rj1.officer, rj1.open_rows()[0].id, Answer.WRONG_PERSON_BEFORE)
    got = rj1.send(workbook, period="2026-11", on="2026-11-22").return_
    assert rj1.results(got) == {2: ("unchanged", [])}
    assert (rj1.debt("1").family_name, rj1.debt("1").held) == ("Right", False)


def test_an_edited_cell_of_a_prefilled_row_is_said_of_the_debt_that_was_reported_anew(rj1: Trust):
    first = rj1.send([row("1")], on="2026-11-10").return_
    workbook = openpyxl.load_workbook(io.BytesIO(rj1.template("2026-11", on="2026-11-11")))
    rj1.withdraw(first, on="2026-11-12")
    rj1.send([row("1", uk_address="2 Right Street", amount_outstanding="900")], on="2026-11-13")
    sheet, edited = workbook.worksheets[0], io.BytesIO()
    sheet.cell(2, next(cell.column for cell in sheet[1] if cell.value == "Amount outstanding (£)"), 700)
    workbook.save(edited)
    assert rj1.send(edited.getvalue(), period="2026-11", on="2026-11-22").return_.changed == 1
    assert (rj1.debt("1").amount_outstanding, rj1.debt("1").uk_address) == (70000, "2 Right Street")


def test_a_late_return_from_before_the_patient_was_told_holds_no_debt(rj1: Trust):
    rj1.send([row("1")], period="2026-10")
    late = rj1.send([row("1", patient_informed="No")], period="2026-08").return_
    assert rj1.results(late) == {2: ("unchanged", ["W09"])}
    assert not rj1.debt("1").held


def test_an_untouched_prefilled_row_is_unchanged_without_a_word_and_confirms_the_debt(rj1: Trust):
    rj1.send([row("1")], period="2026-10", on="2026-11-05")
    workbook = rj1.template("2026-11", on="2026-11-20")
    rj1.send([row("1", **REPAID, status_date="15/11/2026")], period="2026-10", on="2026-11-21")
    got = rj1.send(workbook, period="2026-11", on="2026-11-22").return_
    assert rj1.results(got) == {2: ("unchanged", [])}
    assert (rj1.debt("1").status, rj1.debt("1").confirmed_on) == ("repaid", date(2026, 11, 22))


def test_a_correction_by_a_later_return_for_the_same_month_goes_before_the_table_of_moves(rj1: Trust):
    rj1.send([row("1")], period="2026-09", on="2026-10-05")
    rj1.send([row("1", **REPAID, status_date="20/10/2026")], period="2026-10", on="2026-11-01")
    got = rj1.send([row("1")], period="2026-10", on="2026-11-02").return_
    assert rj1.results(got)[2][0] == "changed"
    debt = rj1.debt("1")
    assert (debt.status, debt.status_date, debt.amount_outstanding) == ("outstanding", None, 255000)


def test_a_later_month_cannot_reopen_what_was_repaid(rj1: Trust):
    rj1.send([row("1")], period="2026-09", on="2026-10-05")
    rj1.send([row("1", **REPAID, status_date="20/10/2026")], period="2026-10", on="2026-11-01")
    got = rj1.send([row("1")], period="2026-11", on="2026-11-22").return_
    assert rj1.results(got) == {2: ("rejected", ["R14"])}


def test_a_clerks_slip_in_the_name_is_a_correction_and_another_person_is_not(rj1: Trust):
    rj1.send([row("1")])
    slip = rj1.send([row("1", family_name="Exampel")], period="2026-11").return_
    assert rj1.results(slip)[2][0] == "changed"
    other = rj1.send(
        [row("1", family_name="Person", given_names="Other", date_of_birth="01/02/1950", passport_number="Z99999")],
        period="2026-11",
    ).return_
    assert rj1.results(other) == {2: ("rejected", ["R16"])}


def test_another_person_without_a_passport_never_takes_over_a_known_invoice_which_is_held(rj1: Trust):
    rj1.send([row("1")])
    another = row(
        "1", family_name="Person", given_names="Other", date_of_birth="01/02/1950", nationality="India",
        passport_number="",
    )  # fmt: skip
    assert rj1.results(rj1.send([another], period="2026-11").return_) == {2: ("rejected", ["R16"])}
    debt = rj1.debt("1")
    assert (debt.family_name, debt.nationality, debt.passport_number, debt.held) == (
        "Example", "NGA", "A0000001", True,
    )  # fmt: skip


def test_a_prefilled_row_that_is_typed_over_with_another_person_is_sent_back_when_the_passport_is_cleared(rj1: Trust):
    rj1.send([row("1")], on="2026-11-10")
    workbook = openpyxl.load_workbook(io.BytesIO(rj1.template("2026-11", on="2026-11-20")))
    sheet, typed_over = workbook.worksheets[0], io.BytesIO()
    column = {cell.value: cell.column for cell in sheet[1]}
    another = {"Family name": "Person", "Given names": "Other", "Date of birth": "01/02/1950",
               "Passport or travel document number": None}  # fmt: skip
    for heading, value in another.items():
        sheet.cell(2, column[heading]).value = value
    workbook.save(typed_over)
    got = rj1.send(typed_over.getvalue(), period="2026-11").return_
    assert rj1.results(got) == {2: ("rejected", ["R16"])}
    assert (rj1.debt("1").family_name, rj1.debt("1").held) == ("Example", True)


def test_a_missing_or_blank_optional_cell_leaves_what_is_held(rj1: Trust):
    rj1.send([row("1")])
    got = rj1.send([row("1", uk_address="", uk_postcode="", sex="")], period="2026-11").return_
    assert rj1.results(got) == {2: ("unchanged", [])}
    assert rj1.debt("1").uk_address == "1 Example Street, London"


def test_a_payment_before_the_reporting_day_is_taken_from_a_later_return_for_the_same_month(rj1: Trust):
    rj1.send([row("1")], period="2026-10")
    got = rj1.send([row("1", **REPAID, status_date="20/10/2026")], period="2026-10").return_
    assert rj1.results(got)[2][0] == "changed"
    assert (rj1.debt("1").status, rj1.debt("1").status_date) == ("repaid", date(2026, 10, 20))
