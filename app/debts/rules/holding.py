"""Who may hold a debt and how it is told; a held debt is off the Warnings Index and out of releases."""

from enum import StrEnum


class HoldKind(StrEnum):
    """A rule lets go by itself once a later row is good, and what was imported against a rule once its facts are mended;
    every other hold ends only by the Debtors Team.
    """

    RULE = "rule"
    SAMPLE = "sample"
    DISPUTE = "dispute"
    HAND = "hand"
    IMPORT = "import"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: dict[HoldKind, str] = {
    HoldKind.RULE: "a row for this invoice failed a rule of the return",
    HoldKind.SAMPLE: "the quality sample before a release found it wrong",
    HoldKind.DISPUTE: "the person says that the record is wrong",
    HoldKind.HAND: "the Debtors Team holds it",
    HoldKind.IMPORT: "the register before this service had it against a rule of the return",
}
