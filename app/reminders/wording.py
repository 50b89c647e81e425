"""The words of each occasion: those in force, changing them, and filling them in for one organisation."""

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from sqlmodel import Session, select

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.errors import Forbidden, NotFound, Refused
from app.organisations.nations import passing_body
from app.policy.in_force import policy_in_force
from app.policy.patients import told_of_a_patient
from app.reminders.models import ReminderWording
from app.reminders.rules.occasions import BY_CODE, Occasion
from app.reminders.rules.words import EXAMPLE, Wording, faults, tidied
from app.settings import get_settings
from app.submissions.rules.due import in_words
from app.submissions.standings import Lpm, Submission


class NotWorded(Refused):
    """`faults` are pairs of the part, `subject` or `body`, and a sentence without its full stop."""

    def __init__(self, found: Sequence[tuple[str, str]]) -> None:
        super().__init__(" ".join(f"{sentence}." for _, sentence in found), field=found[0][0])
        self.faults = found


def occasion(code: str) -> Occasion:
    """Raises NotFound (404)."""
    if code not in BY_CODE:
        raise NotFound
    return BY_CODE[code]


def shipped(one: Occasion) -> Wording:
    return Wording(one.subject, one.body)


def in_force(db: Session) -> dict[str, Wording]:
    """The words of every occasion, by its code."""
    changed = {row.occasion: Wording(row.subject, row.body) for row in db.exec(select(ReminderWording))}
    return {code: changed.get(code, shipped(one)) for code, one in BY_CODE.items()}


def checked(subject: str, body: str) -> Wording:
    """Raises NotWorded (422) for what is empty, too long or names a field that there is not."""
    wording = tidied(subject, body)
    found = faults(wording) or _about_patients(wording)
    if found:
        raise NotWorded(found)
    return wording


def _about_patients(wording: Wording) -> list[tuple[str, str]]:
    year, is_clinical = clock.today().year, policy_in_force().has_clinical_words
    told = ((part, told_of_a_patient(text, year, is_clinical, "A reminder")) for part, text in vars(wording).items())
    return [(part, sentence) for part, sentence in told if sentence is not None]


def change(db: Session, actor: Actor, one: Occasion, subject: str, body: str) -> Wording:
    """Keeps other words for an occasion. Raises NotWorded (422)."""
    _may_word(actor)
    wording = checked(subject, body)
    if wording == shipped(one):
        restore(db, actor, one)
        return wording
    kept = db.get(ReminderWording, one.code) or ReminderWording(
        occasion=one.code, subject="", body="", changed_at=clock.now(), changed_by=actor.id
    )
    if (kept.subject, kept.body) != (wording.subject, wording.body):
        kept.subject, kept.body = wording.subject, wording.body
        kept.changed_at, kept.changed_by = clock.now(), actor.id
        db.add(kept)
        record(db, actor, AuditAction.REMINDER_WORDED, "reminder-wording", one.code, how="changed")
    return wording


def restore(db: Session, actor: Actor, one: Occasion) -> bool:
    """Goes back to the words that come with the service; False when those hold already."""
    _may_word(actor)
    kept = db.get(ReminderWording, one.code)
    if kept is None:
        return False
    db.delete(kept)
    record(db, actor, AuditAction.REMINDER_WORDED, "reminder-wording", one.code, how="restored")
    return True


def example(wording: Wording) -> Wording:
    return wording.filled(EXAMPLE)


def values(cell: Submission, today: date) -> Mapping[str, str]:
    """What stands in the fields for one organisation and month. Staff and organisations only, never a debtor."""
    settings = get_settings()
    where = urlencode({"organisation": cell.organisation, "period": str(cell.period)})
    late = max((today - cell.due_on).days, 0)
    return {
        "organisation": cell.name,
        "code": cell.organisation,
        "month": cell.period.label,
        "due_date": f"{cell.due_on.day} {cell.due_on:%B %Y}",
        "when": in_words(cell.due_on, today),
        "days_late": f"{late} day{'' if late == 1 else 's'}",
        "link": f"{settings.base_url.rstrip('/')}/returns/upload?{where}",
        "nil_link": f"{settings.base_url.rstrip('/')}/returns/nil?{where}",
        "passed_on_by": passing_body(cell.nation) or "its health department",
        "lpm": _managers(cell) or _debtors_team(settings.contact),
    }


def _managers(cell: Submission) -> str:
    named = " or ".join(_reached(lpm) for lpm in cell.lpms)
    return f"your Local Partnership Manager, {named}" if named else ""


def _reached(lpm: Lpm) -> str:
    """Whom to write to: of somebody who is away, whoever covers."""
    if lpm.cover is None or lpm.away_until is None:
        return lpm.name_and_email
    until = f"{lpm.away_until.day} {lpm.away_until:%B %Y}"
    return f"{lpm.cover.name_and_email}, who covers for {lpm.name or lpm.email} until {until}"


def _debtors_team(contact: str) -> str:
    return f"the Debtors Team ({contact})" if contact else "the Debtors Team"


def _may_word(actor: Actor) -> None:
    if not actor.may(Permission.REMINDER_WORD):
        raise Forbidden
