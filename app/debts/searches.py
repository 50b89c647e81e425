"""What a person types to find somebody: kept for a day under an id, so that no name ever stands in an address."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.core import clock
from app.core.errors import NotFound, Refused
from app.debts.models import Search

LONGEST = 200
KEPT = timedelta(days=1)


def keep(db: Session, actor: Actor, q: str) -> str:
    """Keeps the words for this person alone and gives their id; whatever is older than a day goes. Raises Refused (422)."""
    words_ = " ".join(q.replace("\0", " ").encode(errors="replace").decode().split())
    if not words_:
        raise Refused("Enter what to look for: a name, an invoice number, a reference or a passport number.")
    if len(words_) > LONGEST:
        raise Refused(f"What you look for has {len(words_)} characters. Shorten it to {LONGEST} or fewer.")
    now = clock.real_now()
    db.execute(delete(Search).where(over(now)))
    kept = Search(actor=actor.id, q=words_, created_at=now)
    db.add(kept)
    db.flush()
    return kept.id


def over(now: datetime) -> ColumnElement[bool]:
    """Searches that were kept long enough."""
    return col(Search.created_at) < now - KEPT


def words(db: Session, actor: Actor, search_id: str) -> str:
    """Raises NotFound (404) for a search that is not there, not this person's, or older than a day."""
    found = db.get(Search, search_id)
    if found is None or found.actor != actor.id or found.created_at < clock.real_now() - KEPT:
        raise NotFound
    return found.q
