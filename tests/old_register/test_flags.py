"""Flags that were on before this service: the feed tells each of them once, whatever becomes of its row."""

from datetime import date

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from app.debts import service
from app.debts.models import WarningsIndexEvent
from app.debts.service import Move
from app.old_register.rules.understanding import Flags
from app.return_template.choices import Status
from app.returns import amending, answering
from app.returns.answering import Answer
from tests.old_register.conftest import Office, line, mended
from tests.returns.conftest import Trust, at, row


def paid(trust: Trust, number: str, on: str = "2026-11-23") -> None:
    with at(on), trust.database.writing() as db:
        move = Move(Status.REPAID, date.fromisoformat(on), 0)
        service.change_status(db, trust.officer, trust.debt(number).id, move)


def test_a_flag_that_was_on_by_the_status_is_still_on_when_its_row_is_mended_whatever_is_mended(
    office: Office, rj1: Trust, tmp_path
):
    office.load([line("1", amount="", left=""), line("2", left="lots"), line("3", status="pending"),
                 line("4", status="Payment plan", left="lots")])  # fmt: skip
    book = office.findings(tmp_path).read_bytes()
    amount, status = "Amount outstanding (£)", "Debt status"
    book = mended(book, "1", **{amount: 900})
    book = mended(book, "2", **{amount: 0, status: "Debt repaid"})
    book = mended(book, "3", **{status: "Debt outstanding"})
    office.load(mended(book, "4", **{amount: 900}))
    assert office.feed() == [("add", "1"), ("add", "2"), ("add", "3"), ("remove", "2")]
    paid(rj1, "1")
    assert office.feed()[-1] == ("remove", "1")


def test_where_no_flag_was_on_none_is_on_in_the_rows_to_be_mended(office: Office, tmp_path):
    office.load([line("1", left="lots"), line("2", status="pending")], flags=Flags.NONE)
    book = mended(office.findings(tmp_path).read_bytes(), "1", **{"Amount outstanding (£)": 900})
    office.load(mended(book, "2", **{"Debt status": "Debt outstanding"}))
    assert (office.numbers(), office.feed()) == (["1", "2"], [])


def test_a_column_that_tells_the_flags_is_told_again_in_the_rows_to_be_mended(office: Office, tmp_path):
    flags = {"1": "Yes", "2": "", "3": "12/03/2019"}
    office.load([line(number, left="lots", flag=flag) for number, flag in flags.items()])
    book = office.findings(tmp_path).read_bytes()
    for number in flags:
        book = mended(book, number, **{"Amount outstanding (£)": 900})
    office.load(book)
    assert office.feed() == [("add", "1"), ("add", "3")]


def test_a_debt_of_an_earlier_file_is_left_as_it_is_when_a_further_file_has_it_too(office: Office, rj1: Trust):
    office.load([line("1", flag="Yes"), line("2", flag="Yes"), line("3", flag="No")])
    paid(rj1, "1")
    with at("2026-11-23"), office.database.writing() as db:
        amending.amend(db, rj1.officer, office.debt("2").id, {"date_of_birth": date(1985, 3, 28)})
    told = [("add", "1"), ("add", "2"), ("remove", "1"), ("remove", "2")]
    assert office.feed() == told
    office.load([line("1"), line("2"), line("3"), line("4")], on="2026-11-24")
    assert office.feed() == [*told, ("add", "4")]


def test_a_flag_that_was_taken_over_and_is_off_since_is_not_taken_over_again(office: Office, rj1: Trust):
    rj1.send([row("1", given_names="Ada 1")])
    office.load([line("1")])
    paid(rj1, "1")
    assert office.feed() == [("add", "1"), ("remove", "1")]
    office.load([line("1"), line("2")], on="2026-11-24")
    assert office.feed() == [("add", "1"), ("remove", "1"), ("add", "2")]


@pytest.mark.parametrize("flags", [("No", "Yes"), ("Yes", "No"), ("Yes", "Yes")])
def test_of_rows_alike_one_is_loaded_with_the_flag_that_any_of_them_says_is_on(office: Office, flags):
    french = {"nationality": "French"}
    office.load([line("1", flag=flags[0]), line("2", flag=flags[0], **french),
                 line("1", flag=flags[1]), line("2", flag=flags[1], **french)])  # fmt: skip
    assert sorted(office.feed()) == [("add", "1"), ("add", "2"), ("remove", "2")]
    assert (office.debt("1").flagged, office.debt("2").held) == (True, True)


def test_the_flag_of_a_repeat_goes_with_the_row_that_counts_when_it_is_that_which_is_mended(office: Office, tmp_path):
    office.load([line("1", left="lots", flag="No"), line("1", left="lots", flag="Yes")])
    book = load_workbook(office.findings(tmp_path))
    book.worksheets[0].delete_rows(3)
    book.save(tmp_path / "one.xlsx")
    office.load(mended((tmp_path / "one.xlsx").read_bytes(), "1", **{"Amount outstanding (£)": 900}))
    assert office.feed() == [("add", "1")]


def test_nobody_is_flagged_because_the_old_register_has_somebody_else_under_the_number(
    office: Office, rj1: Trust, tmp_path
):
    rj1.send([row("1", family_name="Rightly")])
    other = {"family": "Otherly", "given": "Bob", "born": "01/02/1950", "passport": "X9999999"}
    summary = office.load([line("1", **other)])
    assert (summary.counts()["rejected"], office.feed(), office.debt("1").flagged) == (1, [], False)
    book = load_workbook(office.findings(tmp_path))
    said = str(book.worksheets[0].cell(2, 2).value)
    assert f'"Otherly" is not the person of {office.debt("1").reference}' in said
    assert "Its flag on the Warnings Index stays on" in said
    office.load(mended((tmp_path / "findings.xlsx").read_bytes(), "1", **{"Invoice number": "11"}))
    assert (office.debt("11").family_name, office.feed()) == ("Otherly", [("add", "11")])


def test_the_flag_goes_to_whom_it_was_of_where_the_trust_withdrew_the_wrong_person(office: Office, rj1: Trust):
    rj1.send([row("1", given_names="Ada 1")])
    rj1.send([row("1", family_name="Otherly", given_names="Bob", date_of_birth="01/02/1950", passport_number="X1")])
    (open_row,) = rj1.open_rows()
    with at("2026-11-21T12:00"), office.database.writing() as db:
        answering.answer(db, rj1.officer, open_row.id, Answer.WRONG_PERSON_BEFORE)
    office.load([line("1")])
    assert office.feed() == [("add", "1"), ("remove", "1")]
    with office.database.reading() as db:
        assert {event.family_name for event in db.exec(select(WarningsIndexEvent))} == {"Example"}
