"""Notes which debts a file gave to whom, and answers who has received a debt (UK GDPR Articles 15 and 19)."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlmodel import Session, col

from app.debts import register
from app.debts.models import WarningsIndexEvent
from app.debts.warnings_index import ADD
from app.disclosures.lines import Lines, found_in, shards_of
from app.disclosures.models import Disclosure, DisclosurePart

LIVE, RELEASE, FEED = "live", "release", "feed"
WARNINGS_INDEX = "Warnings Index"


@dataclass(frozen=True)
class Giving:
    """A file on its way out. `at` is the moment of which it speaks; `seen` the newest debt event at that moment
    (register.last_event_id), None for the newest of all. `about` names the release, if it is one.
    """

    kind: str
    recipient: str
    purpose: str
    at: datetime
    by: str
    seen: int | None = None
    about: str | None = None


@dataclass(frozen=True)
class Receipt:
    """One time at which somebody received a debt. `seen` is None for the feed, which tells of every change itself."""

    recipient: str
    purpose: str
    at: datetime
    kind: str
    seen: int | None = None
    about: str | None = None


def note(db: Session, giving: Giving, lines: Lines) -> Disclosure | None:
    """Remembers the file in the transaction of whoever gives it out. Nothing to remember of a file without debts."""
    if not lines.count:
        return None
    seen = register.last_event_id(db) if giving.seen is None else giving.seen
    made = Disclosure(
        kind=giving.kind, about=giving.about, recipient=giving.recipient, recipient_key=key_of(giving.recipient),
        purpose=giving.purpose, at=giving.at, by=giving.by, seen=seen, debts=lines.count,
    )  # fmt: skip
    db.add(made)
    db.flush()
    for shard, packed in lines.parts():
        db.execute(insert(DisclosurePart).values(disclosure_id=made.id, shard=shard, debt_ids=packed))
    return made


def key_of(recipient: str) -> str:
    """Who it is, however it was typed: case and spaces do not make another recipient."""
    return " ".join(recipient.casefold().split())[:200]


def received_by(db: Session, debt_id: str) -> list[Receipt]:
    """Everybody who has received this debt, by a file or by the feed, oldest first."""
    carrying = (
        select(Disclosure, col(DisclosurePart.debt_ids))
        .join(DisclosurePart, col(DisclosurePart.disclosure_id) == col(Disclosure.id))
        .where(col(DisclosurePart.shard).in_(shards_of([debt_id])))
    )
    files = [_receipt(each) for each, part in db.execute(carrying) if found_in(part, [debt_id])]
    return sorted([*files, *_of_the_feed(db, debt_id)], key=lambda receipt: receipt.at)


def _of_the_feed(db: Session, debt_id: str) -> list[Receipt]:
    query = select(WarningsIndexEvent).where(col(WarningsIndexEvent.debt_id) == debt_id)
    return [
        Receipt(WARNINGS_INDEX, "Flag added" if event.action == ADD else "Flag removed", event.at, FEED)
        for event in db.execute(query).scalars()
    ]


def earliest_seen(db: Session) -> int | None:
    """What happened up to here, every recipient knew when it received something; None if nobody has."""
    return db.execute(select(func.min(Disclosure.seen))).scalar()


def last_received(db: Session, debt_ids: Collection[str]) -> dict[str, dict[str, Receipt]]:
    """The newest file in which each recipient (by its key) received each of these debts, if it ever did."""
    found: dict[str, dict[str, Receipt]] = defaultdict(dict)
    newest_first = select(Disclosure).order_by(col(Disclosure.seen).desc(), col(Disclosure.id).desc())
    for each in db.execute(newest_first).scalars().all() if debt_ids else ():
        known = found[each.recipient_key]
        wanted = {debt_id for debt_id in debt_ids if debt_id not in known}
        for debt_id in _carried(db, each, wanted):
            known[debt_id] = _receipt(each)
    return found


def _carried(db: Session, each: Disclosure, debt_ids: Collection[str]) -> set[str]:
    """One part after the other, so that a file of a million lines never stands in memory whole."""
    carried: set[str] = set()
    by_shard: dict[int, list[str]] = {shard: [] for shard in shards_of(debt_ids)}
    for debt_id in debt_ids:
        by_shard[int(debt_id[-2:], 16)].append(debt_id)
    query = select(col(DisclosurePart.shard), col(DisclosurePart.debt_ids)).where(
        col(DisclosurePart.disclosure_id) == each.id, col(DisclosurePart.shard).in_(list(by_shard))
    )
    for shard, part in db.execute(query, execution_options={"yield_per": 16}) if debt_ids else ():
        carried |= found_in(part, by_shard[shard] or debt_ids)
    return carried


def _receipt(each: Disclosure) -> Receipt:
    return Receipt(each.recipient, each.purpose, each.at, each.kind, each.seen, each.about)
