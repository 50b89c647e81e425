"""Status checks on both databases: what is told of whom, that it is kept, and that nobody asks without end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlmodel import select

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE, Actor, Grant
from app.accounts.permissions import Role
from app.audit.models import AuditAction, AuditEvent
from app.core import clock
from app.core.errors import Forbidden, Refused
from app.debts import service as debts
from app.debts.models import Debt
from app.debts.service import Move
from app.organisations import contacts
from app.organisations.contacts import Details
from app.organisations.models import Organisation
from app.return_template.choices import Status
from app.status_checks import service
from app.status_checks.models import CheckedDebt, StatusCheck
from app.status_checks.service import Answer, TurnedAway
from tests.returns.conftest import MakeTrust, Trust, at, row
from tests.status_checks.conftest import Asks

PASSPORT = "A0000001"  # of the row "1"


def statuses(answer) -> list[tuple[str, int]]:
    return [(one.status, one.owed) for one in answer.standings]


def move(trust: Trust, status: str, amount: int) -> None:
    with at("2026-11-22"), trust.database.writing() as db:
        step = Move(Status(status), date(2026, 11, 22), amount)
        debts.change_status(db, trust.officer, trust.debt("1").id, step)


def events(database) -> list[AuditEvent]:
    with database.reading() as db:
        found = select(AuditEvent).where(AuditEvent.action == AuditAction.STATUS_CHECKED).order_by(AuditEvent.id)
        return list(db.exec(found))


def test_an_officer_learns_what_is_owed_since_when_it_is_known_and_whom_to_ask(rj1: Trust, ask: Asks, database):
    rj1.send([row("1")])
    with database.writing() as db:
        contacts.add(db, "RJ1", Details("Cashiers", "debts", email="cash@rj1.example"))
        contacts.add(db, "RJ1", Details("Overseas visitors office", "urgent_checks", phone="020 7946 0123"))
    answer = ask(passport_number=PASSPORT)
    (one,) = answer.standings
    assert (one.status, one.owed, one.held, one.unconfirmed) == ("outstanding", 255000, False, False)
    assert one.last_confirmed == date(2026, 10, 31)
    assert answer.as_at == at_noon("2026-11-22")
    assert one.organisation.startswith("Guy's") and one.contact.office == "Overseas visitors office"


def at_noon(day: str):
    with at(day):
        return clock.now()


def test_a_payment_of_today_is_told_today(rj1: Trust, ask: Asks):
    rj1.send([row("1")])
    move(rj1, "repaid", 0)
    (one,) = ask(passport_number=PASSPORT).standings
    assert (one.status, one.owed, one.last_confirmed) == ("repaid", 0, date(2026, 11, 22))
    assert one.words == "Debt repaid: nothing is owed."


def test_a_withdrawn_debt_is_told_as_nothing_owed_because_an_old_marker_may_still_stand(rj1: Trust, ask: Asks):
    rj1.send([row("1")])
    move(rj1, "withdrawn", 255000)
    assert rj1.debt("1").amount_outstanding == 255000
    assert statuses(ask(passport_number=PASSPORT)) == [("withdrawn", 0)]


def test_a_held_debt_is_in_doubt(rj1: Trust, ask: Asks, database):
    rj1.send([row("1")])
    with database.writing() as db:
        db.exec(select(Debt)).one().held = True
    (one,) = ask(passport_number=PASSPORT).standings
    assert one.held and one.caution.startswith("In doubt: do not rely on it.")


def test_a_debt_that_nobody_has_confirmed_for_months_says_so(rj1: Trust, ask: Asks):
    rj1.send([row("1")])
    (one,) = ask("2027-02-15", passport_number=PASSPORT).standings
    assert one.unconfirmed and "Not confirmed since 31 October 2026" in one.caution


def test_a_passport_finds_this_persons_debts_at_every_trust_the_open_ones_first(hospital: MakeTrust, ask: Asks):
    one, other = hospital("RJ1"), hospital("RYJ")
    one.send([row("1")])
    other.send([row("7", passport_number=PASSPORT, amount_outstanding="900.00")])
    move(one, "repaid", 0)
    assert statuses(ask(passport_number=PASSPORT)) == [("outstanding", 90000), ("repaid", 0)]


def test_an_invoice_finds_this_persons_debt_and_nobody_elses_of_the_same_number(hospital: MakeTrust, ask: Asks):
    one, other = hospital("RJ1"), hospital("RYJ")
    one.send([row("0012")])
    other.send([row("0012", family_name="Another", given_names="One")])
    (found,) = ask(invoice_number=" 0012").standings
    assert found.organisation.startswith("Guy's")
    assert ask(invoice_number="12").standings == []


@pytest.mark.parametrize(
    "changes",
    [
        {"family_name": "Exam"},
        {"family_name": "Other"},
        {"date_of_birth": date(1985, 3, 26)},
        {"passport_number": "A0000002"},
        {"passport_number": "A000000%"},
        {"passport_number": "", "invoice_number": "1%"},
        {"passport_number": "", "invoice_number": "2"},
    ],
)
def test_what_does_not_agree_exactly_finds_nothing_and_is_kept_all_the_same(rj1: Trust, ask: Asks, database, changes):
    rj1.send([row("1"), row("2", family_name="Neighbour")])
    answer = ask(**{"passport_number": PASSPORT} | changes)
    assert isinstance(answer, Answer) and answer.standings == []
    with database.reading() as db:
        assert [one.matches for one in db.exec(select(StatusCheck))] == [0]
    assert [event.detail["matches"] for event in events(database)] == [0]


def test_a_debt_of_the_same_person_that_the_number_does_not_name_stays_unsaid(rj1: Trust, ask: Asks):
    rj1.send([row("1"), row("2", given_names="Ada 1", passport_number="")])
    assert rj1.debt("1").debtor_id == rj1.debt("2").debtor_id
    assert len(ask(passport_number=PASSPORT).standings) == 1


def test_a_check_keeps_who_when_and_why_and_never_what_was_typed(rj1: Trust, ask: Asks, officer: Actor, database):
    rj1.send([row("1")])
    answer = ask(passport_number=PASSPORT, reason="other", case_reference="BF/2026/01234")
    debt = rj1.debt("1")
    with database.reading() as db:
        kept = db.exec(select(StatusCheck)).one()
        (told,) = service.checks_of(db, [debt.id])
    assert (kept.actor, kept.reason, kept.case_reference, kept.matches) == (officer.id, "other", "BF/2026/01234", 1)
    assert (told.debt_id, told.actor, told.reason, told.reference) == (debt.id, officer.id, "other", answer.reference)
    (event,) = events(database)
    assert (event.actor, event.subject_id, event.outcome) == (officer.id, kept.id, "done")
    assert event.detail == {"reason": "other", "matches": 1, "debts": [debt.id]}


def test_the_record_of_a_person_lists_the_checks_of_their_debts_and_no_others(rj1: Trust, ask: Asks, database):
    rj1.send([row("1"), row("2")])
    ask(passport_number=PASSPORT)
    ask(invoice_number="2")
    ask(invoice_number="1")
    with database.reading() as db:
        assert len(db.exec(select(CheckedDebt)).all()) == 3
        told = service.checks_of(db, [rj1.debt("1").id])
        assert [one.debt_id for one in told] == [rj1.debt("1").id] * 2
        assert told[0].at < told[1].at
        assert service.checks_of(db, []) == []


def test_the_check_is_known_for_longer_than_the_debt_is_kept(rj1: Trust, ask: Asks, database):
    rj1.send([row("1")])
    ask(passport_number=PASSPORT)
    id_ = rj1.debt("1").id
    with database.writing() as db:
        db.connection().exec_driver_sql("DELETE FROM debt_events")
        db.connection().exec_driver_sql("DELETE FROM debts")
    with database.reading() as db:
        assert [one.debt_id for one in service.checks_of(db, [id_])] == [id_]


@pytest.fixture
def two_an_hour(database, monkeypatch):
    monkeypatch.setenv("DEBTOR_RETURNS_STATUS_CHECKS_PER_HOUR", "2")


def test_after_the_hours_last_check_an_officer_is_turned_away_until_the_first_is_an_hour_old(
    two_an_hour, ask: Asks, database, monkeypatch
):
    began = clock.real_now()

    def later(by: timedelta) -> None:
        monkeypatch.setattr(clock, "real_now", lambda: began + by)

    later(timedelta())
    assert isinstance(ask(invoice_number="1"), Answer)
    later(timedelta(minutes=20))
    assert isinstance(ask(invoice_number="1"), Answer)
    turned_away = ask(invoice_number="1")
    assert isinstance(turned_away, TurnedAway)
    assert turned_away.seconds == 40 * 60 and "Ask again in 40 minutes" in turned_away.words
    later(timedelta(minutes=60, microseconds=-1))
    assert ask(invoice_number="1").seconds == 1
    later(timedelta(minutes=60))
    assert isinstance(ask(invoice_number="1"), Answer)  # two within the hour again
    assert isinstance(ask(invoice_number="1"), TurnedAway)
    assert [event.outcome for event in events(database)] == ["done", "done", "refused", "refused", "done", "refused"]


def test_the_limit_is_each_officers_own_and_a_question_that_cannot_be_asked_costs_none(
    two_an_hour, ask: Asks, database
):
    with database.writing() as db:
        other = accounts.actor_for_user(db, accounts.add_user(db, COMMAND_LINE, "second@border.example", "border"))
    for _ in range(3):
        with pytest.raises(Refused):
            ask(passport_number="1", invoice_number="1")
    assert isinstance(ask(invoice_number="1"), Answer) and isinstance(ask(invoice_number="1"), Answer)
    assert isinstance(ask(invoice_number="1"), TurnedAway)
    assert isinstance(ask(by=other, invoice_number="1"), Answer)


def test_the_limit_holds_for_an_officer_who_asks_at_many_desks_at_once(two_an_hour, ask: Asks, database):
    with ThreadPoolExecutor(8) as desks:
        outcomes = list(desks.map(lambda _: ask(invoice_number="1"), range(8)))
    assert sum(isinstance(one, Answer) for one in outcomes) == 2
    assert sorted(event.outcome for event in events(database)) == ["done"] * 2 + ["refused"] * 6


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.BORDER])
def test_nobody_else_asks_not_even_who_sees_all_debts(ask: Asks, role: Role):
    with pytest.raises(Forbidden):
        ask(by=Actor("someone", "Someone", (Grant(role, "RJ1", frozenset({"RJ1"})),)), invoice_number="1")


def test_whoever_came_after_a_closed_body_answers_for_its_debts(rj1: Trust, ask: Asks, database):
    rj1.send([row("1")])
    with database.writing() as db:
        old = db.get(Organisation, "RJ1")
        old.successor_code, old.successor_from = "RYJ", date(2026, 12, 1)
        contacts.add(db, "RJ1", Details("Old office", "urgent_checks", phone="020 7946 0001"))
        contacts.add(db, "RYJ", Details("New office", "debts", phone="020 7946 0002"))
    (before,) = ask("2026-11-30", passport_number=PASSPORT).standings
    (after,) = ask("2026-12-01", passport_number=PASSPORT).standings
    assert (before.contact.office, after.contact.office) == ("Old office", "New office")
    assert after.organisation == before.organisation != after.contact_of


def test_without_any_contact_the_answer_names_none(rj1: Trust, ask: Asks):
    rj1.send([row("1")])
    assert ask(passport_number=PASSPORT).standings[0].contact is None
