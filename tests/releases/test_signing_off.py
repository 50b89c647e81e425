"""A release from its sample to its approval: wrong lines hold their debt, and a second person signs."""

import pytest
from sqlmodel import col, select

from app.audit.models import AuditAction, AuditEvent
from app.core.errors import Conflict, Forbidden, NotFound, Refused
from app.debts import holds
from app.releases import sampling
from app.releases.models import SampleLine, State
from tests.releases.desk import Desk, person
from tests.returns.conftest import Trust, at, hospital, rj1, row

__all__ = ["hospital", "rj1"]


@pytest.fixture
def desk(rj1: Trust) -> Desk:
    rj1.send([row(str(number)) for number in range(1, 13)])
    return Desk(rj1)


def standing(desk: Desk, number: str) -> list[tuple[str, str | None]]:
    with desk.database.reading() as db:
        return [(hold.kind, hold.code) for hold in holds.standing_of(db, desk.trust.debt(number).id)]


def number_of(desk: Desk, line: int) -> str:
    return desk.trust.debts()[line - 1].invoice_number


def test_ten_of_twelve_lines_are_drawn_and_wait_to_be_looked_at(desk: Desk):
    lines = desk.sample(desk.prepare())
    assert (len(lines), {line.correct for line in lines}) == (10, {None})


def test_a_release_without_lines_has_nothing_to_look_at_and_can_be_approved(rj1: Trust):
    desk = Desk(rj1)
    release = desk.prepare()
    assert desk.sample(release) == []
    assert desk.approve(release).state == State.APPROVED


def test_a_wrong_line_holds_its_debt_and_right_again_frees_it(desk: Desk):
    release = desk.prepare()
    line = desk.sample(release)[0].line
    number = number_of(desk, line)
    found = desk.judge(release, line, correct=False, reason="name_differs")
    assert (found.correct, found.reason, found.judged_by) == (False, "name_differs", desk.one.id)
    assert (standing(desk, number), desk.trust.debt(number).held) == ([("sample", "name_differs")], True)
    desk.judge(release, line, correct=False, reason="amount_differs")
    assert standing(desk, number) == [("sample", "amount_differs")]
    found = desk.judge(release, line, correct=True)
    assert (found.reason, standing(desk, number), desk.trust.debt(number).held) == (None, [], False)


def test_another_hold_of_the_debt_stands_when_its_line_is_right_again(desk: Desk):
    release = desk.prepare()
    line = desk.sample(release)[0].line
    with at("2026-11-22"), desk.database.writing() as db:
        holds.hold(db, desk.two, desk.trust.debts()[line - 1].id, "a question")
    desk.judge(release, line, correct=False, reason="other")
    desk.judge(release, line, correct=True)
    assert standing(desk, number_of(desk, line)) == [("hand", None)]


@pytest.mark.parametrize("reason", [None, "", "looks odd"])
def test_wrong_needs_a_reason_of_the_list_and_nothing_is_marked_without(desk: Desk, reason: str | None):
    release = desk.prepare()
    line = desk.sample(release)[0].line
    with pytest.raises(Refused, match="name_differs, birth_differs, amount_differs"):
        desk.judge(release, line, correct=False, reason=reason)
    assert desk.sample(release)[0].correct is None


def test_a_line_outside_the_sample_and_a_release_that_is_not_there_are_not_found(desk: Desk):
    release = desk.prepare()
    (outside, _) = set(range(1, 13)) - {line.line for line in desk.sample(release)}
    with pytest.raises(NotFound):
        desk.judge(release, outside, correct=True)
    with pytest.raises(NotFound), desk.database.writing() as db:
        sampling.judge(db, desk.one, "0" * 32, 1, correct=True)


def test_nothing_is_judged_once_it_is_approved(desk: Desk):
    release = desk.approved()
    with pytest.raises(Conflict, match="Release 1 is approved"):
        desk.judge(release, desk.sample(release)[0].line, correct=False, reason="other")


def test_it_is_not_approved_while_lines_wait(desk: Desk):
    release = desk.prepare()
    first = desk.sample(release)[0].line
    desk.pass_all(release, but=[first])
    with pytest.raises(Conflict, match="1 line of the sample of 10 still waits"):
        desk.approve(release)
    desk.judge(release, first, correct=True)
    approved = desk.approve(release)
    assert (approved.state, approved.approved_by) == (State.APPROVED, desk.two.id)
    assert approved.approved_at is not None


def test_neither_who_prepared_it_nor_anybody_who_ever_sampled_it_may_approve_it(desk: Desk):
    release = desk.prepare()
    desk.pass_all(release)
    three = person(desk.database, "three")
    line = desk.sample(release)[0].line
    desk.judge(release, line, correct=True, by=three)
    desk.judge(release, line, correct=True)
    with pytest.raises(Forbidden, match="You prepared release 1"):
        desk.approve(release, by=desk.one)
    with pytest.raises(Forbidden, match="You checked lines of release 1"):
        desk.approve(release, by=three)
    assert desk.approve(release).state == State.APPROVED


def test_one_wrong_line_of_ten_may_stay_behind_but_two_stop_the_release(desk: Desk):
    release = desk.prepare()
    first, second, *_ = [line.line for line in desk.sample(release)]
    desk.pass_all(release)
    desk.judge(release, first, correct=False, reason="birth_differs")
    desk.judge(release, second, correct=False, reason="birth_differs")
    with pytest.raises(Conflict, match="2 of the 10 lines of the sample are wrong, which is more than 5%"):
        desk.approve(release)
    desk.judge(release, second, correct=True)
    assert desk.approve(release).state == State.APPROVED


def test_it_is_given_up_with_a_reason_that_is_kept_and_then_is_at_its_end(desk: Desk):
    release = desk.prepare()
    with pytest.raises(Refused, match="Say why"):
        desk.abandon(release, "  ")
    given_up = desk.abandon(release, " The wrong recipient. ")
    assert (given_up.state, given_up.abandoned_by) == (State.ABANDONED, desk.two.id)
    assert given_up.abandoned_because == "The wrong recipient."
    with pytest.raises(Conflict, match="Release 1 is abandoned"):
        desk.approve(release)


def test_the_hold_of_a_wrong_line_outlives_an_abandoned_release(desk: Desk):
    release = desk.prepare()
    line = desk.sample(release)[0].line
    desk.judge(release, line, correct=False, reason="other")
    desk.abandon(release)
    assert standing(desk, number_of(desk, line)) == [("sample", "other")]


def test_each_step_is_in_the_audit_without_anybodys_data(desk: Desk):
    desk.approved()
    with desk.database.reading() as db:
        events = db.exec(
            select(AuditEvent).where(AuditEvent.subject_type == "release").order_by(col(AuditEvent.id))
        ).all()
        judged = db.exec(select(SampleLine)).all()
    assert [event.action for event in events] == [AuditAction.RELEASE_SAMPLED] * 10 + [AuditAction.RELEASE_APPROVED]
    assert {event.detail["line"] for event in events[:10]} == {line.line for line in judged}
    assert events[-1].detail == {"sample": 10, "wrong": 0}
