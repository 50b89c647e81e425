"""What the recipient answers: lines loaded, and lines rejected, which go back to the trusts and are carried again once mended."""

import io

import openpyxl
import pytest
from sqlmodel import select

from app.accounts.access import COMMAND_LINE, Actor, Grant
from app.accounts.permissions import Role
from app.accounts.service import add_user
from app.audit.models import AuditAction, AuditEvent
from app.core.errors import Conflict, NotFound, Refused
from app.core.outbox import Message
from app.debts.models import Debt
from app.disclosures.service import key_of
from app.releases import acknowledgement, again
from app.releases.funnel import Funnel, Funnels, funnel
from app.releases.models import Acknowledgement, CarriedDebt, Release, State
from app.releases.rules.selection import digests
from app.retention.service import purge as purge_now
from app.returns import answering, open_rows, queries, rejection_workbook
from app.returns.answering import Answer
from tests.releases.carrying import abandoned, prepared, told
from tests.releases.released import RECIPIENT, answer, references, release
from tests.returns.conftest import MakeTrust, Trust, at, hospital, rj1, row

__all__ = ["hospital", "rj1"]

TEAM = Actor("team", "The Debtors Team", (Grant(Role.DEBTORS_TEAM),))
RELEASED, ANSWERED, LATER = "2026-11-23", "2026-11-24", "2026-11-25"


def released(trust: Trust, **more: object) -> Release:
    with at(RELEASED), trust.database.writing() as db:
        return release(db, **more)  # type: ignore[arg-type]


def take(trust: Trust, of: Release, data: bytes, on: str = ANSWERED) -> Acknowledgement:
    with at(on), trust.database.writing() as db:
        return acknowledgement.take(db, TEAM, of.id, "answer.csv", data)


def rejecting(trust: Trust, *invoices: str, reason: str = "no match") -> bytes:
    """Rejects these invoices and loads all others."""
    found = references(trust.database).items()
    return answer(*((ref, "rejected", reason) if no in invoices else (ref, "loaded", "") for no, ref in found))


def mended(trust: Trust) -> set[str]:
    with at(LATER), trust.database.reading() as db:
        return again.to_carry_again(db, key_of(RECIPIENT))


def steps(trust: Trust, of: Release) -> Funnels:
    with at(LATER), trust.database.reading() as db:
        return funnel(db, of.id)


def refusal(trust: Trust, of: Release, data: bytes) -> str:
    with pytest.raises(Refused) as why:
        take(trust, of, data)
    assert trust.open_rows() == [] and steps(trust, of).whole.loaded == 0
    return why.value.detail


def test_rejected_lines_become_rows_to_mend_with_the_reason(rj1: Trust):
    got = rj1.send([row("1"), row("2"), row("3")]).return_
    of = released(rj1)
    taken = take(rj1, of, rejecting(rj1, "2"))
    assert (taken.loaded, taken.rejected) == (2, 1)
    (open_,) = rj1.open_rows()
    assert (open_.origin, open_.invoice_number, open_.return_id, open_.row) == ("acknowledgement", "2", got.id, 3)
    (finding,) = open_.findings
    assert finding["code"] == "M01" and "MIDAS did not load this debt from release 1: “no match”." in finding["message"]
    assert "no match" not in finding["unquoted"]
    assert steps(rj1, of).whole == Funnel(lines=3, loaded=2, rejected=1, to_mend=1)


def test_the_round_trip_rejected_mended_by_upload_carried_again(rj1: Trust):
    rj1.send([row("1"), row("2")])
    of = released(rj1)
    take(rj1, of, rejecting(rj1, "2"))
    assert mended(rj1) == set()
    rj1.send([row("2", passport_number="B7654321")], on=LATER)
    assert rj1.open_rows() == []
    assert mended(rj1) == {rj1.debt("2").id}
    assert steps(rj1, of).whole == Funnel(lines=2, loaded=1, rejected=1, mended=1)
    with at(LATER), rj1.database.writing() as db:
        release(db, 2, only=["2"])
    assert mended(rj1) == set(), "the release that carries it again has not been answered"
    assert steps(rj1, of).by_organisation["RJ1"].sent_again == 1


def test_a_release_of_changes_carries_a_rejected_debt_only_once_it_is_mended(rj1: Trust):
    rj1.send([row("1"), row("2")])
    take(rj1, released(rj1), rejecting(rj1, "2"))
    with (
        at(LATER),
        rj1.database.writing() as db,
    ):  # what the release told stands; the hand-made one had no digests of it
        for one in db.exec(select(CarriedDebt)):
            one.status_digest, one.particulars_digest = digests(db.get(Debt, one.debt_id).model_dump())  # type: ignore[union-attr]
            db.add(one)
        for debt in db.exec(select(Debt)):
            debt.flagged = True
    draft = prepared(rj1, "changes", on=LATER)
    assert told(rj1, draft) == []
    abandoned(rj1, draft)
    rj1.send(workbook(rj1), on=LATER, period="2026-11")
    assert told(rj1, prepared(rj1, "changes", on=LATER)) == [("2", "corrected")]


def test_the_workbook_sent_back_untouched_mends_by_saying_the_same(rj1: Trust):
    rj1.send([row("1")])
    take(rj1, released(rj1), rejecting(rj1, "1"))
    sent = rj1.send(workbook(rj1), on=LATER, period="2026-11").return_
    assert (sent.read, sent.unchanged) == (1, 1)
    assert mended(rj1) == {rj1.debt("1").id}


def test_what_is_mended_stays_known_when_the_row_is_forgotten(rj1: Trust):
    rj1.send([row("1"), row("2")])
    of = released(rj1)
    take(rj1, of, rejecting(rj1, "1", "2"))
    rj1.send([row("1", passport_number="B7654321")], on=LATER)
    with at("2029-01-01"):
        purge_now(rj1.database, COMMAND_LINE)
    with rj1.database.reading() as db:
        assert {one.invoice_number for one in db.exec(select(open_rows.OpenRow))} == {None}
    assert mended(rj1) == {rj1.debt("1").id}


def test_a_trust_may_answer_that_the_facts_are_right(rj1: Trust):
    rj1.send([row("1")])
    take(rj1, released(rj1), rejecting(rj1, "1"))
    (open_,) = rj1.open_rows()
    assert [given for given, _ in answering.questions(open_)] == [Answer.EARLIER_FACTS_STAND]
    with at(LATER), rj1.database.writing() as db:
        answering.answer(db, rj1.officer, open_.id, Answer.EARLIER_FACTS_STAND)
    assert mended(rj1) == {rj1.debt("1").id}


@pytest.mark.parametrize("reason", ["The invoice was cancelled", "accepted", " earlier_facts_stand "])
def test_closing_the_row_unmended_carries_nothing_again_whatever_the_reason(rj1: Trust, reason: str):
    rj1.send([row("1")])
    take(rj1, released(rj1), rejecting(rj1, "1"))
    with at(LATER), rj1.database.writing() as db:
        open_rows.close(db, rj1.officer, rj1.open_rows()[0].id, reason)
    assert mended(rj1) == set()


def test_a_row_that_comes_back_wrong_is_mended_only_when_it_is_right(rj1: Trust):
    rj1.send([row("1")])
    take(rj1, released(rj1), rejecting(rj1, "1"))
    rj1.send([row("1", nationality="Frnace")], on=LATER)
    assert [open_.origin for open_ in rj1.open_rows()] == ["check"] and mended(rj1) == set()
    right = rj1.send([row("1", nationality="Ghana")], on=LATER).return_
    assert mended(rj1) == {rj1.debt("1").id}
    rj1.withdraw(right, on=LATER)
    assert mended(rj1) == set(), "the return that mended it was taken back"


def test_a_second_rejection_by_a_later_release_waits_for_a_second_mending(rj1: Trust):
    rj1.send([row("1")])
    first = released(rj1)
    take(rj1, first, rejecting(rj1, "1"))
    rj1.send([row("1", passport_number="B7654321")], on=LATER)
    with at("2026-11-26"), rj1.database.writing() as db:
        second = release(db, 2)
    take(rj1, second, rejecting(rj1, "1"), on="2026-11-27")
    assert mended(rj1) == set()
    assert (steps(rj1, first).whole.mended, steps(rj1, second).whole.mended) == (1, 0)


def test_the_same_file_again_answers_the_same_and_does_nothing_twice(rj1: Trust):
    rj1.send([row("1"), row("2")])
    of = released(rj1)
    first = take(rj1, of, rejecting(rj1, "1"))
    assert take(rj1, of, rejecting(rj1, "1")).id == first.id
    assert len(rj1.open_rows()) == 1
    with rj1.database.reading() as db:
        (event,) = db.exec(select(AuditEvent).where(AuditEvent.action == AuditAction.RELEASE_ACKNOWLEDGED))
        assert event.detail == {"number": 1, "loaded": 1, "rejected": 1, "rows_opened": 1}


def test_a_release_may_be_answered_in_parts_but_not_otherwise(rj1: Trust):
    rj1.send([row("1"), row("2")])
    of, ref = released(rj1), references(rj1.database)
    take(rj1, of, answer((ref["1"], "loaded")))
    assert steps(rj1, of).whole.unanswered == 1
    assert (take(rj1, of, answer((ref["1"], "loaded"), (ref["2"], "rejected", "x"))).rejected) == 1
    with pytest.raises(Refused, match=r"Line 2: this debt was answered otherwise before \(loaded\)"):
        take(rj1, of, answer((ref["1"], "rejected", "x")))
    assert steps(rj1, of).whole == Funnel(lines=2, loaded=1, rejected=1, to_mend=1)


def test_a_file_with_faults_is_refused_whole_with_every_line(rj1: Trust):
    rj1.send([row("1"), row("2"), row("3"), row("4")])
    ref = references(rj1.database)
    of = released(rj1, out=["3"], only=["1", "2", "3"])
    with at(RELEASED), rj1.database.writing() as db:
        release(db, 2, only=["4"])
    detail = refusal(rj1, of, answer(
        (ref["1"], "loaded"), (ref["1"], "rejected", "x"), ("ND-0000", "loaded"), (ref["2"], "maybe"),
        (ref["2"], "rejected", " "), (ref["3"], "loaded"), (ref["4"], "loaded"), ("", "loaded"),
        (ref["2"], "rejected", "x" * 301), (ref["2"], "rejected", "a\u202eb"),
    ))  # fmt: skip
    for said in (
        "Line 3: its reference stands in line 2 already.", "Line 4: no release has given this reference.",
        "Line 5: its result is neither loaded nor rejected.", "Line 6: it is rejected without a reason.",
        "Line 7: this debt was taken out", "Line 8: its debt was not in release 1 but in another.",
        "Line 9: it has no reference.", "Line 10: its reason is longer than 300", "Line 11: its reason holds characters",
    ):  # fmt: skip
        assert said in detail


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (answer(), "no lines below its headings"),
        (answer(("a", "b"), headings=("one", "two")), "reference and the heading result cannot be found"),
        (answer(("a", "loaded", "b"), headings=("reference", "result", "Result")), "stands there twice"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_what_is_no_answer_is_refused_in_plain_words(rj1: Trust, data: bytes, said: str):
    rj1.send([row("1")])
    assert said in refusal(rj1, released(rj1), data)


def test_only_a_release_that_left_can_be_answered(rj1: Trust):
    rj1.send([row("1")])
    with pytest.raises(Conflict):
        take(rj1, released(rj1, state=State.APPROVED), rejecting(rj1))
    with pytest.raises(NotFound):
        take(rj1, Release(id="0" * 32), rejecting(rj1))


def test_headings_order_case_and_encoding_do_not_matter(rj1: Trust):
    rj1.send([row("1"), row("2")])
    of, ref = released(rj1), references(rj1.database)
    text = f"REASON;Result ;Reference\n;LOADED;{ref['1']}\nNo café;Rejected; {ref['2'].lower()}\n\n"
    take(rj1, of, text.encode("utf-16"))
    assert steps(rj1, of).whole == Funnel(lines=2, loaded=1, rejected=1, to_mend=1)
    assert "“No café”" in rj1.open_rows()[0].findings[0]["message"]


def test_a_workbook_is_read_as_well(rj1: Trust):
    rj1.send([row("1")])
    of, book, out = released(rj1), openpyxl.Workbook(), io.BytesIO()
    for line in (("reference", "result", "reason"), (references(rj1.database)["1"], "rejected", 42)):
        book.worksheets[0].append(line)
    book.save(out)
    assert take(rj1, of, out.getvalue()).rejected == 1
    assert "“42”" in rj1.open_rows()[0].findings[0]["message"]


def workbook(trust: Trust) -> bytes:
    with at(ANSWERED), trust.database.reading() as db:
        stamp, rows = queries.open_rows_workbook(db, trust.officer, trust.code)
        return rejection_workbook.workbook(stamp, rows, on=rows and trust.debt("1").as_at)


def test_a_reason_that_looks_like_a_formula_is_only_words_in_the_workbook(rj1: Trust):
    rj1.send([row("1")])
    take(rj1, released(rj1), rejecting(rj1, "1", reason="=1+1"))
    cells = [cell for line in openpyxl.load_workbook(io.BytesIO(workbook(rj1))).worksheets[0] for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any("“=1+1”" in str(cell.value) for cell in cells)


def test_the_officers_are_written_to_once_and_nobody_elses(hospital: MakeTrust):
    one, other = hospital("RJ1"), hospital("RYJ")
    with one.database.writing() as db:
        for code in ("RJ1", "RYJ"):
            add_user(db, COMMAND_LINE, f"officer@{code.lower()}.example", Role.TRUST, code)
    one.send([row("1"), row("2")])
    other.send([row("3")])
    of = released(one)
    for _ in range(2):
        take(one, of, rejecting(one, "1", "2", reason="Ada was not found"))
    assert (len(one.open_rows()), other.open_rows()) == (2, [])
    with one.database.reading() as db:
        (mail,) = db.exec(select(Message).where(Message.kind == "release-rows"))
    assert (mail.to, mail.subject) == ("officer@rj1.example", "2 debts to mend: not loaded from release 1")
    assert "/open-rows" in mail.body and "Ada" not in mail.body
    assert "MIDAS does not have them as they stand there until they are mended and loaded." in mail.body
    assert "not sent again" not in mail.body, "a full release sends them again, and so does another change"


def test_there_is_no_row_for_a_debt_that_its_trust_took_back(rj1: Trust):
    got = rj1.send([row("1")]).return_
    of, ref = released(rj1), references(rj1.database)
    rj1.withdraw(got)
    assert take(rj1, of, answer((ref["1"], "rejected", "x"))).rejected == 1
    assert rj1.open_rows() == []
