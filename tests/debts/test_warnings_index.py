"""The Warnings Index feed: what goes on and comes off, exactly when it must, and nothing else."""

from datetime import date

import pytest
from sqlmodel import select

from app.accounts.access import COMMAND_LINE, Actor
from app.core import clock
from app.debts import holds, service, warnings_index
from app.debts.models import Debt
from app.debts.service import Move
from app.return_template.choices import Status
from app.returns import amending, answering
from app.returns.answering import Answer
from app.settings import get_settings
from tests.returns.conftest import MakeTrust, Trust, at, row

TODAY = date(2026, 11, 22)
FRENCH = {"nationality": "France"}


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBTOR_RETURNS_WARNINGS_INDEX_ADDS", "at_once")
    get_settings.cache_clear()


def feed(trust: Trust) -> list[tuple[str, str]]:
    with trust.database.reading() as db:
        events = warnings_index.events_after(db, COMMAND_LINE, 0, 1000)
    assert [event.id for event in events] == [*range(1, len(events) + 1)]
    return [(event.action, event.invoice_number) for event in events]


def released(trust: Trust) -> None:
    """Every debt that belongs is carried by a release."""
    with at("2026-11-22"), trust.database.writing() as db:
        warnings_index.carried(db, clock.now(), db.exec(select(Debt.id)).all())


def move(trust: Trust, status: str, amount: int = 100000, actor: Actor | None = None, **more: str) -> None:
    with at("2026-11-22"), trust.database.writing() as db:
        wanted = Move(Status(status), TODAY, amount, **more)
        service.change_status(db, actor or trust.officer, trust.debt("1").id, wanted)


def test_a_debt_is_added_by_the_release_that_carries_it_and_not_before(rj1: Trust):
    rj1.send([row("1"), row("2", status="Repayment arrangement", status_date="1/10/2026")])
    assert feed(rj1) == []
    released(rj1)
    assert feed(rj1) == [("add", "1")]
    released(rj1)
    assert feed(rj1) == [("add", "1")]


@pytest.mark.parametrize("status", ["arrangement", "repaid", "withdrawn"])
def test_what_is_no_longer_owed_comes_off_at_once(rj1: Trust, status: str):
    rj1.send([row("1")])
    released(rj1)
    move(rj1, status, 0 if status == "repaid" else 100000)
    assert feed(rj1) == [("add", "1"), ("remove", "1")]


def test_what_was_never_on_needs_no_removal(rj1: Trust):
    rj1.send([row("1")])
    move(rj1, "repaid", 0)
    assert feed(rj1) == []


def test_a_default_goes_back_on_with_the_next_release(rj1: Trust):
    rj1.send([row("1")])
    released(rj1)
    move(rj1, "arrangement")
    move(rj1, "defaulted")
    assert feed(rj1)[-1] == ("remove", "1")
    released(rj1)
    assert feed(rj1) == [("add", "1"), ("remove", "1"), ("add", "1")]


def test_a_part_payment_is_nobodys_news(rj1: Trust):
    rj1.send([row("1")])
    released(rj1)
    move(rj1, "outstanding", 90000)
    rj1.send([row("1", amount_outstanding="800.00", uk_postcode="SE1 7AA")])
    assert feed(rj1) == [("add", "1")]


def test_a_hold_takes_a_debt_off_and_its_end_brings_it_back_with_a_release(rj1: Trust):
    rj1.send([row("1")], period="2026-09")
    released(rj1)
    rj1.send([row("1", **FRENCH)])
    assert feed(rj1) == [("add", "1"), ("remove", "1")]
    released(rj1)
    assert len(feed(rj1)) == 2
    rj1.send([row("1")])
    released(rj1)
    assert feed(rj1)[2:] == [("add", "1")]


def test_with_two_debts_a_person_keeps_one_flag_for_each(rj1: Trust):
    person = {"given_names": "Ada", "passport_number": "A1"}
    rj1.send([row("1", **person), row("2", **person)])
    released(rj1)
    move(rj1, "repaid", 0)
    assert feed(rj1) == [("add", "1"), ("add", "2"), ("remove", "1")]


def test_a_corrected_person_is_removed_as_added_and_added_as_corrected(rj1: Trust):
    rj1.send([row("1", family_name="Exampel")])
    released(rj1)
    with at("2026-11-22"), rj1.database.writing() as db:
        amending.amend(db, rj1.officer, rj1.debt("1").id, {"family_name": "Example"})
    released(rj1)
    with rj1.database.reading() as db:
        events = warnings_index.events_after(db, COMMAND_LINE, 0, 10)
    assert [(event.action, event.family_name) for event in events] == [
        ("add", "Exampel"), ("remove", "Exampel"), ("add", "Example"),
    ]  # fmt: skip


def test_reported_before_the_service_and_paid_is_removed_although_no_flag_is_known(rj1: Trust):
    rj1.send([row("1", status="Debt repaid", status_date="1/10/2026", amount_outstanding="0.00")])
    (open_row,) = rj1.open_rows()
    with at("2026-11-22"), rj1.database.writing() as db:
        answering.answer(db, rj1.officer, open_row.id, Answer.REPORTED_BEFORE_SERVICE)
    assert feed(rj1) == [("remove", "1")]


def test_the_wrong_persons_flag_comes_off_and_the_right_persons_waits_for_a_release(rj1: Trust):
    rj1.send([row("1")], period="2026-09")
    released(rj1)
    other = {"family_name": "Other", "given_names": "Somebody", "passport_number": "Z99", "date_of_birth": "1/2/1950"}
    rj1.send([row("1", **other)])
    (open_row,) = rj1.open_rows()
    with at("2026-11-22"), rj1.database.writing() as db:
        answering.answer(db, rj1.officer, open_row.id, Answer.WRONG_PERSON_BEFORE)
    released(rj1)
    assert feed(rj1) == [("add", "1"), ("remove", "1"), ("add", "1")]


def test_withdrawing_the_return_that_first_reported_a_debt_takes_it_off(rj1: Trust):
    sent = rj1.send([row("1")]).return_
    released(rj1)
    rj1.withdraw(sent)
    assert feed(rj1) == [("add", "1"), ("remove", "1")]


def test_a_reinstated_debt_waits_for_a_release(rj1: Trust, team: Actor):
    rj1.send([row("1")])
    released(rj1)
    move(rj1, "repaid", 0)
    move(rj1, "outstanding", actor=team, reason="payment_returned")
    assert feed(rj1)[-1] == ("remove", "1")
    released(rj1)
    assert feed(rj1)[-1] == ("add", "1")


def test_what_was_on_before_the_service_is_added_once(rj1: Trust):
    rj1.send([row("1")])
    for _ in range(2):
        with at("2026-11-22"), rj1.database.writing() as db:
            warnings_index.note_imported(db, clock.now(), [rj1.debt("1").id])
    assert feed(rj1) == [("add", "1")]


@pytest.mark.usefixtures("at_once")
def test_by_setting_additions_do_not_wait(rj1: Trust, team: Actor):
    rj1.send([row("1")], period="2026-09")
    move(rj1, "arrangement")
    move(rj1, "defaulted")
    with at("2026-11-22"), rj1.database.writing() as db:
        holds.hold(db, team, rj1.debt("1").id, "a question")
    with at("2026-11-22"), rj1.database.writing() as db:
        holds.unhold(db, team, rj1.debt("1").id, "answered")
    assert feed(rj1) == [(action, "1") for action in ("add", "remove", "add", "remove", "add")]


@pytest.mark.usefixtures("at_once")
def test_by_setting_a_corrected_person_is_replaced_in_one_step(rj1: Trust):
    rj1.send([row("1", family_name="Exampel")])
    with at("2026-11-22"), rj1.database.writing() as db:
        amending.amend(db, rj1.officer, rj1.debt("1").id, {"family_name": "Example"})
    assert feed(rj1) == [("add", "1"), ("remove", "1"), ("add", "1")]


def test_the_feed_goes_on_from_the_event_seen_last(rj1: Trust):
    rj1.send([row(str(number)) for number in range(5)])
    released(rj1)
    with rj1.database.reading() as db:
        assert [event.id for event in warnings_index.events_after(db, COMMAND_LINE, 2, 2)] == [3, 4]


def test_a_change_that_is_not_committed_leaves_no_gap(hospital: MakeTrust):
    trust = hospital()
    trust.send([row("1"), row("2")])
    with pytest.raises(ZeroDivisionError), trust.database.writing() as db:
        warnings_index.carried(db, clock.now(), [trust.debt("1").id])
        raise ZeroDivisionError
    released(trust)
    assert sorted(feed(trust)) == [("add", "1"), ("add", "2")]
