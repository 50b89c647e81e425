"""What was put right is told to everybody who had received it, and to nobody else (UK GDPR Article 19)."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from app.accounts.access import Actor
from app.audit.models import AuditEvent
from app.core.errors import Conflict, NotFound, Refused
from app.debts import service
from app.debts.filters import DebtFilter
from app.debts.service import Move
from app.disputes import corrections
from app.disputes.corrections import How
from app.disputes.rules.cases import Answer, Outcome
from app.releases import live
from app.releases.live import Output
from app.return_template.choices import Status
from app.returns import amending
from tests.disputes.conftest import TODAY, Desk
from tests.returns.conftest import MakeTrust, Trust, at, row

Waiting = list[tuple[str, str, list[str]]]


def give(trust: Trust, team: Actor, recipient: str = "MIDAS", **wanted: object) -> None:
    with at(TODAY):
        filtered = DebtFilter(without_withdrawn=True, **wanted)  # type: ignore[arg-type]
        live.write(trust.database, team, filtered, Output.CSV, "Monthly load", recipient, {}).unlink()


def amend(trust: Trust, number: str = "1", **changes: object) -> None:
    with at(TODAY), trust.database.writing() as db:
        amending.amend(db, trust.officer, trust.debt(number).id, changes)


def move(
    trust: Trust, status: Status, left: int, number: str = "1", on: date = date(2026, 11, 20), **more: object
) -> None:
    with at(TODAY), trust.database.writing() as db:
        service.change_status(db, trust.officer, trust.debt(number).id, Move(status, on, left, **more))  # type: ignore[arg-type]


def waiting(trust: Trust, team: Actor) -> Waiting:
    with at(TODAY), trust.database.reading() as db:
        found = corrections.waiting(db, team)
        return [(one.recipient, one.debt.invoice_number, list(one.headings)) for one in found]


def tell(trust: Trust, team: Actor, how: How = How.EMAIL) -> None:
    with at(TODAY), trust.database.writing() as db:
        found = corrections.waiting(db, team)
        corrections.mark_told(db, team, found[0].recipient_key, [(one.debt.id, one.through) for one in found], how)


def test_nothing_is_to_be_told_before_anybody_received_anything(rj1: Trust, team: Actor):
    rj1.send([row("1")])
    amend(rj1, given_names="Adaeze")
    assert waiting(rj1, team) == []
    give(rj1, team)
    assert waiting(rj1, team) == []


@pytest.mark.parametrize(
    ("changes", "headings"),
    [
        ({"given_names": "Adaeze"}, ["Given names"]),
        ({"date_of_birth": date(1985, 3, 28), "passport_number": None},
         ["Date of birth", "Passport or travel document number"]),
        ({"invoice_amount": 300000, "invoice_date": date(2026, 6, 13)}, ["Invoice date", "Invoice amount"]),
        ({"uk_address": "2 Example Street", "ni_number": "QQ123456C"}, []),
    ],
)  # fmt: skip
def test_a_corrected_particular_is_told_by_its_heading_and_what_is_only_new_is_not(
    rj1: Trust, team: Actor, changes: dict[str, Any], headings: list[str]
):
    rj1.send([row("1"), row("2")])
    give(rj1, team)
    amend(rj1, **changes)
    assert waiting(rj1, team) == ([("MIDAS", "1", headings)] if headings else [])


def test_a_withdrawn_debt_is_told_to_everybody_who_received_it_and_to_nobody_else(rj1: Trust, team: Actor):
    rj1.send([row("1"), row("2", nationality="Ghana")])
    give(rj1, team, "MIDAS")
    give(rj1, team, "Audit office")
    give(rj1, team, "Ghana desk", nationality="GHA")
    move(rj1, Status.WITHDRAWN, 255000, reason="duplicate")
    assert waiting(rj1, team) == [("Audit office", "1", ["Withdrawn"]), ("MIDAS", "1", ["Withdrawn"])]


def test_a_payment_is_news_and_a_mistaken_status_is_a_correction(rj1: Trust, team: Actor):
    rj1.send([row("1")])
    give(rj1, team)
    move(rj1, Status.REPAID, 0)
    assert waiting(rj1, team) == []
    give(rj1, team)
    move(rj1, Status.OUTSTANDING, 255000, correction=True)
    assert waiting(rj1, team) == [("MIDAS", "1", ["Debt status", "Amount outstanding"])]


def test_a_correction_by_a_return_and_a_return_that_was_withdrawn_are_told_too(rj1: Trust, team: Actor):
    rj1.send([row("1"), row("2")])
    give(rj1, team)
    later = rj1.send([row("1", given_names="Ada One"), row("3")]).return_
    assert waiting(rj1, team) == [("MIDAS", "1", ["Given names"])]
    give(rj1, team)
    assert later is not None
    rj1.withdraw(later)
    assert sorted(waiting(rj1, team)) == [("MIDAS", "1", ["Given names"]), ("MIDAS", "3", ["Withdrawn"])]


def test_a_dispute_that_was_upheld_is_told_and_one_that_was_not_is_none(desk: Desk):
    trust, team = desk.trust, desk.team
    trust.send([row("1"), row("2")])
    give(trust, team)
    desk.settle(desk.answer(desk.open("1"), Answer.WITHDRAWN, reason="patient_exempt"), Outcome.UPHELD)
    desk.settle(desk.answer(desk.open("2"), Answer.STANDS, "No."), Outcome.NOT_UPHELD)
    assert waiting(trust, team) == [("MIDAS", "1", ["Withdrawn", "Dispute upheld"])]


def test_a_later_file_to_the_same_recipient_tells_it_by_itself(rj1: Trust, team: Actor):
    rj1.send([row("1")])
    give(rj1, team, "MIDAS")
    give(rj1, team, "Audit office")
    amend(rj1, given_names="Adaeze")
    give(rj1, team, " midas ")
    assert waiting(rj1, team) == [("Audit office", "1", ["Given names"])]


def test_what_was_told_waits_no_more_until_more_is_put_right(rj1: Trust, team: Actor):
    rj1.send([row("1")])
    give(rj1, team)
    amend(rj1, given_names="Adaeze")
    tell(rj1, team)
    assert waiting(rj1, team) == []
    amend(rj1, family_name="Exampel")
    assert waiting(rj1, team) == [("MIDAS", "1", ["Family name"])]
    with rj1.database.reading() as db:
        (told,) = corrections.told_of(db, rj1.debt("1").id)
        assert (told.recipient, told.how, told.by) == ("MIDAS", "email", team.id)
        (event,) = db.exec(select(AuditEvent).where(AuditEvent.action == "correction:pass-on")).all()
        assert event.detail == {"recipient": "MIDAS", "how": "email"}


def test_only_what_is_shown_as_waiting_can_be_marked(rj1: Trust, team: Actor):
    rj1.send([row("1")])
    give(rj1, team)
    amend(rj1, given_names="Adaeze")
    with at(TODAY), rj1.database.writing() as db:
        (one,) = corrections.waiting(db, team)
        for key, items in (("midas", [(one.debt.id, one.through - 1)]), ("audit office", [(one.debt.id, one.through)])):
            with pytest.raises(Conflict):
                corrections.mark_told(db, team, key, items, How.EMAIL)
        with pytest.raises(Refused):
            corrections.mark_told(db, team, "midas", [], How.EMAIL)


def test_a_trust_sees_none_of_it(hospital: MakeTrust, team: Actor):
    trust = hospital("RJ1")
    trust.send([row("1")])
    give(trust, team)
    amend(trust, given_names="Adaeze")
    with at(TODAY), trust.database.reading() as db, pytest.raises(NotFound):
        corrections.waiting(db, trust.officer)
