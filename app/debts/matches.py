"""The queue of possible matches: what is to be decided, and the decisions of people, remembered and reversible."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import among, take_turns
from app.core.errors import Conflict, NotFound, Refused
from app.core.paging import NO_CURSOR, Numbered, Page, cut, from_cursor, offset_of
from app.debts import joins
from app.debts.debtors import debts_of
from app.debts.joins import Kind
from app.debts.match_models import DebtorJoin, Match
from app.debts.models import Debt, Debtor


class State(StrEnum):
    """Where a possible match stands; `same` and `different` are decided."""

    OPEN = "open"
    UNSURE = "unsure"
    SAME = "same"
    DIFFERENT = "different"


WAITING = (State.OPEN, State.UNSURE)
DECIDED = (State.SAME, State.DIFFERENT)
DECISIONS = (State.SAME, State.DIFFERENT, State.UNSURE)
_older, _younger = aliased(Debtor), aliased(Debtor)


@dataclass(frozen=True)
class Side:
    """One of the two: the person (or, where both are one person by now, the debtor), and how its debts describe it."""

    debtor_id: str
    debts: Sequence[Debt]


class AlreadyDecided(Conflict):
    """409: it stands otherwise than whoever decides had seen."""

    def __init__(self, match: Match) -> None:
        was = {State.OPEN: "to be decided", State.UNSURE: "marked as unsure", State.SAME: "decided: the same person",
               State.DIFFERENT: "decided: different persons"}[State(match.state)]  # fmt: skip
        super().__init__(f"Meanwhile this is {was}. Look at it again, then decide.")
        self.match = match


def list_matches(
    db: Session, actor: Actor, states: Sequence[State], limit: int, cursor: str | None
) -> Page[tuple[Match, Sequence[Side]]]:
    """The likest first. Raises Refused (422) for a cursor that we never gave."""
    query = _listed(actor, states)
    if key := from_cursor(cursor, "matches"):
        score, _, match_id = key.partition("-")
        if not (score.isdecimal() and len(score) < 4):
            raise Refused(NO_CURSOR)
        same_score = and_(col(Match.score) == int(score), col(Match.id) > match_id)
        query = query.where(or_(col(Match.score) < int(score), same_score))
    found = db.execute(_in_order(query).limit(limit + 1)).scalars().all()
    page = cut(found, limit, lambda match: f"{match.score}-{match.id}", "matches")
    return Page(list(zip(page.items, sides(db, page.items), strict=True)), page.next)


def page_of(
    db: Session, actor: Actor, states: Sequence[State], number: int, size: int = 25
) -> Numbered[tuple[Match, Sequence[Side]]]:
    """One numbered page, the likest first; beyond the last it is empty. Raises Refused (422)."""
    skipped = offset_of(number, size)
    found = db.execute(_in_order(_listed(actor, states)).offset(skipped).limit(size)).scalars().all()
    return Numbered(list(zip(found, sides(db, found), strict=True)), number, size, count(db, actor, states))


def count(db: Session, actor: Actor, states: Sequence[State] = WAITING) -> int:
    query = select(func.count()).select_from(_listed(actor, states).subquery())
    return int(db.execute(query).scalar_one())


def get_match(db: Session, actor: Actor, match_id: str) -> Match:
    """Raises NotFound (404)."""
    found = db.get(Match, match_id)
    if found is None or not _may_decide(actor):
        raise NotFound
    return found


def sides(db: Session, matches: Sequence[Match]) -> list[tuple[Side, Side]]:
    """For each match the two persons with all their debts."""
    members = joins.persons(db, {each for match in matches for each in (match.older_id, match.younger_id)})
    root_of = {each: root for root, person in members.items() for each in person}
    debts: dict[str, list[Debt]] = {}
    for debt in debts_of(db, root_of):
        debts.setdefault(debt.debtor_id, []).append(debt)

    def side(debtor_id: str, *, whole: bool) -> Side:
        own = members[root_of[debtor_id]] if whole else [debtor_id]
        found = (debt for each in own for debt in debts.get(each, ()))
        return Side(own[0], sorted(found, key=lambda debt: (debt.invoice_date, debt.id)))

    apart = [root_of[match.older_id] != root_of[match.younger_id] for match in matches]
    return [
        (side(match.older_id, whole=whole), side(match.younger_id, whole=whole))
        for match, whole in zip(matches, apart, strict=True)
    ]


def of_person(db: Session, actor: Actor, debtor_ids: Sequence[str]) -> Sequence[Match]:
    """What is still to be decided about these debtors, the likest first."""
    either = among(db, col(Match.older_id), debtor_ids) | among(db, col(Match.younger_id), debtor_ids)
    return db.execute(_in_order(_listed(actor, WAITING).where(either))).scalars().all()


def decide(db: Session, actor: Actor, match_id: str, decision: State, was: State | None = None) -> Match:
    """Joins, parts or sets aside. `was` is what the decider saw: another's decision is changed only by who has seen it.

    Raises NotFound (404), AlreadyDecided (409), Conflict (409) where another decision stands against it.
    """
    get_match(db, actor, match_id)
    take_turns(db, ["register"])
    match = db.get(Match, match_id, populate_existing=True)
    if match is None:  # nothing is left of the likeness
        raise NotFound
    before = State(match.state)
    if before is decision and match.decided_by == actor.id:
        return match  # sent twice
    if before is not was if was is not None else before in DECIDED and match.decided_by != actor.id:
        raise AlreadyDecided(match)
    if decision is State.SAME:
        _join(db, actor, match)
    else:
        _part(db, actor, match, decision)
    match.state, match.decided_by, match.decided_at = decision.value, actor.id, clock.now()
    db.add(match)
    record(db, actor, AuditAction.MATCH_DECIDED, "match", match.id, was=before.value, decision=decision.value)
    return match


def _join(db: Session, actor: Actor, match: Match) -> None:
    members = joins.persons(db, (match.older_id, match.younger_id))
    root_of = {each: root for root, person in members.items() for each in person}
    query = select(Match).where(
        among(db, col(Match.older_id), root_of), among(db, col(Match.younger_id), root_of),
        col(Match.state) == State.DIFFERENT, col(Match.id) != match.id,
    )  # fmt: skip
    if any(root_of[other.older_id] != root_of[other.younger_id] for other in db.execute(query).scalars()):
        raise Conflict("Of these two persons it was decided, for other debts of theirs, that they are different. Change "
                       "that decision first.")  # fmt: skip
    if all(one.kind != Kind.DECIDED for one in _between(db, match)):  # it stands even when exact agreement is lost
        joins.join(db, match.older_id, match.younger_id, Kind.DECIDED, actor.id, clock.now())


def _part(db: Session, actor: Actor, match: Match, decision: State) -> None:
    joins.part(db, _between(db, match), actor.id, clock.now())
    root_of = joins.roots(db, (match.older_id, match.younger_id))
    if decision is State.DIFFERENT and root_of[match.older_id] == root_of[match.younger_id]:
        raise Conflict("The two are one person through other joins too. Open the person’s page and change those "
                       "decisions first.")  # fmt: skip


def _between(db: Session, match: Match) -> list[DebtorJoin]:
    pair = (match.older_id, match.younger_id)
    return [one for one in joins.standing(db, pair) if (one.older_id, one.younger_id) == pair]


def _may_decide(actor: Actor) -> bool:
    return actor.may(Permission.MATCH_DECIDE) and actor.scope(Permission.MATCH_DECIDE) is None


def _listed(actor: Actor, states: Sequence[State]) -> Select[Match]:
    """Matches in these states; one that waits is not shown while both are one person anyway."""
    if not _may_decide(actor):
        raise NotFound
    query = select(Match).where(col(Match.state).in_([state.value for state in states]))
    query = query.join(_older, col(_older.id) == col(Match.older_id))
    query = query.join(_younger, col(_younger.id) == col(Match.younger_id))
    apart = col(_older.root_id) != col(_younger.root_id)
    return query.where(or_(col(Match.state).in_([state.value for state in DECIDED]), apart))


def _in_order(query: Select[Match]) -> Select[Match]:
    return query.order_by(col(Match.score).desc(), col(Match.id))
