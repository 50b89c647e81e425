"""A recipient that rejects the same debt again: one row to mend, whatever came between, and every release knows its fate."""

import io
from datetime import date

import openpyxl
from sqlmodel import select

from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.accounts.service import add_user
from app.core.outbox import Message
from app.releases.funnel import Funnel
from app.return_template.choices import Status
from app.returns import answering, queries, rejection_workbook
from app.returns.answering import Answer
from app.returns.models import OpenRow
from app.verifying import whole
from tests.releases.leaving import answered, leaves, said
from tests.releases.released import references
from tests.releases.test_acknowledgement import steps
from tests.releases.test_mended_elsewhere import record
from tests.returns.conftest import Trust, at, hospital, rj1, row

__all__ = ["hospital", "rj1"]

PASSPORT = "Passport or travel document number"


def rejected_twice(trust: Trust, *recipients: str) -> list:
    """Two full releases, each answered with a rejection of invoice 1."""
    trust.send([row("1")])
    ref, made = references(trust.database)["1"], []
    for day, recipient in zip((23, 25), recipients or ("MIDAS", "MIDAS"), strict=True):
        made.append(leaves(trust.database, "full", recipient, on=f"2026-11-{day}"))
        answered(trust.database, made[-1], (ref, "rejected", f"reason {day}"), on=f"2026-11-{day + 1}")
    return made


def messages(open_: OpenRow) -> str:
    return " ".join(finding["message"] for finding in open_.findings)


def workbook(trust: Trust) -> bytes:
    with at("2026-11-24"), trust.database.reading() as db:
        stamp, rows = queries.open_rows_workbook(db, trust.officer, trust.code)
    return rejection_workbook.workbook(stamp, rows, on=date(2026, 11, 24))


def lines_of(data: bytes) -> list[dict[str, object]]:
    headings, *rows = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(headings, each, strict=True)) for each in rows if each[0]]


def with_passport(data: bytes, number: str) -> bytes:
    book, out = openpyxl.load_workbook(io.BytesIO(data)), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.cell(2, [cell.value for cell in sheet[1]].index(PASSPORT) + 1).value = number
    book.save(out)
    return out.getvalue()


def test_a_debt_that_is_rejected_again_has_one_row_to_mend_with_the_new_reason(rj1: Trust):
    first, second = rejected_twice(rj1)
    (open_,) = rj1.open_rows()
    assert open_.origin_id == second.id and "“reason 25”" in messages(open_)
    assert [steps(rj1, of).whole for of in (first, second)] == [
        Funnel(lines=1, rejected=1, to_mend=1, sent_unmended=1), Funnel(lines=1, rejected=1, to_mend=1),
    ]  # fmt: skip


def test_who_mends_the_row_of_the_second_rejection_has_mended_the_first(rj1: Trust):
    releases = rejected_twice(rj1)
    with at("2026-11-27"), rj1.database.writing() as db:
        answering.answer(db, rj1.officer, rj1.open_rows()[0].id, Answer.EARLIER_FACTS_STAND)
    assert rj1.open_rows() == [] and [steps(rj1, of).whole.mended for of in releases] == [1, 1]
    assert said(rj1.database, leaves(rj1.database, on="2026-11-28")) == [("1", "corrected")]
    assert said(rj1.database, leaves(rj1.database, on="2026-11-29")) == []


def test_what_one_recipient_rejects_stays_beside_what_another_does_and_one_line_mends_both(rj1: Trust):
    releases = rejected_twice(rj1, "MIDAS", "Another")
    assert {open_.origin_id for open_ in rj1.open_rows()} == {of.id for of in releases}
    (line,) = lines_of(workbook(rj1))
    assert "MIDAS did not load" in line["What to fix"] and "Another did not load" in line["What to fix"]
    got = rj1.send(with_passport(workbook(rj1), "B7654321"), on="2026-11-27", period="2026-11").return_
    assert (got.read, got.changed, rj1.open_rows()) == (1, 1, [])
    assert [steps(rj1, of).whole.mended for of in releases] == [1, 1]


def test_a_row_that_the_trust_had_sent_wrong_keeps_its_cells_beside_a_rejection(rj1: Trust):
    rj1.send([row("1"), row("2")])
    of = leaves(rj1.database, "full")
    rj1.send([row("1", date_of_birth="31/02/1985")], on="2026-11-23", period="2026-11")
    answered(rj1.database, of, (references(rj1.database)["1"], "rejected", "passport unknown"), on="2026-11-24")
    assert sorted(open_.origin for open_ in rj1.open_rows()) == ["acknowledgement", "check"]
    (line,) = lines_of(workbook(rj1))
    assert line["Date of birth"] == "31/02/1985"
    assert "“passport unknown”" in line["What to fix"] and "date" in line["What to fix"]


def test_two_rows_of_one_invoice_in_one_file_both_stay_for_the_trust_to_choose(rj1: Trust):
    rj1.send([row("1"), row("1", passport_number="B7654321")])
    assert sorted(line[PASSPORT] for line in lines_of(workbook(rj1))) == ["A0000001", "B7654321"]


def test_what_a_withdrawn_return_left_in_the_register_goes_back_too(rj1: Trust):
    with rj1.database.writing() as db:
        add_user(db, COMMAND_LINE, "another@rj1.example", Role.TRUST, "RJ1")
    first = rj1.send([row("1"), row("2")]).return_
    record(rj1, "1", Status.OUTSTANDING, 200000, on="2026-11-22")
    rj1.withdraw(first)
    of = leaves(rj1.database, "full")
    assert said(rj1.database, of) == [("1", "new")], "its part payment was a change made by a person"
    answered(rj1.database, of, (references(rj1.database)["1"], "rejected", "passport unknown"), on="2026-11-24")
    assert [open_.invoice_number for open_ in rj1.open_rows()] == ["1"]
    with rj1.database.reading() as db:
        assert len(db.exec(select(Message).where(Message.kind == "release-rows")).all()) == 1
        assert list(whole.open_rows(db)) == []
    assert len(lines_of(workbook(rj1))) == 1
    rj1.send(with_passport(workbook(rj1), "B7654321"), on="2026-11-25", period="2026-11")
    assert steps(rj1, of).whole == Funnel(lines=1, rejected=1, mended=1)
    assert said(rj1.database, leaves(rj1.database, on="2026-11-26")) == [("1", "corrected")]
