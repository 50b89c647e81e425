"""Closing what a person comes in by: every browser's session and every token, wherever one of them must end."""

from sqlmodel import Session

from app.accounts import sessions, tokens
from app.audit.service import Who


def close(db: Session, actor: Who, user_id: str) -> int:
    """Ends every session and token of a person. Gives how many tokens there were."""
    sessions.end_all(db, user_id)
    return tokens.end_all(db, actor, user_id)


def close_others(db: Session, actor: Who, user_id: str, session: str) -> None:
    """The same, but for the browser that asks."""
    sessions.end_all_but(db, user_id, session)
    tokens.end_all(db, actor, user_id)
