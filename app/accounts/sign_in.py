"""Signing in with a password, then a one-time code: one answer for everything that is wrong, and what comes next.

A wrong try must be kept: these functions answer with an `Attempt` and never raise, and the caller commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, select

from app.accounts import failures, passwords, second_factor, sessions
from app.accounts.access import Actor
from app.accounts.models import Step, User
from app.audit.models import AuditAction
from app.audit.service import record
from app.core.db import take_turns
from app.core.spans import span

NOT_RIGHT = (
    "The e-mail address or password is not right. Check both and try again. After a few wrong tries you have to wait."
)
CODE_NOT_RIGHT = (
    "The code is not right or was used before. Wait for the next code in your app and enter it. "
    "After a few wrong tries you have to wait."
)
TOO_MANY = "There were too many tries. Wait {} and try again."


@dataclass(frozen=True)
class Attempt:
    """What came of a try: the person with the step that their session starts with, or the words for the page.

    `wait`: for how many seconds from now no try is looked at, if this one was not.
    """

    user: User | None = None
    step: Step | None = None
    words: str = ""
    wait: int = 0


def by_password(db: Session, email: str, password: str, address: str) -> Attempt:
    """Judges an address and a password given from this network address. The same words and time whatever is wrong.

    While tries must wait, none is looked at: it costs us next to nothing, and guesses sent all at once gain nothing.
    """
    email = email.strip().lower()[:254]
    account, place = failures.account_key(email), failures.address_key(address)
    counted = ((account, failures.ACCOUNT_TRIES), (place, failures.ADDRESS_TRIES))
    known = (email.isprintable() and db.exec(select(User).where(User.email == email)).one_or_none()) or None
    early = failures.wait(db, (account, place))
    matching = not early and passwords.matches(known.password_hash if known else None, password)
    take_turns(db, (account, place))
    if early or failures.wait(db, (account, place)):
        return _too_early(db, known, counted)
    matching = matching and known is not None and _still(db, known)
    if known is None or not matching or known.disabled_at is not None:
        failures.count(db, counted)
        why = "unknown" if known is None else "wrong" if not matching else "disabled"
        return _refused(db, known, account, why, NOT_RIGHT)
    failures.forget(db, (account,))
    return Attempt(known, next_step(known))


def _still(db: Session, known: User) -> bool:
    """Whether the password that was compared is the one that counts: another may have taken its place meanwhile."""
    compared = known.password_hash
    sessions.hold(db, known.id)
    db.refresh(known)
    return known.password_hash == compared


def by_code(db: Session, user: User, code: str, address: str) -> Attempt:
    """Judges a one-time code of a person whose password was right."""
    codes, place = failures.codes_key(user.id), failures.address_key(address)
    counted = ((codes, failures.ACCOUNT_TRIES), (place, failures.ADDRESS_TRIES))
    take_turns(db, (codes, place))
    if failures.wait(db, (codes, place)):
        return _too_early(db, user, counted)
    if not second_factor.check(db, user, code):
        failures.count(db, counted)
        return _refused(db, user, codes, "wrong-code", CODE_NOT_RIGHT)
    failures.forget(db, (codes,))
    return Attempt(user, Step.IN)


def next_step(user: User) -> Step:
    """What a person whose password was right must do next."""
    if second_factor.has(user):
        return Step.CODE
    return Step.ENROL if second_factor.is_needed(user) else Step.IN


def _too_early(db: Session, user: User | None, counted: Sequence[tuple[str, int]]) -> Attempt:
    """Nothing was looked at. The try counts all the same: whoever does not wait is soon locked."""
    failures.count(db, counted)
    seconds = failures.wait(db, [key for key, _ in counted])
    _record(db, user, counted[0][0], "locked")
    return Attempt(words=TOO_MANY.format(span(seconds)), wait=seconds)


def _refused(db: Session, user: User | None, key: str, why: str, words: str) -> Attempt:
    _record(db, user, key, why)
    return Attempt(words=words)


def _record(db: Session, user: User | None, key: str, why: str) -> None:
    """Records the try: by the user's id, or by a digest that only we can make of what was typed."""
    who = user.id if user else key
    actor = Actor(who, "")
    record(db, actor, AuditAction.USER_SIGNED_IN, "user" if user else "account", who, outcome="refused", why=why)
