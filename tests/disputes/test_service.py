"""A dispute from its opening to its settlement: the hold, the clock, the trust's answer, who may do what."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from app.accounts.access import Actor
from app.audit.models import AuditEvent
from app.core.errors import Conflict, NotFound, Refused
from app.debts import holds, service, warnings_index
from app.debts.service import Move
from app.disputes import reading
from app.disputes import service as disputes
from app.disputes.reading import Case, Count, Show
from app.disputes.rules.cases import Answer, Outcome, Reason, State
from app.disputes.service import Reply
from app.return_template.choices import Status
from app.returns import amending
from tests.disputes.conftest import OBJECTION, Desk
from tests.returns.conftest import MakeTrust, Trust, at, row

RELEASED = datetime(2026, 11, 1, 12, tzinfo=UTC)


def shown(trust: Trust, actor: Actor, show: Show = Show.OPEN, on: str = "2026-11-22") -> list[Case]:
    with at(on), trust.database.reading() as db:
        return list(reading.page_of(db, actor, show, 1).items)


def counted(trust: Trust, actor: Actor) -> list[Count]:
    with at("2026-11-22"), trust.database.reading() as db:
        return reading.counts(db, actor)


def feed(trust: Trust, actor: Actor) -> list[str]:
    with trust.database.reading() as db:
        return [event.action for event in warnings_index.events_after(db, actor, 0, 100)]


def kinds_of_holds(trust: Trust, number: str = "1") -> list[str]:
    with trust.database.reading() as db:
        return [hold.kind for hold in holds.standing_of(db, trust.debt(number).id)]


def test_a_disputed_debt_is_held_at_once_and_leaves_the_warnings_index(rj1: Trust, desk: Desk):
    rj1.send([row("1")])
    with rj1.database.writing() as db:
        warnings_index.carried(db, RELEASED, [rj1.debt("1").id])
    desk.open()
    debt = rj1.debt("1")
    assert (debt.held, debt.disputed, debt.flagged, feed(rj1, desk.team)) == (True, True, False, ["add", "remove"])


def test_releasing_by_hand_ends_every_hold_but_the_disputes(rj1: Trust, desk: Desk):
    rj1.send([row("1")])
    desk.open()
    with at("2026-11-22"), rj1.database.writing() as db:
        holds.hold(db, desk.team, rj1.debt("1").id, "a question")
    with at("2026-11-22"), rj1.database.writing() as db:
        holds.unhold(db, desk.team, rj1.debt("1").id, "answered")
    assert kinds_of_holds(rj1) == ["dispute"]
    with pytest.raises(Conflict), at("2026-11-22"), rj1.database.writing() as db:
        holds.unhold(db, desk.team, rj1.debt("1").id, "answered")
    assert rj1.debt("1").held and rj1.debt("1").disputed


def test_the_answer_is_due_a_month_after_the_day_on_which_it_was_received(rj1: Trust, desk: Desk):
    rj1.send([row("1"), row("2")])
    assert desk.open("1", received_on=date(2026, 10, 31)).due_on == date(2026, 11, 30)
    assert desk.open("2", due_on=date(2026, 12, 1)).due_on == date(2026, 12, 1)


def test_there_is_one_open_dispute_about_a_debt_and_a_second_is_told_how_the_first_stands(rj1: Trust, desk: Desk):
    rj1.send([row("1")])
    first = desk.open()
    with pytest.raises(Conflict, match="it waits for the trust’s answer, due on 20 December 2026"):
        desk.open()
    desk.settle(desk.answer(first, Answer.STANDS, "Never paid."), Outcome.NOT_UPHELD)
    assert desk.open().id != first.id


def test_the_trust_says_why_the_record_stands_and_settling_ends_the_hold(rj1: Trust, desk: Desk):
    rj1.send([row("1")])
    opened = desk.open()
    with pytest.raises(Refused, match="Say why the record is right"):
        desk.answer(opened, Answer.STANDS)
    desk.answer(opened, Answer.STANDS, "No payment has arrived.")
    assert rj1.debt("1").held
    desk.settle(opened, Outcome.NOT_UPHELD)
    assert (rj1.debt("1").held, rj1.debt("1").disputed) == (False, False)


def test_corrected_says_only_who_has_corrected_something(rj1: Trust, desk: Desk):
    rj1.send([row("1")])
    opened = desk.open(reason=Reason.WRONG_DETAILS)
    with pytest.raises(Refused, match="Nothing of this debt has been corrected"):
        desk.answer(opened, Answer.AMENDED)
    with at("2026-11-22"), rj1.database.writing() as db:
        amending.amend(db, rj1.officer, opened.debt_id, {"given_names": "Adaeze"})
    desk.answer(opened, Answer.AMENDED)
    desk.settle(opened, Outcome.UPHELD)
    assert (rj1.debt("1").given_names, kinds_of_holds(rj1)) == ("Adaeze", [])


def test_being_held_or_released_puts_nothing_right(rj1: Trust, desk: Desk):
    rj1.send([row("1")])
    opened = desk.open()
    with at("2026-11-22"), rj1.database.writing() as db:
        holds.hold(db, desk.team, opened.debt_id, "Under review.")
        holds.unhold(db, desk.team, opened.debt_id, "Reviewed.")
    with pytest.raises(Refused, match="Nothing of this debt has been corrected"):
        desk.answer(opened, Answer.AMENDED)


def test_a_correction_can_come_with_the_answer_and_is_judged_like_any(rj1: Trust, desk: Desk):
    rj1.send([row("1")])
    opened = desk.open(reason=Reason.WRONG_DETAILS)
    with pytest.raises(Refused):
        desk.answer(opened, Answer.AMENDED, particulars={"nationality": "FRA"})
    assert desk.answer(opened, Answer.AMENDED, particulars={"given_names": "Adaeze"}).answer == "amended"
    assert rj1.debt("1").given_names == "Adaeze"


def pays(trust: Trust) -> None:
    with at("2026-11-22"), trust.database.writing() as db:
        service.change_status(db, trust.officer, trust.debt("1").id, Move(Status.OUTSTANDING, None, 250_000))


def changes_and_puts_back(trust: Trust) -> None:
    for name in ("Adaeze", "Ada 1"):
        with at("2026-11-22"), trust.database.writing() as db:
            amending.amend(db, trust.officer, trust.debt("1").id, {"given_names": name})


def says_its_site(trust: Trust) -> None:
    trust.send([row("1", site="St Example", your_reference="X1")], on="2026-11-23")


@pytest.mark.parametrize("meanwhile", [pays, changes_and_puts_back, says_its_site])
def test_what_was_upheld_stays_held_until_what_it_was_about_is_put_right(rj1: Trust, desk: Desk, meanwhile):
    rj1.send([row("1")])
    opened = desk.open(reason=Reason.WRONG_DETAILS)
    meanwhile(rj1)
    desk.settle(desk.answer(opened, Answer.STANDS, "We have looked.", on="2026-11-23"), Outcome.UPHELD, on="2026-11-24")
    assert rj1.debt("1").held


@pytest.mark.parametrize("meanwhile", [changes_and_puts_back, says_its_site])
def test_what_was_put_back_or_never_leaves_is_no_correction(rj1: Trust, desk: Desk, meanwhile):
    rj1.send([row("1")])
    opened = desk.open()
    meanwhile(rj1)
    with pytest.raises(Refused, match="Nothing of this debt has been corrected"):
        desk.answer(opened, Answer.AMENDED, on="2026-11-23")


def test_a_payment_recorded_since_is_a_correction_where_payment_was_in_dispute(rj1: Trust, desk: Desk):
    rj1.send([row("1")])
    opened = desk.open(reason=Reason.ALREADY_PAID)
    with at("2026-11-22"), rj1.database.writing() as db:
        service.change_status(db, rj1.officer, opened.debt_id, Move(Status.REPAID, date(2026, 11, 1), 0))
    assert desk.answer(opened, Answer.AMENDED).answer == "amended"


def test_withdrawing_needs_a_reason_happens_with_the_answer_and_outlasts_the_hold(rj1: Trust, desk: Desk):
    rj1.send([row("1")])
    opened = desk.open(reason=Reason.EXEMPT)
    with pytest.raises(Refused, match="Choose why"):
        desk.answer(opened, Answer.WITHDRAWN, reason="because")
    desk.answer(opened, Answer.WITHDRAWN, reason="patient_exempt")
    desk.settle(opened, Outcome.UPHELD)
    debt = rj1.debt("1")
    assert (debt.status, debt.withdrawal_reason, debt.held) == ("withdrawn", "patient_exempt", False)


def test_a_record_that_was_found_wrong_and_is_not_corrected_stays_held(rj1: Trust, desk: Desk):
    rj1.send([row("1")])
    opened = desk.answer(desk.open(), Answer.STANDS, "We think not.")
    desk.settle(opened, Outcome.PARTLY_UPHELD)
    assert (rj1.debt("1").disputed, kinds_of_holds(rj1)) == (False, ["hand"])


def test_an_answer_is_given_once(rj1: Trust, desk: Desk):
    rj1.send([row("1")])
    opened = desk.answer(desk.open(), Answer.STANDS, "No payment.")
    with pytest.raises(Conflict, match="the trust answered on 22 November 2026: the record is right"):
        desk.answer(opened, Answer.WITHDRAWN, reason="duplicate")
    desk.settle(opened, Outcome.NOT_UPHELD)
    with pytest.raises(Conflict, match="it was closed on 22 November 2026 as not upheld"):
        desk.settle(opened, Outcome.UPHELD)


def test_the_trust_is_heard_first_unless_its_answer_is_late(rj1: Trust, desk: Desk):
    rj1.send([row("1")])
    opened = desk.open(due_on=date(2026, 11, 25))
    with pytest.raises(Conflict, match="until 25 November 2026"):
        desk.settle(opened, Outcome.UPHELD, on="2026-11-25")
    assert desk.settle(opened, Outcome.UPHELD, on="2026-11-26").outcome == "upheld"


def test_opened_by_mistake_counts_nowhere_and_frees_the_debt(rj1: Trust, desk: Desk):
    rj1.send([row("1")])
    desk.abandon(desk.open())
    assert not rj1.debt("1").held
    assert counted(rj1, desk.team) == []


def test_a_withdrawn_debt_is_not_disputed_any_more(rj1: Trust, desk: Desk):
    rj1.send([row("1")])
    with at("2026-11-22"), rj1.database.writing() as db:
        service.change_status(
            db, rj1.officer, rj1.debt("1").id, Move(Status.WITHDRAWN, date(2026, 11, 22), 0, "duplicate")
        )
    with pytest.raises(Conflict, match="withdrawn"):
        desk.open()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"received_on": date(2026, 11, 23)}, "received_on"), ({"received_on": date(1999, 1, 1)}, "received_on"),
     ({"due_on": date(2026, 11, 19)}, "due_on"), ({"due_on": date(2028, 1, 1)}, "due_on"),
     ({"case_reference": " "}, "case_reference"), ({"case_reference": "x" * 41}, "case_reference"),
     ({"note": "x" * 501}, "note")],
)  # fmt: skip
def test_what_cannot_be_taken_is_told_beside_its_field(rj1: Trust, desk: Desk, changes: dict, field: str):
    rj1.send([row("1")])
    with pytest.raises(Refused) as refused:
        desk.open(**changes)
    assert refused.value.field == field
    assert not rj1.debt("1").held


def test_a_trust_sees_and_answers_its_own_and_its_predecessors_disputes_only(hospital: MakeTrust, team: Actor):
    one, other, heir = hospital("RJ1"), hospital("RYJ"), hospital("RJ2", "RJ1")
    one.send([row("1")])
    opened = Desk(one, team).open()
    assert shown(one, other.officer) == []
    with at("2026-11-22"), one.database.writing() as db, pytest.raises(NotFound):
        disputes.answer(db, other.officer, opened.id, Reply(Answer.STANDS, "x"))
    assert [case.dispute.id for case in shown(one, heir.officer)] == [opened.id]
    with at("2026-11-22"), one.database.writing() as db:
        assert disputes.answer(db, heir.officer, opened.id, Reply(Answer.STANDS, "Ours now.")).answer == "stands"


def test_the_debtors_team_does_not_answer_for_a_trust_and_a_trust_neither_opens_nor_settles(rj1: Trust, desk: Desk):
    rj1.send([row("1")])
    opened = desk.open()
    with at("2026-11-22"), rj1.database.writing() as db:
        for forbidden in (
            lambda: disputes.answer(db, desk.team, opened.id, Reply(Answer.STANDS, "x")),
            lambda: disputes.open_dispute(db, rj1.officer, opened.debt_id, OBJECTION),
            lambda: disputes.settle(db, rj1.officer, opened.id, Outcome.UPHELD, "x"),
            lambda: disputes.abandon(db, rj1.officer, opened.id, "x"),
        ):
            with pytest.raises(NotFound):
                forbidden()


def test_lists_say_whose_turn_it_is_and_how_late_the_answer_is(rj1: Trust, desk: Desk):
    rj1.send([row("1"), row("2"), row("3")])
    desk.open("1", due_on=date(2026, 11, 25))
    desk.answer(desk.open("2"), Answer.STANDS, "No.", on="2026-11-23")
    desk.settle(desk.answer(desk.open("3"), Answer.STANDS, "No.", on="2026-12-22"), Outcome.NOT_UPHELD, on="2026-12-23")
    late = shown(rj1, desk.team, Show.LATE, "2026-11-27")
    assert [(case.debt.invoice_number, case.timing, case.late) for case in late] == [("1", "answer 2 days late", True)]
    answered = shown(rj1, desk.team, Show.ANSWERED)
    assert [(case.debt.invoice_number, case.state, case.timing) for case in answered] == [
        ("2", State.ANSWERED, "answered in time")
    ]
    assert [case.timing for case in shown(rj1, desk.team, Show.CLOSED)] == ["answered 2 days late"]
    assert [case.debt.invoice_number for case in shown(rj1, desk.team, Show.ALL)] == ["1", "2", "3"]


def test_what_was_upheld_is_counted_by_trust_and_held_against_its_debts(hospital: MakeTrust, team: Actor):
    one, other = hospital("RJ1"), hospital("RYJ")
    one.send([row(str(number)) for number in range(1, 5)])
    other.send([row("9", passport_number="X99")])
    desk = Desk(one, team)
    for number, outcome in (("1", Outcome.UPHELD), ("2", Outcome.NOT_UPHELD)):
        desk.settle(desk.answer(desk.open(number), Answer.STANDS, "No."), outcome)
    desk.open("3")
    Desk(other, team).open("9")
    first, second = counted(one, team)
    assert (first.code, first.disputes, first.open, first.upheld, first.not_upheld, first.rate) == (
        "RJ1",
        3,
        1,
        1,
        1,
        0.25,
    )
    assert (second.code, second.rate) == ("RYJ", 0.0)
    assert [count.code for count in counted(one, one.officer)] == ["RJ1"]


def test_everything_is_audited_without_a_word_that_was_typed(rj1: Trust, desk: Desk):
    rj1.send([row("1")])
    desk.settle(desk.answer(desk.open(), Answer.STANDS, "Ada owes it."), Outcome.NOT_UPHELD, "Ada owes it.")
    desk.abandon(desk.open())
    with rj1.database.reading() as db:
        events = db.exec(select(AuditEvent).where(AuditEvent.subject_type == "dispute").order_by(AuditEvent.id)).all()
    assert [event.action for event in events] == [
        "dispute:open", "dispute:answer", "dispute:settle", "dispute:open", "dispute:abandon",
    ]  # fmt: skip
    assert "Ada" not in str([event.detail for event in events]) and "DT-2026" not in str([e.detail for e in events])
