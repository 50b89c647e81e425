"""Possible matches as the comparison keeps them: proposed once, brought up to date, and taken back when nothing is left of
the likeness. What a person has decided it never touches.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.core.db import among
from app.core.ids import new_id
from app.debts import joins
from app.debts.match_models import Match
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


def look_again(db: Session, debtor_ids: Collection[str]) -> None:
    """What was found alike because of these debtors' debts may no longer be, or more so."""
    either = among(db, col(Match.older_id), debtor_ids) | among(db, col(Match.younger_id), debtor_ids)
    waiting = db.execute(select(Match).where(either, col(Match.state).in_(("open", "unsure")))).scalars().all()
    known = descriptions(db, {each for match in waiting for each in (match.older_id, match.younger_id)})
    for match in waiting:
        pairs = [(one, other) for one in known.get(match.older_id, ()) for other in known.get(match.younger_id, ())]
        best = max((likeness.compare(*pair) for pair in pairs), key=lambda each: each.score, default=Likeness(0, ()))
        if best.score < THRESHOLD and match.state == "open":
            db.delete(match)
        elif (match.score, match.evidence) != (best.score, list(best.evidence)):
            match.score, match.evidence = best.score, list(best.evidence)
            db.add(match)
    db.flush()


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
