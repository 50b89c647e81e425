"""The audit as an auditor reads it: filters, who did what, and where the chain of seals stands."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query, Response

from app.accounts.permissions import Permission
from app.audit.models import AuditAction
from app.http import auditing
from app.http.auditing import Question
from app.http.deps import Reading, Store
from app.web.entries import Entries, Fault, Faults, day
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

audit = pages()
PATH, A_PAGE = "/audit", 50
Reader = Annotated[Visit, May(Permission.AUDIT_READ)]
Asked = Annotated[Question, Depends()]
ACTIONS = [("", "Everything"), *sorted((action.value, auditing.deed(action)) for action in AuditAction)]
OUTCOMES = [("", "Any"), ("done", "Done"), ("refused", "Refused")]
SUBJECTS = [("", "Anything"), *((kind, kind.replace("-", " ").capitalize()) for kind in (
    "debt", "debtor", "dispute", "list", "match", "open-row", "organisation", "register", "release", "report", "return",
    "status-check", "user",
))]  # fmt: skip


@audit.get(PATH)
def get_audit(
    visit: Reader, db: Reading, question: Asked, cursor: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    found = auditing.listed(db, visit.actor, question, A_PAGE, cursor or None)
    asked = question.asked
    return page(
        visit, "audit/audit.html", events=found.items, head=auditing.head(db, visit.actor), asked=asked,
        question=question, actions=ACTIONS, outcomes=OUTCOMES, subjects=SUBJECTS, in_words=auditing.in_words, deed=auditing.deed,
        here=_address(PATH, asked), file=_address("/audit.csv", asked), is_later=bool(cursor),
        following=_address(PATH, asked | {"cursor": found.next}) if found.next else None,
        only=lambda **more: _address(PATH, asked | more),
    )  # fmt: skip


@audit.post(PATH)
def post_audit(visit: Reader, db: Reading) -> Response:
    """What was chosen becomes an address. Somebody is looked up by e-mail address here, so that none stands in it."""
    entries, asked = visit.entries, {}
    for name in ("action", "subject", "subject_id", "organisation", "outcome"):
        if text := entries.text(name):
            asked[name] = text[:40]
    if who := entries.text("who"):
        found = auditing.find_person(db, visit.actor, who[:254])
        if found is None:
            raise Faults(Fault("Nobody here has that e-mail address. Enter another, or a person’s id", "who"))
        asked["who"] = found[:40]
    for name, what in (("from", "The first day"), ("to", "The last day")):
        if _is_given(entries, name):
            asked[name] = day(entries, name, what).isoformat()
    return to(PATH, **asked)


@audit.get("/audit.csv")
def get_audit_csv(visit: Reader, store: Store, question: Asked) -> Response:
    return auditing.as_csv(store, visit.actor, question)


def _is_given(entries: Entries, name: str) -> bool:
    return any(entries.text(f"{name}-{part}") for part in ("day", "month", "year"))


def _address(path: str, asked: dict[str, str]) -> str:
    return path + ("?" + urlencode(asked) if asked else "")
