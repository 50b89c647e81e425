"""A row of the old register, and what may be found in it that no return has: codes beginning with I."""

from collections.abc import Mapping, MutableSequence

import msgspec

from app.core.spreadsheet.packing import Packed
from app.old_register.rules.targets import LABELS
from app.returns.rules.engine import RULES, Finding, Severity
from app.returns.rules.row import Row

SUMMARIES: dict[str, str] = {
    "I01": "Organisation missing or not recognised.",
    "I02": "The debt is in the register already.",
    "I03": "Given names missing: taken for a person with a single name.",
    "I04": "One amount missing: the other one was taken.",
    "I05": "Day of the first report not usable.",
    "I06": "Neither yes nor no to being on the Warnings Index.",
    "I07": "A flag is on although the status says that it should be off.",
    "I08": "A column is not in the file.",
    "I09": "The invoice number is in the register already, for a different person.",
}


class Entry(msgspec.Struct, array_like=True):
    """One row as read: its number, its cells in the order of KEYS, and the cells that only the old register has."""

    number: int
    cells: list[Packed]
    organisation: Packed = None
    first_reported: Packed = None
    on_the_index: Packed = None


def summary(code: str) -> str:
    """What a code means, whichever list it is from."""
    return SUMMARIES.get(code) or RULES[code].summary


def found(row: Row, code: str, severity: Severity, target: str, words: str, value: str | None = None) -> None:
    """Adds a finding about one cell, in the manner of `Row.find`; `{value}` in the words is quoted."""
    letter = row.place.get(target)
    cell = f"{letter}{row.number}" if letter else None
    where = f"Row {row.number}, {LABELS[target]}" + (f" ({cell})" if cell else "") + ": "
    unquoted = where + words.replace("{value}", "what is entered")
    message = unquoted if value is None else where + words.replace("{value}", f'"{value[:80]}"')
    row.findings.append(
        Finding(code, severity, message, unquoted, row.number, LABELS[target], target, cell, row.your_reference,
                row.invoice_number)
    )  # fmt: skip


def continued(findings: MutableSequence[Finding], at: int, words: str, severity: str | None = None) -> None:
    """One finding says one sentence more, perhaps with another severity."""
    old = findings[at]
    message, unquoted = (f"{text} {words}".strip() for text in (old.message, old.unquoted))
    findings[at] = msgspec.structs.replace(old, message=message, unquoted=unquoted, severity=severity or old.severity)


def concluded(findings: MutableSequence[Finding], at: int, words: str) -> None:
    """One finding says what was done here, in place of what a trust would have to do with the row of a return."""
    old = findings[at]
    message, unquoted = (f"{text.partition('. ')[0].rstrip('.')}. {words}" for text in (old.message, old.unquoted))
    findings[at] = msgspec.structs.replace(old, message=message, unquoted=unquoted)


def not_in_the_file(columns: Mapping[str, str]) -> list[Finding]:
    """Columns of the return that the old register does not have: told once and not in every row."""
    there = set(columns.values())
    words = "The column {} is not in the file: its debts are without it until their trusts report it."
    return [
        Finding(
            "I08", Severity.WARNING, words.format(LABELS[key]), words.format(LABELS[key]), column=LABELS[key], field=key
        )
        for key in (
            "status_date",
            "given_names",
            "date_of_birth",
            "nationality",
            "passport_number",
            "uk_address",
            "patient_informed",
        )
        if key not in there
    ]
