"""Status checks as both faces ask them: in a transaction of their own, so that a refused try is kept and still refused."""

from app.accounts.access import Actor
from app.core.db import Database
from app.core.errors import TooMany
from app.status_checks import service
from app.status_checks.rules.question import Question
from app.status_checks.service import Answer, TurnedAway


def ask(store: Database, actor: Actor, question: Question) -> Answer:
    """Raises Forbidden (403), Refused (422) or TooMany (429)."""
    with store.writing() as db:
        outcome = service.check(db, actor, question)
    if isinstance(outcome, TurnedAway):
        raise TooMany(outcome.words, outcome.seconds)
    return outcome
