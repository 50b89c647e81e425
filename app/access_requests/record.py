"""The shape of everything held on a person: headings and values, from which both the document and the data are made."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime


class Pence(int):
    """An amount: pounds in both renderings."""


Value = str | int | date | datetime | Pence | None


@dataclass(frozen=True)
class Fact:
    """One value under its heading. `words` say it as people read it where that differs from what is stored."""

    key: str
    heading: str
    value: Value
    words: str | None = None


@dataclass(frozen=True)
class Section:
    """Things of one kind, each a row under the same columns (key, heading); `nothing` is said when there is none."""

    key: str
    heading: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Value]]
    nothing: str

    @property
    def is_wide(self) -> bool:
        """Too many columns for a table on paper."""
        return len(self.columns) > 5


@dataclass(frozen=True)
class DebtRecord:
    """One debt as its organisation reported it, with all that is held about it."""

    reference: str
    organisation: str
    organisation_name: str
    invoice_number: str
    facts: Sequence[Fact]
    sections: Sequence[Section]


@dataclass(frozen=True)
class Record:
    """Everything held on a person, by one body: `own_of` is the trust that answers for itself, None the Home Office.

    `request` is the reference of the request, `said` what the reader must know of what is not in here.
    """

    request: str
    prepared_at: datetime
    prepared_by: str
    own_of: str | None
    said: Sequence[str]
    debts: Sequence[DebtRecord]
    sections: Sequence[Section] = field(default_factory=tuple)
