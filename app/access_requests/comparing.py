"""How debts came to be held as one person's, and with whom that person was compared; for the Debtors Team alone."""

from collections.abc import Callable, Collection, Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from app.access_requests.record import Section
from app.accounts import service as accounts
from app.core.db import among
from app.debts import joins
from app.debts.joins import SERVICE, Kind
from app.debts.match_models import DebtorJoin, Match
from app.debts.matches import State
from app.debts.models import Debt
from app.debts.rules.likeness import in_words

_JOINED = {Kind.EXACT: "The particulars agree exactly", Kind.DECIDED: "Somebody decided that they are one person"}
_DECISIONS = {
    State.OPEN: "Not decided",
    State.UNSURE: "Unsure",
    State.SAME: "The same person",
    State.DIFFERENT: "Another person",
}


def _members(db: Session, debts: Collection[Debt]) -> set[str]:
    persons = joins.persons(db, {debt.debtor_id for debt in debts})
    return {each for members in persons.values() for each in members}


def _joined(db: Session, debts: Collection[Debt]) -> Section:
    """Also what was parted again."""
    members = _members(db, debts)
    both = (among(db, col(DebtorJoin.older_id), members), among(db, col(DebtorJoin.younger_id), members))
    found = db.execute(select(DebtorJoin).where(*both).order_by(col(DebtorJoin.id))).scalars().all()
    names = _names(db, [each for one in found for each in (one.made_by, one.parted_by)])
    return Section(
        "joined", "Why these debts are held as one person’s",
        (("why", "Why"), ("from", "From"), ("by", "By"), ("until", "Until"), ("parted_by", "Parted by")),
        [(_JOINED[Kind(one.kind)], one.made_at, names.get(one.made_by, one.made_by), one.parted_at,
          names.get(one.parted_by or "", one.parted_by)) for one in found],
        "Each group of debts agrees exactly, and no groups were joined.",
    )  # fmt: skip


def _compared(db: Session, debts: Collection[Debt]) -> Section:
    """What spoke for it is told of those who are this person; of another, nothing but that they were compared."""
    members = _members(db, debts)
    either = among(db, col(Match.older_id), members) | among(db, col(Match.younger_id), members)
    found = db.execute(select(Match).where(either).order_by(col(Match.id))).scalars().all()
    names = _names(db, [one.decided_by for one in found])
    return Section(
        "possible_matches", "Comparisons with other records",
        (("found_at", "Found"), ("decision", "Decision"), ("decided_at", "Decided"), ("decided_by", "By"),
         ("reasons", "What spoke for it")),
        [(one.found_at, _DECISIONS[State(one.state)], one.decided_at, names.get(one.decided_by or "", one.decided_by),
          " ".join(in_words(one.evidence)[0]) if {one.older_id, one.younger_id} <= members else None) for one in found],
        "It was compared with no other record that is alike.",
    )  # fmt: skip


def _names(db: Session, ids: Sequence[str | None]) -> dict[str, str]:
    return accounts.names(db, ids) | {SERVICE: "the service"}


# About the person and not one debt.
PERSON_SECTIONS: Sequence[Callable[[Session, Collection[Debt]], Section]] = (_joined, _compared)
