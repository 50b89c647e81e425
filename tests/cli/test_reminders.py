"""Reminding from the command line: first the plan, then, when told to, the mails; never one twice."""

from sqlmodel import select

from app.core.outbox import Message
from tests.cli.test_commands import refused, say
from tests.reminders.conftest import World, world

__all__ = ["world"]
LATE = {"today": "2026-11-23"}


def test_the_plan_is_shown_and_no_mail_leaves(world: World):
    shown = say("remind", "--period", "2026-10", **LATE)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.splitlines() == [
        "October 2026 is due on 20 November 2026. 4 organisations still to send it.",
        "AAA Trust AAA: remind now, 3 days after the due date, 1 recipient",
        "BBB Trust BBB: remind now, 3 days after the due date, 2 recipients",
        "CCC Trust CCC: nobody to write to; add an account or an office with an e-mail address",
        "DDD Trust DDD: nobody to write to; add an account or an office with an e-mail address",
        "To remind now: 2. Nothing was sent; --send does it.",
    ]
    assert world.mails() == []


def test_what_is_due_is_sent_once_and_it_says_where_it_goes(world: World):
    done = say("remind", "--period", "2026-10", "--send", **LATE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "AAA Trust AAA: 1 mail, 3 days after the due date",
        "BBB Trust BBB: 2 mails, 3 days after the due date",
        "Reminders for October 2026: 2 organisations, 3 mails in the outbox.",
        "No channel for mail is set (DEBTOR_RETURNS_MAIL), so they stay in the outbox: read them on /outbox.",
    ]
    again = say("remind", "--period", "2026-10", "--send", **LATE)
    assert again.stdout == "Reminders for October 2026: 0 organisations, 0 mails in the outbox.\n"
    worker = say("worker", "--once", **LATE)
    assert (worker.returncode, "Reminders" in worker.stdout) == (0, False)
    with world.database.reading() as db:
        assert len(db.exec(select(Message)).all()) == 3
    shown = say("remind", "--period", "2026-10", **LATE).stdout
    assert "AAA Trust AAA: reminded on 23 November 2026; next on 30 November 2026, 10 days after the due date" in shown


def test_a_month_that_is_none_is_one_sentence(world: World):
    refused(say("remind", "--period", "2026-13", **LATE), "for example 2026-10")
