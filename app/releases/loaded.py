"""What the register of the time before this service said of a debt: that is what every recipient was told of it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.core.db import among
from app.debts.models import DebtEvent
from app.debts.register import from_json
from app.releases.rules.selection import STATUS

Values = Mapping[str, Any]


def as_loaded(db: Session, debts: Mapping[str, Values], seen: int) -> dict[str, Values]:
    """The values of imported debts as they were loaded, by id, from those that they had after event `seen`."""
    histories = _histories(db, _changed_since(db, debts, seen), seen)
    return {id_: _undone(values, histories[id_]) if id_ in histories else values for id_, values in debts.items()}


def _changed_since(db: Session, ids: Collection[str], seen: int) -> Collection[str]:
    """Most imported debts have nothing but their loading."""
    if not ids:
        return ()
    query = select(col(DebtEvent.debt_id)).where(
        among(db, col(DebtEvent.debt_id), ids), col(DebtEvent.import_id).is_(None), col(DebtEvent.id) <= seen
    )
    return set(db.execute(query).scalars())


def _histories(db: Session, ids: Collection[str], seen: int) -> dict[str, list[Any]]:
    if not ids:
        return {}
    what = [getattr(DebtEvent, key) for key in ("debt_id", "import_id", "particulars", *STATUS)]
    query = select(*what).where(among(db, col(DebtEvent.debt_id), ids), col(DebtEvent.id) <= seen)
    found: dict[str, list[Any]] = defaultdict(list)
    for event in db.execute(query.order_by(col(DebtEvent.id))):
        found[event.debt_id].append(event)
    return found


def _undone(values: Values, history: Sequence[Any]) -> Values:
    """The status that the last loading stated, and each particular as it was before the first change after it."""
    state = dict(values)
    for event in reversed(history):
        if event.import_id is None:
            state |= {key: from_json(key, was) for key, (was, _) in (event.particulars or {}).items()}
        elif event.status is not None:
            return state | {key: getattr(event, key) for key in STATUS}
    return state
