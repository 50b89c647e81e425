"""Which lines of an approved release do not leave after all, because the register moved on since. Nothing is ever added."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.releases.rules.words import Change
from app.return_template.choices import Status

IDENTITY = ("family_name", "given_names", "date_of_birth", "nationality", "passport_number")


class TakenOut(StrEnum):
    """Why a line did not leave. The values are kept and named by clients, so they never change their meaning."""

    WRONG = "marked_wrong"
    REPAID = "repaid"
    ARRANGED = "arranged"
    WITHDRAWN = "withdrawn"
    HELD = "held"
    PERSON = "person_corrected"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: dict[TakenOut, str] = {
    TakenOut.WRONG: "It was compared with its source and marked wrong",
    TakenOut.REPAID: "The debt was repaid since",
    TakenOut.ARRANGED: "A repayment arrangement was made since",
    TakenOut.WITHDRAWN: "The debt was withdrawn since",
    TakenOut.HELD: "The debt is held",
    TakenOut.PERSON: "The name, date of birth, nationality or passport was corrected since",
}
_ENDED: dict[str, TakenOut] = {
    Status.REPAID.value: TakenOut.REPAID,
    Status.WITHDRAWN.value: TakenOut.WITHDRAWN,
    Status.ARRANGEMENT.value: TakenOut.ARRANGED,
}


@dataclass(frozen=True)
class Now:
    """How the register has the debt of a line now. `identity` by the keys of IDENTITY."""

    status: str
    held: bool
    identity: Mapping[str, Any]


def why(change: str, said: Mapping[str, Any], now: Now) -> TakenOut | None:
    """Why a line is taken out, given what it says. A removal stays: it tells the recipient to forget the debt."""
    if change == Change.REMOVED:
        return None
    if now.status != said["status"] and now.status in _ENDED:
        return _ENDED[now.status]
    if now.held:
        return TakenOut.HELD
    return TakenOut.PERSON if any(said.get(key) != now.identity[key] for key in IDENTITY) else None
