"""What must not go on in a register that was brought back as if nothing had been between: ways in, and what was to leave."""

from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from app.accounts import ending
from app.core import clock, outbox
from app.debts.models import WarningsIndexEvent
from app.releases import due

MAY_HAVE_LEFT = "The register was restored from a backup, so this may have arrived before."


@dataclass(frozen=True)
class Aftermath:
    """What was ended and held back, and the last line of the Warnings Index feed, behind which its recipient may be."""

    sessions: int
    tokens: int
    links: int
    mails: int
    files: int
    feed: int


def settle(db: Session) -> Aftermath:
    """Whoever was signed in, or shut out, after the backup was taken is unknown here: everybody signs in anew. What was
    about to leave may have left meanwhile: people decide.
    """
    ended = ending.end_all(db)
    mails = outbox.give_up_waiting(db, MAY_HAVE_LEFT)
    files = due.give_up_all(db, clock.now(), MAY_HAVE_LEFT)
    feed = db.exec(select(func.max(col(WarningsIndexEvent.id)))).one() or 0
    return Aftermath(**ended, mails=mails, files=files, feed=feed)
