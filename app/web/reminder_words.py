"""The words of reminders: the list of occasions, and one of them with its fields, a preview and the way back to ours."""

from typing import Annotated

from fastapi import Path, Response

from app.accounts.permissions import Permission
from app.core.db import Session
from app.http.deps import Reading, Writing
from app.reminders import wording
from app.reminders.rules.occasions import BY_CODE
from app.reminders.rules.words import FIELDS, LONGEST_SUBJECT, Wording
from app.web.entries import Entries, Fault, Faults
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

reminder_words = pages()
Writer = Annotated[Visit, May(Permission.REMINDER_WORD)]
OccasionCode = Annotated[str, Path(max_length=40)]


@reminder_words.get("/reminders/wording")
def get_list(visit: Writer, db: Reading) -> Response:
    words = wording.in_force(db)
    lines = [(one, words[one.code], words[one.code] != wording.shipped(one)) for one in BY_CODE.values()]
    return page(visit, "reminders/words.html", lines=lines, reads=visit.may(Permission.REMINDER_READ))


@reminder_words.get("/reminders/wording/{occasion}")
def get_words(occasion: OccasionCode, visit: Writer, db: Reading) -> Response:
    now = wording.in_force(db)[wording.occasion(occasion).code]
    if not visit.entries:
        visit.entries = Entries.of({"subject": now.subject, "body": now.body})
    return _shown(db, visit, occasion, now)


@reminder_words.post("/reminders/wording/{occasion}")
def post_words(occasion: OccasionCode, visit: Writer, db: Writing) -> Response:
    """Saves, shows a preview of what was entered, or goes back to the words of the service."""
    one = wording.occasion(occasion)
    if visit.entries.text("do") == "restore":
        wording.restore(db, visit.actor, one)
        return to(f"/reminders/wording/{one.code}", said="words-restored")
    subject, body = visit.entries.text("subject"), visit.entries.text("body")
    try:
        if visit.entries.text("do") == "preview":
            return _shown(db, visit, occasion, wording.checked(subject, body))
        if visit.entries.text("do", "save") != "save":
            raise Faults(Fault("Choose to save the words, to see how they look or to go back to those of the service"))
        wording.change(db, visit.actor, one, subject, body)
    except wording.NotWorded as error:
        raise Faults(*(Fault(sentence, part) for part, sentence in error.faults)) from None
    return to(f"/reminders/wording/{one.code}", said="words-changed")


def _shown(db: Session, visit: Visit, occasion: str, words: Wording) -> Response:
    one = wording.occasion(occasion)
    return page(
        visit,
        "reminders/occasion.html",
        one=one,
        fields=FIELDS,
        preview=wording.example(words),
        is_changed=wording.in_force(db)[one.code] != wording.shipped(one),
        longest=LONGEST_SUBJECT,
    )
