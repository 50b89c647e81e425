"""Joins that the service makes by itself, because debts of two debtors agree exactly, and parts when they no longer do."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from app.core.db import among
from app.debts import joins, proposals
from app.debts.forgetting import forget
from app.debts.joins import SERVICE, Kind
from app.debts.match_models import DebtorJoin, Match
from app.debts.models import Debt
from app.debts.rules.likeness import Evidence
from app.debts.rules.persons import agree

CERTAIN = 100


def join(db: Session, pairs: Iterable[tuple[str, str]], now: datetime) -> None:
    """Joins these pairs, but for those of which somebody decided that they are different or was unsure."""
    wanted = {(min(pair), max(pair)) for pair in pairs}
    if not wanted:
        return
    ids = {each for pair in wanted for each in pair}
    known = {(one.older_id, one.younger_id) for one in joins.standing(db, ids)}
    for older, younger in sorted(wanted - known):
        if not _is_kept_apart(db, older, younger):
            joins.join(db, older, younger, Kind.EXACT, SERVICE, now)
            _note(db, older, younger, now)


def part_unsupported(db: Session, debtor_ids: Collection[str], corrected: Collection[str], now: datetime) -> None:
    """Parts exact joins of these debtors for which no two debts agree any more, now that these debts are corrected."""
    found = [one for one in joins.standing(db, debtor_ids) if one.kind == Kind.EXACT]
    if not found:
        return
    said = _said(db, {each for one in found for each in (one.older_id, one.younger_id)}, corrected)
    lost = [one for one in found if not _agree(said, one)]
    if not lost:
        return
    joins.part(db, lost, SERVICE, now)
    for one in lost:
        pair = (col(Match.older_id) == one.older_id, col(Match.younger_id) == one.younger_id)
        db.execute(delete(Match).where(*pair, col(Match.decided_by).is_(None)))
    parted = {each for one in lost for each in (one.older_id, one.younger_id)}
    again = update(Debt).where(among(db, col(Debt.debtor_id), parted)).values(to_compare=True)
    db.execute(again, execution_options={"synchronize_session": False})
    if emptied := parted - said.keys():
        forget(db, emptied)


def _is_kept_apart(db: Session, older: str, younger: str) -> bool:
    """Whether somebody was unsure of the two, or decided that anybody of the one person is different from the other."""
    persons = joins.persons(db, (older, younger))
    members = {each for person in persons.values() for each in person}
    query = select(Match).where(
        among(db, col(Match.older_id), members), among(db, col(Match.younger_id), members), col(Match.state) != "open"
    )
    root_of = {each: root for root, person in persons.items() for each in person}
    for match in db.execute(query).scalars():
        is_pair = (match.older_id, match.younger_id) == (older, younger)
        if match.state == "different" and (is_pair or root_of[match.older_id] != root_of[match.younger_id]):
            return True
        if match.state == "unsure" and is_pair:
            return True
    return False


def _note(db: Session, older: str, younger: str, now: datetime) -> None:
    """Gives the join a place among the matches, where a person may decide otherwise."""
    new = Match(older_id=older, younger_id=younger, score=CERTAIN, evidence=[Evidence.EXACT.value], found_at=now)
    proposals.add(db, [new])
    pair = (col(Match.older_id) == older, col(Match.younger_id) == younger)
    is_open = col(Match.state) == "open"
    db.execute(update(Match).where(*pair, is_open).values(state="same", decided_at=now))


class _Said(NamedTuple):
    """What the debts of one debtor say, and whether one of them says so since before this correction."""

    digests: set[tuple[str | None, str | None]]
    is_older: bool


def _said(db: Session, debtor_ids: Collection[str], corrected: Collection[str]) -> dict[str, _Said]:
    what = (col(Debt.debtor_id), col(Debt.name_match), col(Debt.passport_match), col(Debt.id))
    found: dict[str, _Said] = {}
    for debtor_id, name, passport, debt_id in db.execute(
        select(*what).where(among(db, col(Debt.debtor_id), debtor_ids))
    ):
        before = found.get(debtor_id, _Said(set(), is_older=False))
        found[debtor_id] = _Said(before.digests | {(name, passport)}, before.is_older or debt_id not in corrected)
    return found


def _agree(said: Mapping[str, _Said], one: DebtorJoin) -> bool:
    """With a debtor whose debts were all purged agrees who says now what they said then, for nothing says otherwise."""
    older, younger = said.get(one.older_id), said.get(one.younger_id)
    if older is None or younger is None:
        return any(left.is_older for left in (older, younger) if left is not None)
    return any(agree(mine, theirs) for mine in older.digests for theirs in younger.digests)
