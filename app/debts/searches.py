"""What a person types to find somebody: kept for a day under an id, so that no name stands in an address."""

from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.core import clock
from app.core.errors import NotFound, Refused
from app.debts.models import Search

LONGEST, KEPT = 200, timedelta(days=1)


def keep(db: Session, actor: Actor, q: str) -> str:
    """Keeps the words for this person alone. Raises Refused (422) when they are too long."""
    if len(q) > LONGEST:
        raise Refused(f"Shorten the search to {LONGEST} characters or fewer.")
    db.execute(delete(Search).where(col(Search.created_at) < clock.real_now() - KEPT))
    kept = Search(actor=actor.id, q=q, created_at=clock.real_now())
    db.add(kept)
    db.flush()
    return kept.id


def words(db: Session, actor: Actor, search_id: str) -> str:
    """Raises NotFound (404) for a search that is not there, not this person's, or too old."""
    found = db.get(Search, search_id)
    if found is None or found.actor != actor.id or found.created_at < clock.real_now() - KEPT:
        raise NotFound
    return found.q
