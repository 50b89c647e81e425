"""What a recipient sent back is mended on the debt's page too, and the funnel of its release adds up whatever happens."""

from contextlib import suppress
from datetime import date, timedelta
from random import Random

import pytest
from sqlmodel import select

from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.accounts.service import add_user
from app.audit.models import AuditAction, AuditEvent
from app.core.errors import ServiceError
from app.core.outbox import Message
from app.debts.service import Move
from app.releases import acknowledgement
from app.releases.funnel import Funnel, funnel
from app.releases.models import Release
from app.return_template.choices import Status
from app.returns import acknowledged, amending, answering, open_rows
from app.returns.answering import Answer
from app.returns.models import OpenRow
from tests.old_register.conftest import Office, line, office
from tests.releases.released import answer, references, release
from tests.releases.test_acknowledgement import ANSWERED, LATER, TEAM, mended, rejecting, released, steps, take
from tests.returns.conftest import MakeTrust, Trust, at, hospital, rj1, row

__all__ = ["hospital", "office", "rj1"]


def amend(trust: Trust, number: str, on: str = LATER, **changes: object) -> None:
    with at(on), trust.database.writing() as db:
        amending.amend(db, trust.officer, trust.debt(number).id, changes)


def record(trust: Trust, number: str, status: Status, amount: int, on: str = LATER) -> None:
    with at(on), trust.database.writing() as db:
        move = Move(status, date.fromisoformat(on), amount, "raised_in_error" if status is Status.WITHDRAWN else None)
        amending.change_status(db, trust.officer, trust.debt(number).id, move)


def closed(trust: Trust) -> list[str]:
    """Why the rows that recipients sent back were closed, one audit event for each."""
    with trust.database.reading() as db:
        rows = db.exec(select(OpenRow).where(OpenRow.origin == "acknowledgement")).all()
        events = db.exec(
            select(AuditEvent).where(AuditEvent.action == AuditAction.OPEN_ROW_CLOSED).order_by("id")
        ).all()
        reasons = sorted(str(one.closed_reason) for one in rows if one.closed_at)
        assert sorted(str(event.detail["because"]) for event in events) == reasons
        return reasons


def test_particulars_that_are_corrected_on_the_debts_page_mend_it_once(rj1: Trust):
    rj1.send([row("1"), row("2")])
    of = released(rj1)
    take(rj1, of, rejecting(rj1, "1", "2"))
    for _ in range(2):
        amend(rj1, "1", passport_number="B7654321")
    assert [open_.invoice_number for open_ in rj1.open_rows()] == ["2"]
    assert closed(rj1) == [acknowledged.MENDED_ON_PAGE] and mended(rj1) == {rj1.debt("1").id}
    assert steps(rj1, of).whole == Funnel(lines=2, rejected=2, mended=1, to_mend=1)


def test_what_no_recipient_ever_sees_mends_nothing(rj1: Trust):
    rj1.send([row("1")])
    take(rj1, released(rj1), rejecting(rj1, "1"))
    amend(rj1, "1", your_reference="Our own")
    record(rj1, "1", Status.OUTSTANDING, 100000)
    assert len(rj1.open_rows()) == 1 and mended(rj1) == set()


@pytest.mark.parametrize(("status", "amount"), [(Status.REPAID, 0), (Status.WITHDRAWN, 125000)])
def test_a_debt_that_ends_needs_no_mending(rj1: Trust, status: Status, amount: int):
    rj1.send([row("1")])
    of = released(rj1)
    take(rj1, of, rejecting(rj1, "1"))
    record(rj1, "1", status, amount)
    assert rj1.open_rows() == [] and closed(rj1) == [acknowledged.DEBT_ENDED]
    assert steps(rj1, of).whole == Funnel(lines=1, rejected=1, mended=1)


def test_the_page_closes_nothing_of_another_trusts_invoice_of_that_number(hospital: MakeTrust):
    one, other = hospital("RJ1"), hospital("RYJ")
    one.send([row("1")])
    other.send([row("1", family_name="Other")])
    of = released(one)
    with one.database.reading() as db:
        lines = acknowledgement.select(acknowledgement.ReleaseLine.reference)
        both = [(reference, "rejected", "no match") for reference in db.execute(lines).scalars()]
    take(one, of, answer(*both))
    with at(LATER), one.database.writing() as db:
        (mine,) = [debt for debt in one.debts() if debt.organisation_code == "RJ1"]
        amending.amend(db, one.officer, mine.id, {"passport_number": "B7654321"})
    assert [open_.organisation_code for open_ in other.open_rows()] == ["RYJ"]


def test_a_line_that_left_again_unmended_is_told_apart(rj1: Trust):
    rj1.send([row("1"), row("2"), row("3")])
    of = released(rj1)
    take(rj1, of, rejecting(rj1, "1", "2", "3"))
    amend(rj1, "1", on="2026-11-24", passport_number="B7654321")
    with at(LATER), rj1.database.writing() as db:
        release(db, 2, only=["1", "2"])
    amend(rj1, "2", on="2026-11-26", passport_number="B7654321")
    with at("2026-11-26"), rj1.database.writing() as db:
        open_rows.close(db, rj1.officer, rj1.open_rows()[0].id, "It is right as it is")
    whole = Funnel(lines=3, rejected=3, mended=2, ended=1, sent_again=1, sent_unmended=1)
    assert steps(rj1, of).whole == whole


def test_a_debt_of_the_old_register_is_mended_on_its_page(office: Office, rj1: Trust):
    office.load([line("1"), line("2")])
    of = released(rj1)
    take(rj1, of, rejecting(rj1, "1", "2"))
    assert rj1.open_rows() == [] and steps(rj1, of).whole == Funnel(lines=2, rejected=2, to_mend=2)
    amend(rj1, "1", passport_number="B7654321")
    assert mended(rj1) == {rj1.debt("1").id}
    assert steps(rj1, of).whole == Funnel(lines=2, rejected=2, mended=1, to_mend=1)


def test_rows_of_two_releases_that_one_return_replaced_are_mended_together(rj1: Trust):
    rj1.send([row("1")])
    first, ref = released(rj1), references(rj1.database)["1"]
    take(rj1, first, answer((ref, "rejected", "a")))
    with at(ANSWERED), rj1.database.writing() as db:
        second = release(db, 2)
    take(rj1, second, answer((ref, "rejected", "b")), on=LATER)
    rj1.send([row("1", nationality="Frnace")], on="2026-11-26", period="2026-11")
    assert [steps(rj1, of).whole.to_mend for of in (first, second)] == [1, 1]
    rj1.send([row("1", nationality="Ghana")], on="2026-11-27", period="2026-11")
    assert [steps(rj1, of).whole.mended for of in (first, second)] == [1, 1]


class Months:
    """Anything that happens to three debts and their releases, one thing a day."""

    def __init__(self, trust: Trust, seed: int) -> None:
        self.trust, self.chance, self.day = trust, Random(seed), date(2026, 11, 23)
        self.releases: list[Release] = []
        self.number, self.returns = "1", [trust.send([row("1"), row("2"), row("3")]).return_]
        self.leave()

    def run(self, days: int) -> None:
        doings = [
            self.leave,
            self.answer,
            self.answer,
            self.upload,
            self.amend,
            self.end,
            self.close,
            self.stand,
            self.undo,
        ]
        for _ in range(days):
            self.number = self.chance.choice("123")
            with suppress(ServiceError, IndexError):
                self.chance.choice(doings)()
            self.day += timedelta(days=1)
            self.check()

    @property
    def today(self) -> str:
        return self.day.isoformat()

    def leave(self) -> None:
        with at(self.today), self.trust.database.writing() as db:
            self.releases.append(release(db, len(self.releases) + 1))

    def answer(self) -> None:
        of, refs = self.chance.choice(self.releases), references(self.trust.database)
        said = [(refs[n], self.chance.choice(["loaded", "rejected"]), self.chance.choice("ab")) for n in "123"]
        with at(self.today), self.trust.database.writing() as db:
            acknowledgement.take(db, TEAM, of.id, "a.csv", answer(*said), replaces=True)

    def upload(self) -> None:
        changed = row(self.number, passport_number=f"B{self.chance.randrange(10**7):07}")
        self.returns.append(self.trust.send([changed], on=self.today, period="2026-11").return_)

    def amend(self) -> None:
        amend(self.trust, self.number, self.today, passport_number=f"C{self.chance.randrange(10**7):07}")

    def end(self) -> None:
        record(self.trust, self.number, Status.REPAID, 0, self.today)

    def close(self) -> None:
        with at(self.today), self.trust.database.writing() as db:
            open_rows.close(db, self.trust.officer, self.trust.open_rows()[0].id, "We leave it")

    def stand(self) -> None:
        with at(self.today), self.trust.database.writing() as db:
            answering.answer(db, self.trust.officer, self.trust.open_rows()[0].id, Answer.EARLIER_FACTS_STAND)

    def undo(self) -> None:
        self.trust.withdraw(self.returns[1:].pop(), on=self.today)

    def check(self) -> None:
        rows = self.trust.open_rows()
        to_mend = len({each.invoice_number for each in rows})  # a row may have taken the place of another release's
        for of in self.releases:
            with at(self.today), self.trust.database.reading() as db:
                whole = funnel(db, of.id).whole
            assert whole.sent == whole.loaded + whole.rejected + whole.unanswered
            assert whole.rejected == whole.mended + whole.to_mend + whole.ended
            assert whole.sent_again <= whole.mended and whole.sent_again + whole.sent_unmended <= whole.rejected
            waiting = sum(each.origin_id == of.id for each in rows)
            assert waiting <= whole.to_mend <= to_mend


@pytest.mark.parametrize("seed", range(3))
def test_the_funnel_adds_up_after_anything(rj1: Trust, seed: int):
    Months(rj1, seed).run(25)


def test_a_recipient_may_put_right_what_it_had_rejected(rj1: Trust):
    rj1.send([row("1"), row("2")])
    of, ref = released(rj1), references(rj1.database)
    take(rj1, of, rejecting(rj1, "1", "2"))
    taken = replaced(rj1, of, (ref["1"], "loaded"), (ref["2"], "rejected", "no match"))
    assert (taken.loaded, taken.rejected, taken.replaced, taken.by) == (1, 0, 1, TEAM.id)
    assert [open_.invoice_number for open_ in rj1.open_rows()] == ["2"]
    assert closed(rj1) == [acknowledged.LOADED_AFTER_ALL]
    assert steps(rj1, of).whole == Funnel(lines=2, loaded=1, rejected=1, to_mend=1) and mended(rj1) == set()


def test_what_was_said_to_be_loaded_goes_back_after_all_and_again(rj1: Trust):
    rj1.send([row("1")])
    of, ref = released(rj1), references(rj1.database)["1"]
    take(rj1, of, answer((ref, "loaded")))
    for on, said in enumerate([("rejected", "no match"), ("loaded",), ("rejected", "no match")], 24):
        replaced(rj1, of, (ref, *said), on=f"2026-11-{on}")
    (open_,) = rj1.open_rows()
    assert "“no match”" in open_.findings[0]["message"]
    amend(rj1, "1", on="2026-11-28", passport_number="B7654321")
    assert steps(rj1, of).whole == Funnel(lines=1, rejected=1, mended=1)
    with rj1.database.reading() as db:
        stood = db.exec(select(acknowledgement.ReplacedAnswer)).all()
        assert sorted(one.was for one in stood) == ["loaded", "loaded", "rejected"]


def test_another_reason_stands_in_the_row_that_is_open_and_sends_no_second_one(rj1: Trust):
    with rj1.database.writing() as db:
        add_user(db, COMMAND_LINE, "another@rj1.example", Role.TRUST, "RJ1")
    rj1.send([row("1")])
    of, ref = released(rj1), references(rj1.database)["1"]
    take(rj1, of, answer((ref, "rejected", "no match")))
    replaced(rj1, of, (ref, "rejected", "two persons match"))
    (open_,) = rj1.open_rows()
    assert "“two persons match”" in open_.findings[0]["message"] and "no match" not in str(open_.findings)
    with rj1.database.reading() as db:
        assert len(db.exec(select(Message).where(Message.kind == "release-rows")).all()) == 1


def test_what_was_mended_already_stays_mended_when_its_reason_changes(rj1: Trust):
    rj1.send([row("1")])
    of, ref = released(rj1), references(rj1.database)["1"]
    take(rj1, of, answer((ref, "rejected", "no match")))
    amend(rj1, "1", passport_number="B7654321")
    replaced(rj1, of, (ref, "rejected", "two persons match"), on="2026-11-26")
    assert rj1.open_rows() == [] and steps(rj1, of).whole.mended == 1


def test_a_row_of_another_release_stays_when_one_is_loaded_after_all(rj1: Trust):
    rj1.send([row("1")])
    first, ref = released(rj1), references(rj1.database)["1"]
    take(rj1, first, answer((ref, "rejected", "a")))
    with at(ANSWERED), rj1.database.writing() as db:
        second = release(db, 2)
    take(rj1, second, answer((ref, "rejected", "b")), on=LATER)
    replaced(rj1, first, (ref, "loaded"), on="2026-11-26")
    assert [open_.origin_id for open_ in rj1.open_rows()] == [second.id]


def test_what_is_loaded_after_all_does_not_come_back_with_a_return_that_is_withdrawn(rj1: Trust):
    rj1.send([row("1")])
    of, ref = released(rj1), references(rj1.database)["1"]
    take(rj1, of, answer((ref, "rejected", "no match")))
    mending = rj1.send([row("1", passport_number="B7654321")], on=LATER, period="2026-11").return_
    replaced(rj1, of, (ref, "loaded"), on="2026-11-26")
    rj1.withdraw(mending, on="2026-11-27")
    assert rj1.open_rows() == []


def test_of_a_forgotten_line_no_reason_is_compared_or_kept(rj1: Trust):
    rj1.send([row("1"), row("2")])
    of, ref = released(rj1), references(rj1.database)
    take(rj1, of, rejecting(rj1, "1"))
    with rj1.database.writing() as db:
        for each in db.exec(select(acknowledgement.ReleaseLine)):
            each.forgotten_at, each.reason = of.as_at, None
    take(rj1, of, answer((ref["1"], "rejected", "no match"), (ref["2"], "loaded")), on=LATER)
    replaced(rj1, of, (ref["2"], "rejected", "no match"), on="2026-11-26")
    with rj1.database.reading() as db:
        kept = db.exec(select(acknowledgement.ReleaseLine).order_by(acknowledgement.ReleaseLine.line)).all()
    assert [(each.result, each.reason) for each in kept] == [("rejected", None), ("rejected", None)]


def test_an_answer_is_replaced_whole_or_not_at_all(rj1: Trust):
    rj1.send([row("1"), row("2")])
    of, ref = released(rj1), references(rj1.database)
    take(rj1, of, rejecting(rj1, "2"))
    with pytest.raises(ServiceError, match="Line 3: no release has given this reference"):
        replaced(rj1, of, (ref["1"], "rejected", "x"), ("ND-0", "loaded"))
    assert [open_.invoice_number for open_ in rj1.open_rows()] == ["2"]


def test_a_file_that_was_replaced_is_not_taken_for_known(rj1: Trust):
    rj1.send([row("1")])
    of, ref = released(rj1), references(rj1.database)["1"]
    first = take(rj1, of, answer((ref, "loaded")))
    replaced(rj1, of, (ref, "rejected", "x"))
    with pytest.raises(ServiceError, match="or say that these answers replace earlier ones"):
        take(rj1, of, answer((ref, "loaded")))
    again = replaced(rj1, of, (ref, "loaded"), on="2026-11-26")
    assert again.id != first.id and rj1.open_rows() == []
    assert replaced(rj1, of, (ref, "loaded"), on="2026-11-27").id in {first.id, again.id}


def replaced(trust: Trust, of: Release, *lines: tuple[str, ...], on: str = LATER) -> acknowledgement.Acknowledgement:
    with at(on), trust.database.writing() as db:
        return acknowledgement.take(db, TEAM, of.id, "again.csv", answer(*lines), replaces=True)
