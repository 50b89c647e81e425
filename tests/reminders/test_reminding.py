"""Who is reminded and who is not: never twice for one reason, and not whoever has sent meanwhile."""

import threading
from datetime import date

import pytest
from sqlmodel import select

from app.accounts import cover
from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.audit.models import AuditAction, AuditEvent
from app.core.db import take_turns
from app.core.errors import Forbidden, NotFound, Refused
from app.core.outbox import Message
from app.organisations.models import Organisation
from app.periods.calendar import Period
from app.periods.service import set_due_on
from app.reminders import automatic
from app.reminders.planning import plan
from app.reminders.sending import Reason, Skipped, send_by_hand
from app.reminders.sent import Outcome, sent
from app.settings import get_settings
from tests.reminders.conftest import BEFORE, DUE, LATE_3, LATE_10, OCTOBER, SEPTEMBER, World, on


def test_everybody_who_still_owes_is_reminded_once_on_each_occasion(world: World):
    world.due(date(2026, 11, 12))
    assert world.mails() == []
    for day in (BEFORE, DUE, LATE_3, LATE_10):
        assert world.due(day) == {"AAA": 1, "BBB": 2}
        assert world.due(day) == {}
    assert world.to() == ["a@aaa.example", "b@bbb.example", "second@bbb.example"] * 4


def test_a_day_that_was_missed_is_made_up_for_by_one_reminder_and_not_by_all_of_them(world: World):
    assert world.due(date(2026, 12, 5)) == {"AAA": 1, "BBB": 2}
    assert {mail.subject.split(":")[0] for mail in world.mails()} == {"Return for October 2026 is still missing"}
    assert world.due(date(2026, 12, 6)) == {}


def test_after_the_due_date_nobody_is_told_any_more_that_it_is_near(world: World):
    assert world.due(date(2026, 11, 21)) == {}


def test_whoever_has_sent_is_excused_or_owes_nothing_is_not_reminded(world: World):
    with world.database.writing() as db:
        world.sends(db, "AAA")
        world.organisation(db, "EEE")
        world.account(db, "e@eee.example", Role.TRUST, "EEE")
    world.excused("BBB")
    assert world.due(LATE_3) == {}


def test_what_was_wholly_rejected_or_withdrawn_is_still_owed(world: World):
    with world.database.writing() as db:
        world.sends(db, "AAA", qualifies=False)
        world.sends(db, "BBB", lifecycle="withdrawn")
    assert world.due(LATE_3) == {"AAA": 1, "BBB": 2}


def test_accounts_come_before_the_office_and_disabled_ones_do_not_count(world: World):
    world.office("AAA", "checks@aaa.example", "urgent_checks")
    world.office("AAA", "debts@aaa.example")
    world.office("BBB", "debts@bbb.example")
    world.disable("a@aaa.example")
    world.disable("b@bbb.example")
    world.due(DUE)
    assert world.to() == ["debts@aaa.example", "second@bbb.example"]


def test_who_has_nobody_to_write_to_is_planned_without_recipients(world: World):
    with on(DUE), world.database.reading() as db:
        planned = {one.organisation: len(one.recipients) for one in plan(db, OCTOBER, DUE)}
    assert planned == {"AAA": 1, "BBB": 2, "CCC": 0, "DDD": 0}


def test_a_late_month_of_a_closed_predecessor_goes_to_its_successors_officers(world: World):
    with world.database.writing() as db:
        old = db.get_one(Organisation, "CCC")
        old.close_date, old.successor_code, old.successor_from = date(2026, 10, 31), "AAA", date(2026, 11, 1)
        world.account(db, "last@ccc.example", Role.TRUST, "CCC")
    assert world.due(LATE_3) == {"AAA": 1, "BBB": 2, "CCC": 1}
    mail = next(mail for mail in world.mails() if mail.about == "CCC")
    assert mail.to == "a@aaa.example" and "organisation=CCC&period=2026-10" in mail.body


def test_each_nation_has_its_own_working_days(world: World):
    """Five working days before Monday 7 December: in Scotland St Andrew's Day lies between."""
    with world.database.writing() as db:
        world.account(db, "d@ddd.example", Role.TRUST, "DDD")
        set_due_on(db, COMMAND_LINE, OCTOBER, date(2026, 12, 7), "agreed")
    assert world.due(date(2026, 11, 27)) == {"DDD": 1}
    assert world.due(date(2026, 11, 30)) == {"AAA": 1, "BBB": 2}


def test_a_mail_leads_to_the_trusts_own_pages_and_names_its_manager(world: World, pat):
    world.due(LATE_3)
    mail = world.mails()[0]
    base = get_settings().base_url
    assert (mail.kind, mail.about, mail.subject) == ("reminder", "AAA", "Return for October 2026 is late: Trust AAA")
    assert f"{base}/returns/upload?organisation=AAA&period=2026-10\n" in mail.body
    assert f"{base}/returns/nil?organisation=AAA&period=2026-10\n" in mail.body
    assert "was due on 20 November 2026" in mail.body and "It is 3 days late." in mail.body
    assert "ask your Local Partnership Manager, pat@lpm.example." in mail.body
    assert "passed on to the Home Office by the Department of Health and Social Care." in mail.body
    assert "{" not in mail.body


def test_two_workers_at_once_write_each_mail_once(world: World):
    start, found = threading.Barrier(2), []

    def work() -> None:
        start.wait(10)
        found.append(world.due(DUE))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(60)
    assert sorted(found, key=len) == [{}, {"AAA": 1, "BBB": 2}]
    assert len(world.mails()) == 3


def test_a_return_that_arrives_while_the_worker_waits_is_seen(world: World):
    """The upload holds its organisation's turn; the worker, which has looked already, looks again when it has it."""
    holding, go_on, found = threading.Event(), threading.Event(), []

    def upload() -> None:
        with world.database.writing() as db:
            take_turns(db, ["AAA"])
            world.sends(db, "AAA")
            holding.set()
            go_on.wait(10)

    sender = threading.Thread(target=upload)
    sender.start()
    assert holding.wait(10)
    worker = threading.Thread(target=lambda: found.append(world.due(DUE)))
    worker.start()
    worker.join(0.3)
    go_on.set()
    sender.join(60)
    worker.join(60)
    assert found == [{"BBB": 2}]


def test_the_worker_does_every_month_whose_time_it_is_and_tells_a_line(world: World):
    with on(LATE_3):
        assert list(automatic.remind(world.database)) == [
            "Reminders for October 2026: 2 organisations, 3 mails in the outbox."
        ]
        assert list(automatic.remind(world.database)) == []
    with world.database.reading() as db:
        events = db.exec(select(AuditEvent).where(AuditEvent.action == AuditAction.REMINDER_SENT).order_by("id")).all()
    assert [(one.actor, one.organisation_code) for one in events] == [("worker", "AAA"), ("worker", "BBB")]
    assert events[1].detail == {"period": "2026-10", "occasion": "late_3", "recipients": 2}


def test_reminding_by_itself_can_be_switched_off(world: World, monkeypatch):
    monkeypatch.setenv("DEBTOR_RETURNS_REMINDERS", "off")
    get_settings.cache_clear()
    with on(LATE_3):
        assert list(automatic.remind(world.database)) == []
    assert world.mails() == []


def test_months_long_past_are_not_brought_up_when_reminding_begins(world: World):
    assert world.due(DUE, SEPTEMBER) == {}


def test_a_manager_reminds_the_portfolio_and_each_trust_once_a_day(world: World, pat):
    with world.database.writing() as db:
        world.sends(db, "AAA")
    done = world.by_hand(pat, ["BBB", "AAA"])
    assert (done.sent, done.mails, done.skipped) == (["BBB"], 2, [Skipped("AAA", Reason.RECEIVED)])
    again = world.by_hand(pat)
    assert (again.sent, again.skipped) == ([], [Skipped("BBB", Reason.REMINDED_TODAY)])
    assert world.by_hand(pat, day=date(2026, 11, 24)).sent == ["BBB"]
    assert len(world.mails()) == 4
    assert world.mails()[0].subject == "Return for October 2026 is 3 days late: Trust BBB"


def test_who_was_reminded_by_hand_since_the_occasions_day_is_not_written_to_again_for_it(world: World, pat):
    world.by_hand(pat, ["AAA"], DUE)
    assert world.due(DUE) == {"BBB": 2}
    assert world.due(LATE_3) == {"AAA": 1, "BBB": 2}


def test_who_was_reminded_today_is_not_reminded_by_hand_as_well(world: World, pat):
    world.due(LATE_3)
    assert {each.reason for each in world.by_hand(pat, ["AAA", "BBB"]).skipped} == {Reason.REMINDED_TODAY}


def test_another_due_date_is_another_reason_to_remind(world: World):
    assert world.due(LATE_3) == {"AAA": 1, "BBB": 2}
    with on(LATE_3), world.database.writing() as db:
        set_due_on(db, COMMAND_LINE, OCTOBER, date(2026, 12, 10), "agreed")
    assert world.due(LATE_3) == {}
    assert world.due(date(2026, 12, 13)) == {"AAA": 1, "BBB": 2}


def test_outside_the_portfolio_is_403_with_a_sentence_and_nobody_is_reminded(world: World, pat):
    with pytest.raises(Forbidden, match=r"Not in your portfolio: Trust CCC \(CCC\)\. Nobody was reminded"):
        world.by_hand(pat, ["AAA", "CCC"])
    with pytest.raises(NotFound):
        world.by_hand(pat, ["AAA", "ZZZ"])
    assert world.mails() == []


def test_the_debtors_team_reminds_everybody_and_is_told_who_cannot_be(world: World, team):
    world.excused("AAA")
    done = world.by_hand(team, ["AAA", "BBB", "CCC"])
    assert done.sent == ["BBB"]
    assert done.skipped == [Skipped("AAA", Reason.EXCUSED), Skipped("CCC", Reason.NOBODY)]
    assert [one.organisation for one in world.by_hand(team, None).skipped] == ["BBB", "CCC", "DDD"]


@pytest.mark.parametrize(
    ("period", "words"), [(Period(2026, 11), "has not ended"), (Period(2025, 10), "no returns any more")]
)
def test_a_month_that_cannot_be_returned_now_is_refused(world: World, team, period, words):
    with on(LATE_3), world.database.writing() as db, pytest.raises(Refused, match=words):
        send_by_hand(db, team, period, None, LATE_3)


def test_what_became_of_a_reminder_is_what_became_of_its_mails(world: World):
    world.due(LATE_3)
    with world.database.writing() as db:
        mails = {mail.to: mail for mail in db.exec(select(Message))}
        mails["b@bbb.example"].state, mails["second@bbb.example"].state = "sent", "failed"
        mails["second@bbb.example"].trouble = "There is no such mailbox."
        db.delete(mails["a@aaa.example"])
    with world.database.reading() as db:
        found = {one.organisation: one for one in sent(db, OCTOBER)}
    assert (found["BBB"].outcome, found["BBB"].trouble) == (Outcome.FAILED, "There is no such mailbox.")
    assert (found["BBB"].to, found["BBB"].on, found["AAA"].outcome) == (2, LATE_3, Outcome.PURGED)


def test_a_new_officer_is_told_of_the_occasion_that_stands(world: World):
    world.due(LATE_3)
    with world.database.writing() as db:
        world.account(db, "new@aaa.example", Role.TRUST, "AAA")
    assert world.due(date(2026, 11, 24)) == {"AAA": 1}
    assert world.to()[-1] == "new@aaa.example"


def test_while_the_manager_is_away_a_mail_names_whoever_covers(world: World, pat):
    with on(LATE_3), world.database.writing() as db:
        sam = world.account(db, "sam@lpm.example", Role.LPM, "DDD")
        cover.set_cover(db, COMMAND_LINE, pat.id, sam.id, LATE_3, date(2026, 12, 6))
    world.due(LATE_3)
    assert "sam@lpm.example, who covers for pat@lpm.example until 6 December 2026" in world.mails()[0].body
