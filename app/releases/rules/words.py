"""The words that a release is kept in: its scope, its state, and what a line tells the recipient."""

from enum import StrEnum


class Scope(StrEnum):
    FULL = "full"
    CHANGES = "changes"


class State(StrEnum):
    DRAFT = "draft"
    CHECKING = "checking"
    APPROVED = "approved"
    RELEASED = "released"
    ABANDONED = "abandoned"


class Change(StrEnum):
    """What a line tells the recipient. `same`: said before and not changed, which only a full release says again."""

    NEW = "new"
    UPDATED = "updated"
    CORRECTED = "corrected"
    REMOVED = "removed"
    SAME = "same"

    @property
    def label(self) -> str:
        """As people read it, on pages and on the cover of the workbook."""
        return _LABELS[self]


_LABELS: dict[Change, str] = {
    Change.NEW: "New",
    Change.UPDATED: "Status or amount changed",
    Change.CORRECTED: "Details corrected",
    Change.REMOVED: "Removed",
    Change.SAME: "Not changed",
}
