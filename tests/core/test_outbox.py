"""The outbox keeps messages to be read, the newest first, and forgets what they said when told to."""

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
