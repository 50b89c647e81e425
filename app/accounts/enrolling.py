"""Setting up the second factor: a secret is proposed to one browser's session, shown in it alone, and soon forgotten.

Whoever else knows the password, even at the same moment, sees another secret, and what one session began no other ends.
"""

from datetime import timedelta

from sqlmodel import Session, col, update

from app.accounts import keys, second_factor, sessions
from app.accounts.models import BrowserSession, Step, User
from app.accounts.second_factor import Proposal
from app.core import clock
from app.core.errors import Conflict

LASTS = timedelta(minutes=15)


class CodesAreSetUp(Conflict):
    title = "Your codes are set up already"

    def __init__(self) -> None:
        super().__init__("Codes were set up for this account already. Sign in again, with a code from that app.")


def propose(db: Session, token: str) -> None:
    """A fresh secret for this session, in place of the one before."""
    fresh = {"totp_proposal": second_factor.new_secret(), "totp_proposed_at": clock.real_now()}
    db.exec(update(BrowserSession).where(col(BrowserSession.digest) == keys.digest(token)).values(**fresh))


def proposed(db: Session, user: User, token: str) -> Proposal | None:
    """What this session shows, while it is young enough to be confirmed."""
    kept = _kept(db, token)
    return second_factor.proposal(user, kept) if kept else None


def enrol(db: Session, user: User, token: str, code: str) -> bool:
    """The first codes of somebody whose sign-in asks for them; every other session ends, however far it had come.

    Raises CodesAreSetUp (409) for who has codes: to replace them asks for one.
    """
    if second_factor.has(user) or _step_of(db, token) != Step.ENROL:
        raise CodesAreSetUp
    return _confirm(db, user, token, second_factor.set_first, code)


def change(db: Session, user: User, token: str, code: str) -> bool:
    """Codes, or others in their place, of somebody who is signed in and has just given the password again."""
    return _step_of(db, token) == Step.IN and _confirm(db, user, token, second_factor.replace, code)


def _confirm(db: Session, user: User, token: str, put_in_force: second_factor.Setting, code: str) -> bool:
    kept = _kept(db, token)
    if not kept or not put_in_force(db, user, kept, code):
        return False
    this = col(BrowserSession.digest) == keys.digest(token)
    db.exec(update(BrowserSession).where(this).values(totp_proposal=None, totp_proposed_at=None))
    sessions.end_all_but(db, user.id, token)
    return True


def _kept(db: Session, token: str) -> str | None:
    session = _session(db, token)
    if session is None or session.totp_proposed_at is None or session.totp_proposed_at <= clock.real_now() - LASTS:
        return None
    return session.totp_proposal


def _step_of(db: Session, token: str) -> str | None:
    session = _session(db, token)
    return session.step if session is not None and session.ended_at is None else None


def _session(db: Session, token: str) -> BrowserSession | None:
    return db.get(BrowserSession, keys.digest(token), populate_existing=True)
