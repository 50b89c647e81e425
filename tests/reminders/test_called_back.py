"""A reminder that has not left yet does not leave any more when nothing is owed."""

from datetime import date

import pytest

from app.accounts.access import COMMAND_LINE
from app.core.mail import channel
from app.core.mail import sending as mails
from app.reminders import sending
from app.reminders.sent import sent
from app.settings import get_settings
from app.submissions import due_dates
from tests.reminders.conftest import LATE_3, OCTOBER, World, on


class Noting:
    """A server that takes every mail."""

    name = "smtp"

    def __init__(self) -> None:
        self.taken: list[str] = []

    def send(self, mail) -> channel.Outcome:
        self.taken.append(mail.id)
        return channel.Outcome(channel.Result.SENT)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Noting:
    monkeypatch.setenv("DEBTOR_RETURNS_MAIL", "smtp")
    monkeypatch.setenv("DEBTOR_RETURNS_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("DEBTOR_RETURNS_MAIL_FROM", "returns@service.example")
    get_settings.cache_clear()
    return Noting()


def states_after_sending(world: World, server: Noting) -> dict[str, str]:
    with on(LATE_3):
        list(mails.send(world.database, by=server, over={sending.KIND: sending.is_over}))
    return {mail.about: mail.state for mail in world.mails()}


def test_a_reminder_that_still_waits_is_called_back_when_the_return_comes_or_the_month_is_excused(
    world: World, server: Noting
):
    world.due(LATE_3)
    world.excused("AAA")
    assert states_after_sending(world, server) == {"AAA": "over", "BBB": "sent"}
    assert len(server.taken) == 2
    with world.database.reading() as db:
        assert {one.organisation: one.outcome for one in sent(db, OCTOBER)} == {"AAA": "over", "BBB": "sent"}


def test_a_reminder_that_still_waits_is_called_back_when_its_month_is_due_on_another_day_by_then(
    world: World, server: Noting
):
    world.due(LATE_3)
    with on(LATE_3), world.database.writing() as db:
        due_dates.move(db, COMMAND_LINE, OCTOBER, date(2026, 12, 15), "a strike at the trusts")
    assert set(states_after_sending(world, server).values()) == {"over"}
    assert server.taken == []
