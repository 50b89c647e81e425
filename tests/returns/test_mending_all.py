"""Every open row of an organisation in one workbook: mended there, uploaded, and closed one by one."""

import io
from datetime import date

import openpyxl
import pytest
from sqlmodel import update

from app.core.errors import NotFound
from app.debts import service
from app.debts.service import Move
from app.organisations.models import Organisation
from app.return_template.choices import Status
from app.returns import answering, open_rows, queries, rejection_workbook
from app.returns.answering import Answer
from tests.returns.conftest import MakeTrust, Trust, at, row

TODAY = "2026-11-22"


def all_open(trust: Trust) -> bytes:
    with at(TODAY), trust.database.reading() as db:
        stamp, rows = queries.open_rows_workbook(db, trust.officer, trust.code)
    return rejection_workbook.workbook(stamp, rows, on=date(2026, 11, 22))


def mended(data: bytes, **cells: str) -> bytes:
    """With a cell of every row corrected, by heading."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    column = {cell.value: cell.column for cell in sheet[1]}
    filled = [number for number in range(2, sheet.max_row + 1) if sheet.cell(number, 1).value]
    for heading, text in cells.items():
        for number in filled:
            sheet.cell(number, column[heading.replace("_", " ")], f"{text} {number}" if "number" in heading else text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def sent_back(rj1: Trust) -> Trust:
    """Rows of two returns are open, some of them with the same row number."""
    rj1.send([row("1", date_of_birth=""), row("2", date_of_birth=""), row("3")], period="2026-09")
    rj1.send([row("4", date_of_birth=""), row("", date_of_birth="")], period="2026-10")
    return rj1


def test_all_rows_mended_in_one_workbook_close_at_once(sent_back: Trust):
    assert len(sent_back.open_rows()) == 4
    got = sent_back.send(mended(all_open(sent_back), Date_of_birth="27/03/1985", Invoice_number="mended")).return_
    assert (got.read, got.new, got.rejected) == (4, 4, 0)
    assert sent_back.open_rows() == []


def test_check_first_and_submit_closes_them_too(sent_back: Trust):
    data = mended(all_open(sent_back), Date_of_birth="27/03/1985", Invoice_number="mended")
    checked = sent_back.send(data, check_only=True).return_
    assert len(sent_back.open_rows()) == 4
    sent_back.submit(checked.id)
    assert sent_back.open_rows() == []


def test_original_row_is_another_for_every_row_although_two_returns_had_the_same(sent_back: Trust):
    with at(TODAY), sent_back.database.reading() as db:
        stamp, rows = queries.open_rows_workbook(db, sent_back.officer, "RJ1")
    assert [each.row for each in rows] == [2, 3, 4, 5]
    assert sorted(stamp.open_rows) == [2, 3, 4, 5]
    assert set(stamp.open_rows.values()) == {each.id for each in sent_back.open_rows()}


def test_sent_back_as_it_is_every_row_stays_open_once(sent_back: Trust):
    again = sent_back.send(all_open(sent_back)).return_
    assert (again.read, again.rejected) == (4, 4)
    assert len(sent_back.open_rows()) == 4


def test_a_row_that_was_deleted_from_the_workbook_stays_open(sent_back: Trust):
    book = openpyxl.load_workbook(io.BytesIO(mended(all_open(sent_back), Date_of_birth="27/03/1985")))
    book.worksheets[0].delete_rows(3, 100)
    out = io.BytesIO()
    book.save(out)
    assert sent_back.send(out.getvalue()).return_.new == 1
    assert len(sent_back.open_rows()) == 3


def test_the_successor_mends_the_rows_of_whom_it_took_over(hospital: MakeTrust):
    old, new = hospital("RYJ"), hospital("RJ1", "RYJ")
    old.send([row("1", date_of_birth="")])
    with hospital.database.writing() as db:
        takes_over = update(Organisation).where(Organisation.code == "RYJ")
        db.execute(takes_over.values(successor_code="RJ1", successor_from=date(2026, 11, 10)))
    assert new.send(mended(all_open(new), Date_of_birth="27/03/1985")).return_.new == 1
    assert new.open_rows() == []


def test_another_trusts_rows_are_not_found(sent_back: Trust, hospital: MakeTrust):
    other = hospital("RYJ")
    (first, *_) = sent_back.open_rows()
    with other.database.reading() as db, at(TODAY):
        with pytest.raises(NotFound):
            queries.open_rows_workbook(db, other.officer, "RJ1")
        with pytest.raises(NotFound):
            open_rows.get(db, other.officer, first.id)
        assert open_rows.get(db, sent_back.officer, first.id).id == first.id


def test_a_row_asks_what_its_rules_leave_open_in_plain_words(rj1: Trust):
    rj1.send([row("1", status="Debt repaid", status_date="01/10/2026", amount_outstanding="0"),
              row("2", date_of_birth="")])  # fmt: skip
    asking, silent = rj1.open_rows()
    assert answering.questions(asking) == [
        (Answer.REPORTED_BEFORE_SERVICE, "The debt was reported before this service began")
    ]
    assert answering.questions(silent) == []


def asked(trust: Trust) -> list[list[Answer]]:
    with at(TODAY), trust.database.reading() as db:
        return [[given for given, _ in found] for found in answering.answerable(db, trust.open_rows()).values()]


def test_earlier_facts_may_stand_only_where_there_are_some(rj1: Trust):
    rj1.send([row("1")], period="2026-09")
    rj1.send([row("1", nationality="France"), row("2", nationality="France"), row("", nationality="France")])
    assert asked(rj1) == [[Answer.EARLIER_FACTS_STAND], [], []]


def test_a_question_is_not_asked_again_once_it_is_answered(rj1: Trust):
    rj1.send([row("1", uk_address="HIV House, Chemotherapy Lane")])
    assert asked(rj1) == [[Answer.IS_AN_ADDRESS]]
    with at(TODAY), rj1.database.writing() as db:
        answering.answer(db, rj1.officer, rj1.open_rows()[0].id, Answer.IS_AN_ADDRESS)
    assert asked(rj1) == [[]]


def test_the_history_of_returns_is_newest_first_in_numbered_pages_without_checks(rj1: Trust, hospital: MakeTrust):
    first = rj1.send([row("1")], on="2026-11-01").return_
    second = rj1.send([row("2")], on="2026-11-02").return_
    rj1.send([row("3")], check_only=True)
    hospital("RYJ").send([row("1")])
    with rj1.database.reading() as db, at(TODAY):
        pages = [queries.history(db, rj1.officer, "RJ1", number, 1) for number in (1, 2, 3)]
    assert [[each.id for each in found.items] for found in pages] == [[second.id], [first.id], []]
    assert {(found.total, found.pages) for found in pages} == {(2, 2)}


def filled_in(data: bytes, heading: str, text: str) -> bytes:
    """A template with one cell of its first row changed."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    column = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, column[heading], text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pay(trust: Trust, left: int, on: date) -> None:
    with at(on.isoformat()), trust.database.writing() as db:
        move = Move(Status.OUTSTANDING, on, left)
        service.change_status(db, trust.officer, trust.debt("1").id, move)


def test_a_mended_row_of_an_older_template_never_undoes_a_payment_made_since(rj1: Trust):
    rj1.send([row("1")], period="2026-09", on="2026-10-05")
    template = rj1.template(on="2026-11-01")
    pay(rj1, 100000, date(2026, 11, 10))
    rj1.send(filled_in(template, "Date of birth", "31/02/1985"), on="2026-11-15")
    rj1.send([row("2", date_of_birth="")], on="2026-11-16")
    again = rj1.send(all_open(rj1), period="2026-11").return_  # as it is: both are sent back, and stay what they were
    assert again.rejected == 2
    got = rj1.send(mended(all_open(rj1), Date_of_birth="27/03/1985"), period="2026-11").return_
    assert (got.new, got.unchanged, got.rejected) == (1, 1, 0)
    assert rj1.debt("1").amount_outstanding == 100000
    assert rj1.codes(got) == []
