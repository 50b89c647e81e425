"""A debt in doubt is held: off the Warnings Index and out of releases until the doubt is gone."""

from datetime import date

import pytest

from app.accounts.access import Actor
from app.core.errors import Conflict, NotFound, Refused
from app.debts import holds, queries, service
from app.debts.service import Move
from app.return_template.choices import Status
from app.returns import answering
from app.returns.answering import Answer
from app.returns.histories import history_of, holds_of
from tests.returns.conftest import MakeTrust, Trust, at, row

DOUBTS = {
    "R07": {"nationality": "France"},
    "R08": {"nationality": "British"},
    "R11": {"invoice_date": "01/10/2011"},
    "R16": {"family_name": "Other", "given_names": "Somebody", "passport_number": "Z99", "date_of_birth": "1/2/1950"},
    "R18": {"patient_informed": "No"},
    "R23": {"nationality": "XXB"},
}


def standing(trust: Trust, number: str = "1") -> list[tuple[str, str | None]]:
    debt = trust.debt(number)
    with trust.database.reading() as db:
        found = [(hold.kind, hold.code) for hold in holds.standing_of(db, debt.id)]
    assert debt.held is bool(found)
    return found


def by_hand(trust: Trust, team: Actor, deed, reason: str = "a question") -> None:
    with at("2026-11-22"), trust.database.writing() as db:
        deed(db, team, trust.debt("1").id, reason)


def answered(trust: Trust, answer: Answer) -> None:
    (open_row,) = trust.open_rows()
    with at("2026-11-22"), trust.database.writing() as db:
        answering.answer(db, trust.officer, open_row.id, answer)


@pytest.mark.parametrize("code", DOUBTS)
def test_a_row_that_puts_its_debt_in_doubt_holds_it(rj1: Trust, code: str):
    rj1.send([row("1")], period="2026-09")
    rj1.send([row("1", **DOUBTS[code])])
    assert standing(rj1) == [("rule", code)]


def test_a_row_with_a_slip_of_the_pen_holds_nothing(rj1: Trust):
    rj1.send([row("1")], period="2026-09")
    rj1.send([row("1", amount_outstanding="-1")])
    assert standing(rj1) == []


def test_a_row_in_doubt_about_a_debt_that_was_never_reported_holds_nothing(rj1: Trust):
    rj1.send([row("1"), row("2", **DOUBTS["R07"])])
    assert standing(rj1) == []


def test_the_same_doubt_again_holds_once(rj1: Trust):
    rj1.send([row("1")], period="2026-09")
    for other_names in ("One", "Two"):
        rj1.send([row("1", other_names=other_names, **DOUBTS["R07"])])
    assert standing(rj1) == [("rule", "R07")]


@pytest.mark.parametrize("later", [{}, {"amount_outstanding": "2000.00"}])
def test_a_later_good_row_lets_go_whether_it_changes_something_or_not(rj1: Trust, later: dict[str, str]):
    rj1.send([row("1")], period="2026-09")
    rj1.send([row("1", **DOUBTS["R07"])])
    rj1.send([row("1", **later)])
    assert (standing(rj1), rj1.open_rows()) == ([], [])


def test_the_answer_that_the_earlier_facts_stand_lets_go(rj1: Trust):
    rj1.send([row("1")], period="2026-09")
    rj1.send([row("1", **DOUBTS["R07"])])
    answered(rj1, Answer.EARLIER_FACTS_STAND)
    assert standing(rj1) == []


def test_what_the_debtors_team_holds_only_the_debtors_team_releases(rj1: Trust, team: Actor):
    rj1.send([row("1")], period="2026-09")
    by_hand(rj1, team, holds.hold)
    rj1.send([row("1", **DOUBTS["R07"])])
    rj1.send([row("1")])
    assert standing(rj1) == [("hand", None)]
    by_hand(rj1, team, holds.unhold)
    assert standing(rj1) == []


def test_a_hold_by_hand_needs_a_reason_and_stands_once(rj1: Trust, team: Actor):
    rj1.send([row("1")])
    with pytest.raises(Refused):
        by_hand(rj1, team, holds.hold, " ")
    by_hand(rj1, team, holds.hold)
    with pytest.raises(Conflict):
        by_hand(rj1, team, holds.hold)
    by_hand(rj1, team, holds.unhold)
    with pytest.raises(Conflict):
        by_hand(rj1, team, holds.unhold)


def test_a_trust_cannot_hold_its_debt(rj1: Trust):
    rj1.send([row("1")])
    with pytest.raises(NotFound):
        by_hand(rj1, rj1.officer, holds.hold)


def test_withdrawing_the_return_takes_its_doubt_back_and_brings_back_the_one_that_it_had_settled(rj1: Trust):
    rj1.send([row("1")], period="2026-08")
    doubtful = rj1.send([row("1", **DOUBTS["R07"])], period="2026-09").return_
    settling = rj1.send([row("1", other_names="Good")]).return_
    assert standing(rj1) == []
    rj1.withdraw(settling)
    assert standing(rj1) == [("rule", "R07")]
    rj1.withdraw(doubtful)
    assert standing(rj1) == []


def test_a_hold_stands_in_the_history_and_says_what_ends_it(rj1: Trust, team: Actor):
    rj1.send([row("1")], period="2026-09")
    rj1.send([row("1", **DOUBTS["R07"])])
    by_hand(rj1, team, holds.hold, "the hospital has called")
    debt = rj1.debt("1")
    with rj1.database.reading() as db:
        words = [told.words for told in history_of(db, debt)]
        held = holds_of(db, debt)
    assert words[1:] == ["Held: a row for this invoice failed a rule of the return", "Held: the Debtors Team holds it"]
    assert "(R07)" in held[0].words and "Withdraw the debt" in held[0].way_out
    assert "the hospital has called" in held[1].words


def test_a_held_debt_keeps_its_status_and_can_still_be_paid(hospital: MakeTrust):
    trust = hospital()
    trust.send([row("1")], period="2026-09")
    trust.send([row("1", **DOUBTS["R18"])])
    trust.send([row("1", status="Debt repaid", status_date="1/11/2026", amount_outstanding="0.00")])
    assert (trust.debt("1").status, standing(trust)) == ("repaid", [])


def test_holding_says_when_the_debt_last_changed_so_that_the_same_file_is_judged_anew(rj1: Trust, team: Actor):
    rows = [row("1")]
    first = rj1.send(rows)
    assert rj1.send(rows).return_.id == first.return_.id
    by_hand(rj1, team, holds.hold)
    assert rj1.send(rows).return_.id != first.return_.id
    with rj1.database.reading() as db:
        assert queries.history(db, rj1.debt("1"))[-1].kind == "held"


def test_withdrawing_the_debt_settles_what_a_rule_doubted(rj1: Trust, team: Actor):
    rj1.send([row("1")], period="2026-09")
    rj1.send([row("1", **DOUBTS["R07"])])
    by_hand(rj1, team, holds.hold)
    with at("2026-11-22"), rj1.database.writing() as db:
        move = Move(Status.WITHDRAWN, date(2026, 11, 22), 255000, "patient_exempt")
        service.change_status(db, rj1.officer, rj1.debt("1").id, move)
    assert standing(rj1) == [("hand", None)]


def test_the_wrong_person_is_withdrawn_and_no_longer_doubted(rj1: Trust):
    rj1.send([row("1")], period="2026-09")
    first = rj1.debt("1").id
    rj1.send([row("1", **DOUBTS["R16"])])
    answered(rj1, Answer.WRONG_PERSON_BEFORE)
    with rj1.database.reading() as db:
        assert holds.standing_of(db, first) == []
    assert standing(rj1) == []
