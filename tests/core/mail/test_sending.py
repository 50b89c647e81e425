"""What leaves the outbox: only what was committed, each mail by itself, and nothing twice without saying so."""

import contextvars
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from app.core import clock, outbox
from app.core.db import Database
from app.core.errors import Conflict, NotFound
from app.core.mail import sending
from app.core.mail.channel import Mail, Outcome, Result
from app.core.mail.smtp import TWICE
from app.core.outbox import Message
from app.settings import get_settings
from tests.debts.feeding import HOUR, MINUTE, NOON
from tests.mail_servers import KEY, TEMPLATE, notify_desk, smtp_server

DOWN = Outcome(Result.TRY_AGAIN, "The mail server did not answer in time.", is_down=True)
LATER = Outcome(Result.TRY_AGAIN, "The mail server does not take mail for this address now (450).")
NEVER = Outcome(Result.FAILED, "The mail server does not take mail for this address (550).")


@dataclass
class Noting:
    """A channel that notes what it is given and answers as a test says, then that it is sent."""

    answers: list[Outcome | Callable[[Mail], Outcome]] = field(default_factory=list)
    taken: list[Mail] = field(default_factory=list)
    name = "smtp"

    def send(self, mail: Mail) -> Outcome:
        self.taken.append(mail)
        answer = self.answers.pop(0) if self.answers else Outcome(Result.SENT, reference="7")
        return answer if isinstance(answer, Outcome) else answer(mail)


@pytest.fixture(autouse=True)
def _mails_leave(monkeypatch, request):
    monkeypatch.setenv("DEBTOR_RETURNS_MAIL", "smtp")
    monkeypatch.setenv("DEBTOR_RETURNS_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("DEBTOR_RETURNS_MAIL_FROM", "returns@service.example")
    get_settings.cache_clear()


def write(database: Database, number: int = 1, **more: str) -> list[str]:
    with clock.at(NOON), database.writing() as db:
        return [outbox.put(db, f"ovm@rj{n}.example", "Due", f"Text {n}", "reminder", **more).id for n in range(number)]


def send(database: Database, by: Noting, at: datetime = NOON) -> list[str]:
    with clock.at(at):
        return list(sending.send(database, by=by))


def messages(database: Database) -> list[Message]:
    with database.reading() as db:
        return list(db.exec(select(Message).order_by(col(Message.id))))


def states(database: Database) -> list[str]:
    return [message.state for message in messages(database)]


def test_every_mail_leaves_once_the_oldest_first(database: Database):
    ids, by = write(database, 3), Noting()
    assert send(database, by) == [f"Mail {id_}: sent." for id_ in ids]
    assert [mail.id for mail in by.taken] == ids
    assert {(one.state, one.sent_at, one.channel, one.channel_reference, one.body) for one in messages(database)} == {
        ("sent", NOON, "smtp", "7", f"Text {n}") for n in range(3)
    }
    assert send(database, by) == []
    assert len(by.taken) == 3


def test_what_was_undone_is_never_sent(database: Database):
    by = Noting()
    with pytest.raises(ZeroDivisionError), database.writing() as db:
        outbox.put(db, "ovm@rj1.example", "Due", "Text", "reminder")
        raise ZeroDivisionError
    assert (send(database, by), by.taken) == ([], [])


def test_one_that_is_refused_for_good_holds_up_no_other(database: Database):
    write(database, 3)
    by = Noting([NEVER, LATER])
    send(database, by)
    assert states(database) == ["failed", "waiting", "sent"]
    first, second, _ = messages(database)
    assert (first.trouble, first.next_at) == (NEVER.trouble, None)
    assert 45 <= (second.next_at - NOON).total_seconds() <= 60
    send(database, by, NOON + MINUTE)
    assert states(database) == ["failed", "sent", "sent"]
    assert [messages(database)[n].trouble for n in (0, 1)] == [NEVER.trouble, None]


def test_when_the_channel_is_down_the_others_are_not_tried_in_vain(database: Database):
    write(database, 3)
    by = Noting([DOWN])
    assert len(send(database, by)) == 1
    assert [one.attempts for one in messages(database)] == [1, 0, 0]


def test_a_mail_is_given_up_after_about_a_day_and_then_somebody_may_try_again(database: Database):
    [id_] = write(database)
    by, at = Noting([LATER] * sending.ATTEMPTS), NOON
    while states(database) == ["waiting"]:
        send(database, by, at)
        at = messages(database)[0].next_at or at
    assert 17 * HOUR < at - NOON < 26 * HOUR
    assert (messages(database)[0].state, len(by.taken)) == ("failed", sending.ATTEMPTS)
    assert messages(database)[0].trouble == f"{LATER.trouble} {sending.GIVEN_UP}"
    with clock.at(at), database.writing() as db:
        outbox.try_again(db, id_)
    send(database, by, at)
    assert states(database) == ["sent"]


def test_only_what_was_given_up_and_has_a_text_can_be_tried_again(database: Database):
    [id_] = write(database)
    for known in (id_, "0" * 32, "\0"):
        with pytest.raises((Conflict, NotFound)), database.writing() as db:
            outbox.try_again(db, known)
    send(database, Noting([NEVER]))
    with database.writing() as db:
        outbox.blank(db, id_)
    with pytest.raises(Conflict, match="new link"), database.writing() as db:
        outbox.try_again(db, id_)


def test_an_attempt_that_is_cut_off_is_known_as_such_and_the_next_one_is_told(database: Database):
    def dies(_mail: Mail) -> Outcome:
        raise KeyboardInterrupt

    write(database)
    by = Noting([dies])
    with pytest.raises(KeyboardInterrupt):
        send(database, by)
    cut_off = messages(database)[0]
    assert (cut_off.state, cut_off.is_unsure, cut_off.trouble) == ("waiting", True, sending.CUT_OFF)
    assert send(database, by, NOON + MINUTE) == []
    send(database, by, NOON + sending.RESTING)
    assert [mail.is_unsure for mail in by.taken] == [False, True]
    assert (states(database), messages(database)[0].is_unsure) == (["sent"], False)


def test_what_is_unknown_stays_so_through_later_refusals(database: Database):
    write(database)
    by, at = Noting([Outcome(Result.TRY_AGAIN, "broke", is_unsure=True), LATER]), NOON
    for _ in range(3):
        send(database, by, at)
        at += HOUR
    assert [mail.is_unsure for mail in by.taken] == [False, True, True]


def test_while_one_worker_sends_a_mail_another_sends_the_others(database: Database):
    first, second = write(database, 2)
    meanwhile: list[str] = []

    def asks_another(_mail: Mail) -> Outcome:
        meanwhile.extend(send(database, Noting()))
        return Outcome(Result.SENT)

    assert send(database, Noting([asks_another])) == [f"Mail {first}: sent."]
    assert meanwhile == [f"Mail {second}: sent."]


def test_a_mail_that_another_worker_is_about_to_take_is_passed_by_without_waiting(database: Database):
    """SQLite has one writer, so there the other would be waited for: it holds the file for milliseconds."""
    first, second = write(database, 2)
    if database.is_sqlite:
        return
    with database.writing() as db:
        db.exec(select(Message).where(col(Message.id) == first).with_for_update()).one()
        assert send(database, Noting()) == [f"Mail {second}: sent."]


def test_a_late_refusal_is_not_noted_while_another_worker_tries_again(database: Database):
    during: list[tuple[int, bool, datetime | None]] = []

    def second(_mail: Mail) -> Outcome:
        first_note.set()
        noted.wait(10)
        during.extend((one.attempts, one.is_unsure, one.next_at) for one in messages(database))
        return Outcome(Result.SENT)

    def first(_mail: Mail) -> Outcome:
        other.start()
        first_note.wait(10)
        return LATER

    write(database)
    first_note, noted = threading.Event(), threading.Event()
    other = threading.Thread(target=send, args=(database, Noting([second]), NOON + sending.RESTING))
    send(database, Noting([first]))
    noted.set()
    other.join()
    assert during == [(2, True, NOON + 2 * sending.RESTING)]
    assert states(database) == ["sent"]


def test_many_workers_at_once_send_every_mail_once(database: Database):
    write(database, 10)
    by = Noting()

    def work() -> None:
        for _ in range(5):
            send(database, by)

    running = [threading.Thread(target=contextvars.copy_context().run, args=(work,)) for _ in range(4)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    send(database, by, NOON + 3 * MINUTE)
    assert sorted(mail.id for mail in by.taken) == [message.id for message in messages(database)]
    assert set(states(database)) == {"sent"}


def test_a_channel_that_breaks_in_a_way_nobody_foresaw_keeps_no_other_mail(database: Database):
    def breaks(_mail: Mail) -> Outcome:
        raise ValueError("Okonkwo")

    write(database, 2)
    send(database, Noting([breaks]))
    assert states(database) == ["waiting", "sent"]
    assert "ValueError" in messages(database)[0].trouble and "Okonkwo" not in messages(database)[0].trouble


def test_a_link_is_not_kept_once_it_is_sent_and_one_that_is_over_is_not_sent(database: Database):
    sent, over = write(database, 2)
    with database.writing() as db:
        for id_ in (sent, over):
            db.get_one(Message, id_).blank_when_sent = True
        outbox.blank(db, over)
    by = Noting()
    send(database, by)
    assert [mail.body for mail in by.taken] == ["Text 0"]
    assert [(one.state, one.body) for one in messages(database)] == [("sent", ""), ("failed", "")]
    assert messages(database)[1].trouble == outbox.ENDED_UNSENT


def test_a_mail_that_arrived_while_its_link_was_replaced_has_arrived(database: Database):
    def replaced(mail: Mail) -> Outcome:
        with database.writing() as db:
            outbox.blank(db, mail.id)
        return Outcome(Result.SENT)

    write(database)
    send(database, Noting([replaced]))
    assert [(one.state, one.body, one.trouble) for one in messages(database)] == [("sent", "", None)]


def test_a_mail_that_waits_for_long_says_that_no_worker_runs(database: Database):
    write(database)

    def idle(at: datetime) -> bool:
        with clock.at(at), database.reading() as db:
            return sending.seems_idle(db)

    assert (idle(NOON + MINUTE), idle(NOON + 6 * MINUTE)) == (False, True)
    send(database, Noting([LATER]))
    assert not idle(NOON + 3 * MINUTE)


def test_after_the_clock_was_set_back_nothing_waits_for_it(database: Database):
    write(database)
    by = Noting([LATER])
    send(database, by, NOON + timedelta(days=2))
    send(database, by)
    assert states(database) == ["sent"]


def test_without_a_channel_a_mail_is_kept_and_never_sent_later(database: Database, monkeypatch):
    write(database)
    monkeypatch.setenv("DEBTOR_RETURNS_MAIL", "outbox")
    get_settings.cache_clear()
    write(database)
    assert states(database) == ["waiting", "kept"]
    with clock.at(NOON):
        assert [line.split(": ")[1] for line in sending.send(database)] == ["kept in the outbox."]
    assert states(database) == ["kept", "kept"]


def test_through_smtp_a_mail_whose_acceptance_was_not_heard_comes_twice_as_the_same_mail(
    database: Database, monkeypatch
):
    [id_] = write(database)
    with smtp_server() as box:
        for name, value in (("SMTP_PORT", str(box.port)), ("SMTP_TLS", "plain")):
            monkeypatch.setenv(f"DEBTOR_RETURNS_{name}", value)
        get_settings.cache_clear()
        box.after.append("dies")
        for at in (NOON, NOON + MINUTE):
            with clock.at(at):
                list(sending.send(database))
    assert {taken["message-id"] for taken in box.taken} == {f"<{id_}@service.example>"}
    assert (len(box.taken), states(database), messages(database)[0].trouble) == (2, ["sent"], TWICE)


def test_through_notify_a_mail_whose_acceptance_was_not_heard_comes_once(database: Database, monkeypatch):
    [id_] = write(database)
    with notify_desk() as desk:
        for name, value in (
            ("MAIL", "notify"), ("NOTIFY_URL", desk.url), ("NOTIFY_API_KEY", KEY), ("NOTIFY_TEMPLATE_ID", TEMPLATE),
        ):  # fmt: skip
            monkeypatch.setenv(f"DEBTOR_RETURNS_{name}", value)
        get_settings.cache_clear()
        desk.answers.append((201, b"cut off"))
        for at in (NOON, NOON + MINUTE):
            with clock.at(at):
                list(sending.send(database))
    assert [sent["reference"] for sent in desk.taken] == [id_]
    assert (states(database), messages(database)[0].channel_reference) == (["sent"], f"notify-{id_}")
