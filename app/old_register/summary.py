"""What became of the rows of an old register, in numbers: read = loaded + held + rejected + known, always."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.old_register.rules.understanding import Fate, Verdict
from app.returns.rules.engine import Severity


class RowsDoNotAddUpError(AssertionError):
    """Nothing is loaded when a row got lost."""


@dataclass
class Total:
    """So many debts, and the pence outstanding on them."""

    debts: int = 0
    outstanding: int = 0

    def add(self, pence: int) -> None:
        self.debts += 1
        self.outstanding += pence


@dataclass
class Summary:
    """`flags` counts the debts of the file that are on the Warnings Index already; `codes` rows by (code, severity)."""

    read: int
    blank: int
    fates: Counter[Fate] = field(default_factory=Counter)
    flags: int = 0
    by_status: dict[str, Total] = field(default_factory=dict)
    by_nation: dict[str, Total] = field(default_factory=dict)
    codes: Counter[tuple[str, str]] = field(default_factory=Counter)
    held_for: Counter[str] = field(default_factory=Counter)

    def add(self, verdicts: Iterable[Verdict], nations: Mapping[str, str]) -> None:
        for verdict in verdicts:
            self.fates[verdict.fate] += 1
            self.codes.update({(finding.code, finding.severity) for finding in verdict.row.findings})
            if verdict.fate is Fate.HELD:
                self.held_for[verdict.doubts[0]] += 1
            if verdict.fate in (Fate.LOADED, Fate.HELD):
                self.flags += verdict.on
                pence = verdict.row.amount_outstanding or 0
                self.by_status.setdefault(str(verdict.row.status), Total()).add(pence)
                self.by_nation.setdefault(nations[verdict.organisation or ""], Total()).add(pence)

    def counts(self) -> dict[str, int]:
        counts = {"read": self.read, "blank": self.blank} | {fate.value: self.fates[fate] for fate in Fate}
        if self.read != self.fates.total():
            raise RowsDoNotAddUpError(str(counts))
        return counts | {"flags": self.flags}

    def rejections(self) -> dict[str, int]:
        """How many rows each code marked that kept one out or in doubt."""
        return {code: rows for (code, severity), rows in sorted(self.codes.items()) if severity == Severity.REJECTED}

    def warnings(self) -> dict[str, int]:
        return {code: rows for (code, severity), rows in sorted(self.codes.items()) if severity == Severity.WARNING}
