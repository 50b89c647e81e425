"""A register that came back does not go on as if nothing had been between: nobody is in it, and nothing leaves by itself."""

import json
from pathlib import Path

import pytest
from sqlmodel import select

from app.accounts import links, service, sessions
from app.accounts.access import COMMAND_LINE
from app.accounts.models import OneTimeLink, Step
from app.audit.models import AuditAction, AuditEvent
from app.core import outbox
from app.core.db import Database
from app.core.errors import NotSignedIn
from app.core.outbox import Message
from app.releases import deliveries, delivering
from app.releases.models import Delivery
from app.settings import get_settings
from tests.backup.conftest import at, restore, take
from tests.releases.test_delivering import KEY, released
from tests.retention.conftest import end
from tests.returns.conftest import Trust, row

ENDPOINT = {
    "key": "midas",
    "recipient": "MIDAS",
    "file": "midas.csv",
    "url": "https://midas.example/",
    "signing_key": KEY,
}


def test_nobody_is_signed_in_and_no_token_or_link_opens_any_more(database: Database, tmp_path: Path):
    with database.writing() as db:
        user = service.add_user(db, COMMAND_LINE, "team@department.example", "debtors_team")
        session = sessions.start(db, user, Step.IN)
        token = service.create_token(db, COMMAND_LINE, user.email)
        links.send_reset(db, COMMAND_LINE, user, "https://returns.example")
    take(database, tmp_path / "register.backup")
    done = restore(database, tmp_path / "register.backup").aftermath
    assert (done.sessions, done.tokens, done.links) == (1, 1, 1)
    with database.reading() as db:
        assert sessions.find(db, session) is None
        with pytest.raises(NotSignedIn):
            service.actor_for_token(db, token)
        assert [link.ended_at is None for link in db.exec(select(OneTimeLink))] == [False]
        assert [(mail.state, mail.body) for mail in db.exec(select(Message))] == [("kept", "")]
        told = db.exec(select(AuditEvent).where(AuditEvent.action == AuditAction.RESTORED)).one()
        assert (told.detail["sessions"], told.detail["tokens"]) == (1, 1)


def test_mails_and_files_that_were_to_leave_are_held_until_somebody_says_so(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DEBTOR_RETURNS_RELEASE_ENDPOINTS", json.dumps([ENDPOINT]))
    for name, value in (("MAIL", "smtp"), ("SMTP_HOST", "mail.example"), ("MAIL_FROM", "returns@hospital.example")):
        monkeypatch.setenv(f"DEBTOR_RETURNS_{name}", value)
    get_settings.cache_clear()
    released(database)
    with database.writing() as db:
        outbox.put(db, "ovm@rj1.example", "Due", "Due soon", "reminder", once="reminder:RJ1:2026-10:due")
    take(database, tmp_path / "register.backup")
    done = restore(database, tmp_path / "register.backup").aftermath
    assert (done.mails, done.files) == (1, 1)
    with at("2026-11-22"), database.writing() as db:
        (mail,) = db.exec(select(Message))
        assert (mail.state, mail.body, mail.is_unsure) == ("failed", "Due soon", True)
        assert "may have arrived before" in (mail.trouble or "")
        (delivery,) = db.exec(select(Delivery))
        (shown,) = deliveries.deliveries_of(db, delivery.release_id)
        assert shown.words.startswith("Given up. The register was restored from a backup")
        assert outbox.try_again(db, mail.id).state == "waiting"
    assert list(delivering.deliver(database, "one")) == []


def test_what_was_purged_after_the_backup_is_purged_again(rj1: Trust, tmp_path: Path):
    rj1.send([row("1"), row("2")])
    end(rj1, "1", "withdrawn")
    take(rj1.database, tmp_path / "register.backup")
    assert restore(rj1.database, tmp_path / "register.backup", on="2027-06-01").purged > 0
    assert [debt.invoice_number for debt in rj1.debts()] == ["2"]
