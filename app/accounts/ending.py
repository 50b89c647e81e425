"""Ends every way in that is held by somebody: sessions, tokens and links. Passwords and second factors stay."""

from sqlmodel import Session, col, func, select, update

from app.accounts import links
from app.accounts.models import ApiToken, BrowserSession, OneTimeLink
from app.core import clock


def end_all(db: Session) -> dict[str, int]:
    """How many sessions, tokens and links there were that still stood."""
    now = clock.real_now()
    sessions = db.exec(update(BrowserSession).where(col(BrowserSession.ended_at).is_(None)).values(ended_at=now))
    tokens = db.exec(update(ApiToken).where(col(ApiToken.revoked_at).is_(None)).values(revoked_at=now))
    standing = col(OneTimeLink.ended_at).is_(None)
    number = db.exec(select(func.count()).select_from(OneTimeLink).where(standing)).one()
    for user_id in db.exec(select(col(OneTimeLink.user_id)).where(standing).distinct()).all():
        links.end_all(db, user_id)
    return {"sessions": sessions.rowcount, "tokens": tokens.rowcount, "links": number}
