"""Signing in with a password, then a one-time code: one answer for everything that is wrong, and what comes next.

A wrong try must be kept: these functions answer with an `Attempt` and never raise, and the caller commits.
"""

from dataclasses import dataclass

from sqlmodel import Session, select

from app.accounts import failures, passwords, second_factor
from app.accounts.access import Actor
from app.accounts.models import Step, User
from app.audit.models import AuditAction
from app.audit.service import record
from app.settings import get_settings

NOT_RIGHT = (
    "The e-mail address or password is not right, or there were too many tries. "
    "Check both and try again. After many tries, wait 15 minutes."
)
CODE_NOT_RIGHT = (
    "The code is not right, was used before, or there were too many tries. "
    "Wait for the next code in your app and enter it. After many tries, wait 15 minutes."
)


@dataclass(frozen=True)
class Attempt:
    """What came of a try: the person with the step that their session starts with, or the words for the page."""

    user: User | None = None
    step: Step | None = None
    words: str = ""


def by_password(db: Session, email: str, password: str, address: str) -> Attempt:
    """Judges an address and a password given from this network address. The same words and time whatever is wrong."""
    email = email.strip().lower()[:254]
    known = (email.isprintable() and db.exec(select(User).where(User.email == email)).one_or_none()) or None
    matching = passwords.matches(known.password_hash if known else None, password)
    account, place = failures.account_key(email), failures.address_key(address)
    if failures.locked_out(db, (account, place)):
        return _refused(db, known, account, "locked", NOT_RIGHT)
    if known is None or not matching or known.disabled_at is not None:
        failures.count(db, ((account, failures.ACCOUNT_TRIES), (place, failures.ADDRESS_TRIES)))
        why = "unknown" if known is None else "wrong" if not matching else "disabled"
        return _refused(db, known, account, why, NOT_RIGHT)
    failures.forget(db, (account,))
    return Attempt(known, next_step(known))


def by_code(db: Session, user: User, code: str, address: str) -> Attempt:
    """Judges a one-time code of a person whose password was right."""
    codes, place = failures.codes_key(user.id), failures.address_key(address)
    if failures.locked_out(db, (codes, place)):
        return _refused(db, user, codes, "locked", CODE_NOT_RIGHT)
    if not second_factor.check(db, user, code):
        failures.count(db, ((codes, failures.ACCOUNT_TRIES), (place, failures.ADDRESS_TRIES)))
        return _refused(db, user, codes, "wrong-code", CODE_NOT_RIGHT)
    failures.forget(db, (codes,))
    return Attempt(user, Step.IN)


def next_step(user: User) -> Step:
    """What a person whose password was right must do next. Who came by invitation has a second factor everywhere."""
    if second_factor.has(user):
        return Step.CODE
    needed = get_settings().second_factor == "required" or user.invited_at is not None
    return Step.ENROL if needed else Step.IN


def _refused(db: Session, user: User | None, key: str, why: str, words: str) -> Attempt:
    """Records the try: by the user's id, or by a digest that only we can make of what was typed."""
    who = user.id if user else key
    actor = Actor(who, "")
    record(db, actor, AuditAction.USER_SIGNED_IN, "user" if user else "account", who, outcome="refused", why=why)
    return Attempt(words=words)
