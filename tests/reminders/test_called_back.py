"""A reminder that has not left yet does not leave any more when nothing is owed."""

from app.core.mail import channel
from app.core.mail import sending as mails
from app.reminders import sending
from app.reminders.sent import sent
from app.settings import get_settings
from tests.reminders.conftest import LATE_3, OCTOBER, World, on


def test_a_reminder_that_still_waits_is_called_back_when_the_return_comes_or_the_month_is_excused(
    world: World, monkeypatch
):
    monkeypatch.setenv("DEBTOR_RETURNS_MAIL", "smtp")
    monkeypatch.setenv("DEBTOR_RETURNS_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("DEBTOR_RETURNS_MAIL_FROM", "returns@service.example")
    get_settings.cache_clear()
    world.due(LATE_3)
    world.excused("AAA")
    taken = []

    class Noting:
        name = "smtp"

        def send(self, mail):
            taken.append(mail.id)
            return channel.Outcome(channel.Result.SENT)

    with on(LATE_3):
        list(mails.send(world.database, by=Noting(), over={sending.KIND: sending.is_over}))
    states = {mail.about: mail.state for mail in world.mails()}
    assert states == {"AAA": "over", "BBB": "sent"} and len(taken) == 2
    with world.database.reading() as db:
        assert {one.organisation: one.outcome for one in sent(db, OCTOBER)} == {"AAA": "over", "BBB": "sent"}
