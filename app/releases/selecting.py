"""Goes through the register for one release, debt by debt in constant memory, and gives the lines that it must carry."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlmodel import Session, col

from app.core import clock
from app.debts import imports, warnings_index
from app.debts.models import Debt
from app.debts.queries import is_unconfirmed
from app.organisations.models import Organisation
from app.policy.in_force import policy_in_force
from app.policy.tables import Policy
from app.releases import flags_before, live
from app.releases.again import to_carry_again
from app.releases.lines import A_PART, Line
from app.releases.loaded import as_loaded
from app.releases.models import CarriedDebt
from app.releases.rules.selection import Carried, Digests, change, digests
from app.releases.rules.words import Scope
from app.return_template.choices import OPEN_STATUSES
from app.returns.queries import all_references

_WHAT = [
    getattr(Debt, key)
    for key in (*live.AS_HELD, "id", "organisation_code", "return_id", "return_row", "import_id", "first_reported_on",
                "confirmed_on", "flagged")
]  # fmt: skip
_BEFORE = [
    getattr(CarriedDebt, key).label(f"before_{key}")
    for key in ("status_digest", "particulars_digest", "removed", "flag_ended")
]


@dataclass
class Selected:
    """A line that a release carries, and the digests of what it says."""

    line: Line
    digests: Digests


@dataclass(frozen=True)
class _Known:
    """What is looked up once for the whole register."""

    organisations: Mapping[str, Organisation]
    sources: Mapping[str, str]
    again: Collection[str]
    flag_ended: Collection[str]
    policy: Policy
    today: date


class Selection:
    """The lines for one recipient, numbered from 1, of the register after event `seen`. `held` counts the debts that
    would have had a line if no hold stood on them.
    """

    def __init__(self, db: Session, scope: Scope, recipient_key: str, seen: int) -> None:
        self._db, self._scope, self._key, self._seen = db, scope, recipient_key, seen
        self.held = 0

    def __iter__(self) -> Iterator[Selected]:
        known, number = _known(self._db, self._key), 0
        found = self._db.execute(_register(self._key), execution_options={"yield_per": A_PART})
        for debts in found.partitions():
            loaded = self._loaded(debts)
            for debt in debts:
                if (selected := self._selected(debt, known, loaded)) is None:
                    continue
                if debt.held:
                    self.held += 1
                    continue
                number += 1
                selected.line.line = number
                yield selected

    def _loaded(self, debts: Sequence[Any]) -> dict[str, Mapping[str, Any]]:
        """Imported debts of which this recipient was told by no release, as they were loaded."""
        untold = {debt.id: debt._asdict() for debt in debts if debt.import_id and debt.before_removed is None}
        return as_loaded(self._db, untold, self._seen)

    def _selected(self, debt: Any, known: _Known, loaded: Mapping[str, Mapping[str, Any]]) -> Selected | None:
        now = digests(debt._asdict())
        before = _before(debt, loaded.get(debt.id), debt.id in known.again, debt.id in known.flag_ended)
        shown = debt.status in warnings_index.SHOWN and not debt.held
        lacks_flag = shown and (not debt.flagged or (before is not None and before.flag_ended))
        says = change(self._scope, debt.status, now, before, lacks_flag=lacks_flag)
        if says is None:
            return None
        values = live.row_of(debt, known.organisations[debt.organisation_code], known.sources)
        values |= {"unconfirmed": is_unconfirmed(debt, known.policy, known.today)}
        line = Line(
            0, debt.id, debt.reference, debt.organisation_code, says.value, values, debt.return_id, debt.return_row,
            None if debt.return_id else debt.import_id, shown, debt.flagged,
        )  # fmt: skip
        return Selected(line, now)


def _before(debt: Any, loaded: Mapping[str, Any] | None, again: bool, flag_ended: bool) -> Carried | None:
    if debt.before_removed is not None:
        told = Digests(debt.before_status_digest, debt.before_particulars_digest)
        return Carried(told, debt.before_removed, again, debt.before_flag_ended)
    if loaded is not None:
        return Carried(digests(loaded), loaded["status"] not in OPEN_STATUSES, flag_ended=flag_ended)
    return None


def _register(recipient_key: str) -> Select[Any]:
    """Every debt that is open or of which the recipient may have been told, with what it was told last."""
    told = and_(col(CarriedDebt.debt_id) == col(Debt.id), col(CarriedDebt.recipient_key) == recipient_key)
    is_open = col(Debt.status).in_([status.value for status in OPEN_STATUSES])
    known = or_(is_open, col(CarriedDebt.debt_id).is_not(None), col(Debt.import_id).is_not(None))
    query = select(*_WHAT, *_BEFORE).join(CarriedDebt, told, isouter=True).where(known)
    return query.order_by(col(Debt.organisation_code), col(Debt.id))


def _known(db: Session, recipient_key: str) -> _Known:
    listed = {each.code: each for each in db.execute(select(Organisation)).scalars()}
    sources = all_references(db) | imports.all_references(db)
    again, flag_ended = to_carry_again(db, recipient_key), flags_before.ended_before(db, recipient_key)
    return _Known(listed, sources, again, flag_ended, policy_in_force(), clock.today())
