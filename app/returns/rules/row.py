"""One row of a return as the rules see it: typed values by column key, where each stands, and what was found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import msgspec

from app.core.spreadsheet.packing import Packed
from app.return_template.choices import Sex, Status, YesNo
from app.return_template.columns import BY_KEY
from app.returns.rules.engine import RULES, Finding, Severity

_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Fault:
    """What a reader of one cell says when it cannot take it: the rule's code and the words after the heading.

    `{value}` in the words stands for the cell's text, which is quoted only to those who may see it; `unquoted` are
    the words for the others where the words themselves would tell.
    """

    code: str
    words: str
    unquoted: str | None = None


class Row(msgspec.Struct):
    """A row's values (None where blank or faulty), by column key; money in pence.

    `place` gives a key's column letter. `faulty` holds the keys whose cell could not be taken: a rule that rests on one
    of them stays silent, because its finding would merely follow.
    """

    number: int
    cells: list[Packed]
    place: Mapping[str, str]
    invoice_number: str | None = None
    invoice_date: date | None = None
    invoice_amount: int | None = None
    amount_outstanding: int | None = None
    status: Status | None = None
    status_date: date | None = None
    family_name: str | None = None
    given_names: str | None = None
    other_names: str | None = None
    date_of_birth: date | None = None
    sex: Sex | None = None
    nationality: str | None = None
    passport_number: str | None = None
    home_office_reference: str | None = None
    ni_number: str | None = None
    uk_address: str | None = None
    uk_postcode: str | None = None
    overseas_address: str | None = None
    site: str | None = None
    patient_informed: YesNo | None = None
    your_reference: str | None = None
    name_match: str | None = None
    passport_match: str | None = None
    faulty: set[str] = msgspec.field(default_factory=set)
    findings: list[Finding] = msgspec.field(default_factory=list)

    def find(self, code: str, key: str, words: str, value: str | None = None, unquoted: str | None = None) -> None:
        """Adds a finding about one cell. `{value}` in the words is quoted, or unnamed for those who may not see it."""
        heading = BY_KEY[key].heading
        letter = self.place.get(key)
        cell = f"{letter}{self.number}" if letter else None
        row = f"Row {self.number}, " if self.number else ""  # on a debt's page there is no row
        where = row + heading + (f" ({cell})" if cell else "") + ": "
        without = where + (unquoted or words.replace("{value}", "what is entered"))
        message = without if value is None else where + words.replace("{value}", f'"{_shown(value)}"')
        self.findings.append(
            Finding(
                code,
                RULES[code].severity,
                message,
                without,
                self.number,
                heading,
                key,
                cell,
                self.your_reference,
                self.invoice_number,
            )
        )

    def codes(self) -> set[str]:
        return {finding.code for finding in self.findings}

    @property
    def is_rejected(self) -> bool:
        return bool(self.findings) and any(finding.severity == Severity.REJECTED for finding in self.findings)

    def value(self, key: str) -> str | int | date | None:
        found: str | int | date | None = getattr(self, key)
        return found


def _shown(value: str) -> str:
    """A cell can hold tens of thousands of characters; a sentence cannot."""
    return value if len(value) <= _LONGEST_SHOWN else value[: _LONGEST_SHOWN - 1] + "…"
