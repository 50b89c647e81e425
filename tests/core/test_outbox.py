"""The outbox keeps messages to be read, the newest first, and forgets what they said when told to."""

import threading

import pytest

from app.core import outbox


def test_messages_are_read_in_pages_the_newest_first(db):
    for number in range(5):
        outbox.put(db, "ovm@rj1.example", f"Message {number}", "Hello", "reminder")
    page = outbox.list_messages(db, 3, None)
    assert [message.subject for message in page.items] == ["Message 4", "Message 3", "Message 2"]
    assert [message.subject for message in outbox.list_messages(db, 3, page.next).items] == ["Message 1", "Message 0"]


def test_a_message_that_is_over_keeps_to_whom_and_about_what_and_not_what_it_said(db):
    secret, other = (outbox.put(db, "ovm@rj1.example", "A link", "The link", "invite") for _ in range(2))
    outbox.blank(db, secret.id)
    db.expire_all()
    assert (secret.to, secret.subject, secret.body, other.body) == ("ovm@rj1.example", "A link", "", "The link")


def test_for_one_reason_one_message_is_written_however_often_it_is_asked_for(database):
    written = []

    def write() -> None:
        with database.writing() as db:
            written.append(
                outbox.put(db, "ovm@rj1.example", "Due", "Due soon", "reminder", once="reminder:RJ1:2026-10:due")
            )

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    write()
    assert len([message for message in written if message is not None]) == 1
    with database.reading() as db:
        assert outbox.number_of_messages(db) == 1


def test_a_reason_whose_transaction_was_undone_is_good_again(database):
    def write(db):
        return outbox.put(db, "ovm@rj1.example", "Due", "Due soon", "reminder", once="reminder:RJ1:2026-10:due")

    with pytest.raises(ZeroDivisionError), database.writing() as db:
        assert write(db)
        raise ZeroDivisionError
    with database.writing() as db:
        assert write(db)
