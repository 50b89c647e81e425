"""Persons who may be one, for the Debtors Team: the queue, and deciding a pair."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from app.accounts import service as accounts
from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.api.deps import PAGE, Cursor, Id, Limit, May, Reading, Writing, router
from app.api.problems import problem
from app.api.shapes.matches import DecisionIn, MatchOut
from app.api.shapes.values import Listing
from app.core.db import Session
from app.debts import matches as service
from app.debts.match_models import Match
from app.debts.matches import AlreadyDecided, State

matches = router("debtors")
Decider = Annotated[Actor, May(Permission.MATCH_DECIDE)]
_STATES = {"open": (State.OPEN,), "unsure": (State.UNSURE,), "decided": service.DECIDED, None: service.WAITING}


@matches.get("/possible-matches", summary="Persons who may be one, the likest first")
def get_matches(
    actor: Decider,
    db: Reading,
    state: Literal["open", "unsure", "decided"] | None = None,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> Listing[MatchOut]:
    """Without a state those that are still to be decided: open and unsure."""
    page = service.list_matches(db, actor, _STATES[state], limit, cursor)
    people = accounts.names(db, (match.decided_by for match, _ in page.items))
    return Listing(items=[MatchOut.of(match, sides, people) for match, sides in page.items], next=page.next)


@matches.post("/possible-matches/{match_id}", response_model=MatchOut, summary="Decide whether two persons are one")
def post_match(match_id: Id, decision: DecisionIn, actor: Decider, db: Writing) -> Any:
    """409 with the present state when it was decided meanwhile, or when another decision stands against it."""
    was = State(decision.was) if decision.was else None
    try:
        match = service.decide(db, actor, match_id, State(decision.decision), was)
    except AlreadyDecided as error:
        now = _shown(db, [error.match])[0]
        detail = f"{error.detail} Send what you saw in `was`."
        return problem(error.status, detail, state=now.state, decision=now.decision, decided_by=now.decided_by,
                       decided_at=now.decided_at and now.decided_at.isoformat())  # fmt: skip
    return _shown(db, [match])[0]


def _shown(db: Session, found: Sequence[Match]) -> list[MatchOut]:
    people = accounts.names(db, (match.decided_by for match in found))
    return [MatchOut.of(match, sides, people) for match, sides in zip(found, service.sides(db, found), strict=True)]
