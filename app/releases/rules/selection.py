"""What a release says of a debt: two digests of what its line would say, and the change against what was said before."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from operator import itemgetter
from typing import Any, NamedTuple

from app.releases.rules.words import Change, Scope
from app.return_template.choices import OPEN_STATUSES
from app.return_template.columns import COLUMNS

STATUS = ("status", "status_date", "amount_outstanding")
PARTICULARS = tuple(column.key for column in COLUMNS if column.leaves and column.key not in STATUS)
_status, _particulars = itemgetter(*STATUS), itemgetter(*PARTICULARS)


class Digests(NamedTuple):
    """What a line says, shortened: equal digests mean that the recipient would read the same."""

    status: str
    particulars: str


class Carried(NamedTuple):
    """What the recipient was told last of a debt. `removed`: that it ended. `again`: the recipient rejected a line of it, and
    what was wrong is mended since, or cannot be. `flag_ended`: it was told since that the flag is off.
    """

    digests: Digests
    removed: bool
    again: bool = False
    flag_ended: bool = False


def digests(values: Mapping[str, Any]) -> Digests:
    """Of the values of one debt by column key, dates as dates and money in pence."""
    return Digests(_digest(_status(values)), _digest(_particulars(values)))


def change(scope: Scope, status: str, now: Digests, before: Carried | None, *, lacks_flag: bool) -> Change | None:
    """What the line of a debt says; None where this release has no line for it.

    `lacks_flag`: it belongs on the Warnings Index, which does not show it. A correction says more than an update, so it
    goes before it.
    """
    if status not in OPEN_STATUSES:
        is_told = before is None or (before.removed and not before.again)
        return None if is_told else Change.REMOVED
    if before is None:
        return Change.NEW
    if before.again or before.digests.particulars != now.particulars:
        return Change.CORRECTED
    if before.digests.status != now.status or lacks_flag:
        return Change.UPDATED
    return Change.SAME if scope is Scope.FULL else None


def differing(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The columns in which two lines of one debt differ, in the order of the return."""
    return [key for key in (*PARTICULARS, *STATUS) if (was[key] or None) != (now[key] or None)]


def _digest(values: Iterable[Any]) -> str:
    """Nothing and an empty text are the same to a recipient. No value holds the separator (R20)."""
    said = "\x1f".join(["" if value is None else str(value) for value in values])
    return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
