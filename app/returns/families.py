"""Whose debts somebody may speak of who reports for an organisation."""

from sqlmodel import Session

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import clock
from app.organisations import service as organisations


def spoken_for(db: Session, actor: Actor, code: str) -> list[str]:
    """The organisation's, its predecessors' and, where it was taken over, its successor's for who answers for that too."""
    today = clock.today()
    while (after := organisations.successor(db, code, today)) and actor.sees(Permission.RETURN_UPLOAD, after):
        code = after
    return organisations.family(db, code, today)
