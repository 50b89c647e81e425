"""What the recipient of a release was told of its debts before: the lines of the releases that carried them last."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Set

import msgspec
from sqlalchemy import and_, select, update
from sqlmodel import Session, col

from app.core.db import among
from app.debts.models import Debt
from app.releases import flags_before, lines
from app.releases.lines import A_PART, Line
from app.releases.models import CarriedDebt, Change, Release, ReleaseLine, ReleasePart
from app.releases.outputs.warnings_index import Carried

_PARTS_AT_HAND = 12
_CHANGED = (Change.UPDATED, Change.CORRECTED, Change.REMOVED)


def with_before(db: Session, release: Release, found: Iterable[Line]) -> Iterator[Carried]:
    """Every line, those that change something with what was carried before; in constant memory."""
    parts, imported = _Parts(db), flags_before.are_any(db)
    for part in lines.in_parts(found):
        known = _before(db, release.recipient_key, parts, [line.debt_id for line in part if line.change in _CHANGED])
        if imported:
            unknown = [
                line for line in part if line.debt_id not in known and (line.change in _CHANGED or not line.shown)
            ]
            known |= flags_before.shown_before(db, release.recipient_key, unknown)
        for line in part:
            yield Carried(line, known.get(line.debt_id))


def held_since(db: Session, release: Release, without: Set[int]) -> Iterator[Line]:
    """What the recipient was told of debts that are held now and that this release does not carry: each once."""
    here = and_(col(ReleaseLine.release_id) == release.id, col(ReleaseLine.debt_id) == col(CarriedDebt.debt_id))
    query = (
        select(col(CarriedDebt.release_id), col(CarriedDebt.line), col(ReleaseLine.line))
        .join(Debt, col(Debt.id) == col(CarriedDebt.debt_id))
        .join(ReleaseLine, here, isouter=True)
        .where(col(CarriedDebt.recipient_key) == release.recipient_key, col(CarriedDebt.removed).is_(False))
        .where(col(Debt.held), col(CarriedDebt.flag_ended).is_(False))
        .order_by(col(CarriedDebt.release_id), col(CarriedDebt.line))
    )
    parts = _Parts(db)
    for release_id, number, number_here in db.execute(query, execution_options={"yield_per": A_PART}):
        if number_here is None or number_here in without:
            line = parts.line(release_id, number)
            if line is not None and line.shown:
                yield line


def note_ended(db: Session, release: Release, debt_ids: Collection[str]) -> None:
    """The release is released: its file has told that the flags of these debts are off, whatever became of their holds."""
    db.execute(
        update(CarriedDebt)
        .where(col(CarriedDebt.recipient_key) == release.recipient_key, among(db, col(CarriedDebt.debt_id), debt_ids))
        .values(flag_ended=True),
        execution_options={"synchronize_session": False},
    )


def _before(db: Session, recipient_key: str, parts: "_Parts", debt_ids: Collection[str]) -> dict[str, Line]:
    if not debt_ids:
        return {}
    query = (
        select(
            col(CarriedDebt.debt_id), col(CarriedDebt.release_id), col(CarriedDebt.line), col(CarriedDebt.flag_ended)
        )
        .where(col(CarriedDebt.recipient_key) == recipient_key, among(db, col(CarriedDebt.debt_id), debt_ids))
        .order_by(col(CarriedDebt.release_id), col(CarriedDebt.line))
    )
    found: dict[str, Line] = {}
    for debt_id, release_id, number, flag_ended in db.execute(query).all():
        if (line := parts.line(release_id, number)) is not None:
            found[debt_id] = msgspec.structs.replace(line, shown=False) if flag_ended else line
    return found


class _Parts:
    """The parts of earlier releases that were read last: neighbours mostly stand in one."""

    def __init__(self, db: Session) -> None:
        self._db = db
        self._at_hand: OrderedDict[tuple[str, int], dict[int, Line]] = OrderedDict()

    def line(self, release_id: str, number: int) -> Line | None:
        first = (number - 1) // A_PART * A_PART + 1
        if (release_id, first) not in self._at_hand:
            self._at_hand[release_id, first] = self._read(release_id, first)
            if len(self._at_hand) > _PARTS_AT_HAND:
                self._at_hand.popitem(last=False)
        found = self._at_hand[release_id, first].get(number)
        return found or lines.line(self._db, release_id, number)  # parts had another length when that release was made

    def _read(self, release_id: str, first: int) -> dict[int, Line]:
        content = self._db.execute(
            select(col(ReleasePart.content)).where(
                col(ReleasePart.release_id) == release_id, col(ReleasePart.first_line) == first
            )
        ).scalar()
        return {line.line: line for line in lines.unpack(content)} if content else {}
