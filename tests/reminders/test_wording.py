"""The words of reminders can be changed, are used at once, and go back to those of the service."""

import pytest
from sqlmodel import select

from app.audit.models import AuditAction, AuditEvent
from app.core.errors import Forbidden
from app.reminders import wording
from app.reminders.rules.occasions import BY_CODE
from tests.reminders.conftest import DUE, LATE_3, World, on

LATE = BY_CODE["late_3"]


def test_changed_words_are_sent_and_only_on_their_occasion(world: World, team):
    with on(DUE), world.database.writing() as db:
        wording.change(db, team, LATE, "{{month}}: {{ code }}", "It is {{ when }}.\r\n{{ link }}")
    world.due(DUE)
    world.due(LATE_3)
    first, *_, last = world.mails()
    assert "is due today" in first.subject
    assert last.subject == "October 2026: BBB"
    assert last.body.startswith("It is 3 days late.\nhttp") and "organisation=BBB&period=2026-10" in last.body


def test_unknown_fields_are_refused_and_nothing_is_kept(world: World, team):
    with pytest.raises(wording.NotWorded, match=r"no field “debtor”\. There is: organisation, code"), \
            world.database.writing() as db:  # fmt: skip
        wording.change(db, team, LATE, "Late", "Dear {{ debtor }}")
    with world.database.reading() as db:
        assert wording.in_force(db)["late_3"] == wording.shipped(LATE)


def test_back_to_the_words_of_the_service(world: World, team):
    with world.database.writing() as db:
        wording.change(db, team, LATE, "Late", "Late: {{ link }}")
        assert wording.restore(db, team, LATE)
        assert not wording.restore(db, team, LATE)
        assert wording.in_force(db)["late_3"] == wording.shipped(LATE)
        events = db.exec(
            select(AuditEvent).where(AuditEvent.action == AuditAction.REMINDER_WORDED).order_by("id")
        ).all()
    assert [(one.subject_id, one.detail["how"]) for one in events] == [("late_3", "changed"), ("late_3", "restored")]


def test_words_that_are_those_of_the_service_are_no_change_of_them(world: World, team):
    with world.database.writing() as db:
        wording.change(db, team, LATE, LATE.subject, LATE.body.replace("\n", "\r\n"))
        assert not wording.restore(db, team, LATE)


def test_a_manager_changes_no_words(world: World, pat):
    with pytest.raises(Forbidden), world.database.writing() as db:
        wording.change(db, pat, LATE, "Late", "Late")
    with pytest.raises(Forbidden), world.database.writing() as db:
        wording.restore(db, pat, LATE)


def test_words_without_the_trusts_own_link_are_refused(world: World, team):
    with pytest.raises(wording.NotWorded, match=r"Put \{\{ link \}\} into the text"), world.database.writing() as db:
        wording.change(db, team, LATE, "Late", "It is late: {{ nil_link }}")


def test_words_about_a_patient_are_refused(world: World, team):
    with pytest.raises(wording.NotWorded, match=r"an NHS number\. A reminder is never about patients"), \
            world.database.writing() as db:  # fmt: skip
        wording.change(db, team, LATE, "Late", "Ask about 943 476 5919: {{ link }}")
