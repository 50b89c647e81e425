"""Possible matches as the comparison keeps them: proposed once, brought up to date, and taken back when nothing is left of
the likeness. What a person has decided it never touches.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.core.db import among
from app.core.ids import new_id
from app.debts import joins
from app.debts.match_models import Match
from app.debts.matches import WAITING, State
from app.debts.models import Debt
from app.debts.rules import likeness
from app.debts.rules.likeness import THRESHOLD, Likeness, Traits
from app.return_template.choices import Status

Pair = tuple[str, str]  # two debtors, the older first
WITHDRAWN = Status.WITHDRAWN.value
_MATCHES: Any = Match.__table__  # type: ignore[attr-defined]
COMPARED: Sequence[Any] = [col(getattr(Debt, key)) for key in sorted(likeness.COMPARED)]


def propose(db: Session, found: Mapping[Pair, Likeness], now: datetime) -> None:
    """Asks about these pairs, but for those that were asked about before or are one person already."""
    root_of = joins.roots(db, {debtor_id for pair in found for debtor_id in pair})
    add(
        db,
        [
            _proposed(pair, likeness_, now)
            for pair, likeness_ in found.items()
            if root_of.get(pair[0]) != root_of.get(pair[1])
        ],
    )


def add(db: Session, matches: Sequence[Match]) -> None:
    """Adds those whose pair has none yet."""
    if not matches:
        return
    insert: Any = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(_MATCHES).on_conflict_do_nothing(index_elements=["older_id", "younger_id"])
    db.connection().execute(statement, [match.model_dump() for match in matches])


class Again(NamedTuple):
    """A question that stands, and how alike the two are now."""

    match_id: str
    state: str
    best: Likeness


def look_again(db: Session, debtor_ids: Collection[str]) -> list[Again]:
    """What was found alike because of these debtors' debts and may no longer be, or more so: those that differ now."""
    either = among(db, col(Match.older_id), debtor_ids) | among(db, col(Match.younger_id), debtor_ids)
    what = (col(getattr(Match, key)) for key in ("id", "older_id", "younger_id", "state", "score", "evidence"))
    waiting = db.execute(select(*what).where(either, col(Match.state).in_(WAITING))).all()
    known = descriptions(db, {each for match in waiting for each in (match.older_id, match.younger_id)})
    found = []
    for match in waiting:
        pairs = [(one, other) for one in known.get(match.older_id, ()) for other in known.get(match.younger_id, ())]
        best = max((likeness.compare(*pair) for pair in pairs), key=lambda each: each.score, default=Likeness(0, ()))
        if (match.score, match.evidence) != (best.score, list(best.evidence)):
            found.append(Again(match.id, match.state, best))
    return found


def put_down(db: Session, again: Collection[Again]) -> None:
    """Takes back the open ones with too little left, and brings the others up to date, unless somebody decided meanwhile."""
    over = [one.match_id for one in again if one.best.score < THRESHOLD and one.state == State.OPEN]
    if over:
        db.execute(delete(_MATCHES).where(among(db, _MATCHES.c.id, over), _MATCHES.c.state == State.OPEN))
    waits = or_(*(_MATCHES.c.state == state for state in WAITING))  # an IN cannot be sent for many at once
    of_one = (_MATCHES.c.id == bindparam("match_id"), waits)
    anew = update(_MATCHES).where(*of_one).values(score=bindparam("new_score"), evidence=bindparam("new_evidence"))
    taken = set(over)
    changed = [
        {"match_id": one.match_id, "new_score": one.best.score, "new_evidence": list(one.best.evidence)}
        for one in again
        if one.match_id not in taken
    ]
    if changed:
        db.connection().execute(anew, changed)


def descriptions(db: Session, debtor_ids: Collection[str]) -> Mapping[str, Collection[Traits]]:
    """How the debts of each of these debtors describe it, those left out that were withdrawn."""
    found: dict[str, dict[Traits, None]] = defaultdict(dict)
    if debtor_ids:
        query = select(col(Debt.debtor_id), *COMPARED)
        where = (among(db, col(Debt.debtor_id), debtor_ids), col(Debt.status) != WITHDRAWN)
        for row in db.execute(query.where(*where)).all():
            found[row.debtor_id][likeness.traits(row)] = None
    return found


def _proposed(pair: Pair, found: Likeness, now: datetime) -> Match:
    older, younger = pair
    evidence = [str(each) for each in found.evidence]
    return Match(id=new_id(), older_id=older, younger_id=younger, score=found.score, evidence=evidence, found_at=now)
