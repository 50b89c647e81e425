"""One row of the old register by itself: read by the rules of a return, forgiving where an old list could not know better."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.core.spreadsheet import packing
from app.core.spreadsheet.packing import Packed, as_text, is_blank, trim
from app.debts.rules import matching
from app.old_register.rules.findings import Entry, continued, found
from app.old_register.rules.spellings import old_status, yes_or_no
from app.old_register.rules.targets import FIRST_REPORTED, ON_THE_INDEX
from app.return_template.choices import Status
from app.return_template.columns import KEYS
from app.returns.parsing import parse
from app.returns.rules import cells as cell_rules
from app.returns.rules import rows as row_rules
from app.returns.rules import together
from app.returns.rules.context import Context
from app.returns.rules.engine import RULES, Scope, Severity
from app.returns.rules.row import Fault, Row
from app.returns.rules.rows import uk_format

ESSENTIAL = ("invoice_number", "invoice_date", "invoice_amount", "amount_outstanding", "status", "family_name")
ASKED_OF_RETURNS = ("date_of_birth", "nationality", "patient_informed")
# A debt that should not be in the register, or cannot be as it stands: not loaded, or held if its flag is on.
IN_DOUBT = frozenset({"R07", "R08", "R09", "R10", "R11", "R18", "R19", "R23"})
FLAGGED = frozenset({Status.OUTSTANDING, Status.DEFAULTED})
NO_GIVEN_NAMES = "-"
LEFT_OUT = "It is left out."
STATUS_DECIDES = "By status"  # in the column of flags of the rows to be mended, where the status must be mended first
_STATUS = KEYS.index("status")


class Flags(StrEnum):
    """Which debts are on the Warnings Index already, where no column says so."""

    BY_STATUS = "by-status"
    NONE = "none"


class Fate(StrEnum):
    LOADED = "loaded"
    HELD = "held"
    REJECTED = "rejected"
    KNOWN = "known"


@dataclass(slots=True)
class Verdict:
    """A row and what becomes of it. `on`: its flag is on already, and `flag` is the cell that says the same when the row
    is mended; `doubts` are the codes for which it would be held; `known_as` is the id of the debt that is in the
    register already.
    """

    entry: Entry
    row: Row
    organisation: str | None
    on: bool = False
    flag: Packed = None
    first_reported_on: date | None = None
    unusable: bool = False
    doubts: list[str] = field(default_factory=list)
    fate: Fate = Fate.LOADED
    below_threshold: bool = False
    known_as: str | None = None


def understand(entries: Sequence[Entry], codes: Sequence[str | None], place: dict[str, str], context: Context,
               flags: Flags) -> list[Verdict]:  # fmt: skip
    """Each row as far as it can be judged alone; `codes` are the organisations that were recognised in them."""
    rows = parse(((entry.number, _in_our_words(entry.cells)) for entry in entries), place, context)
    return [_understood(*each, context, flags) for each in zip(entries, rows, codes, strict=True)]


def _in_our_words(cells: Sequence[Packed]) -> list[Packed]:
    """The cells with an old spelling of the status in our words."""
    ours = list(cells)
    status = cells[_STATUS]
    if isinstance(status, str) and (known := old_status(trim(as_text(status)))) is not None:
        ours[_STATUS] = known.label
    return ours


def _understood(entry: Entry, row: Row, code: str | None, context: Context, flags: Flags) -> Verdict:
    row.cells = entry.cells
    verdict = Verdict(entry, row, code)
    _complete_names(row)
    _complete_amounts(row)
    _essentials(row)
    for rule in RULES.values():
        if rule.scope is Scope.ROW and not row.place.keys().isdisjoint(rule.fields):
            rule.check(row, context)
    row.findings = [finding for finding in row.findings if finding.field in row.place or finding.field in ESSENTIAL]
    verdict.first_reported_on = _first_reported(entry, row, context)
    verdict.on = _is_on(entry, row, flags)
    verdict.flag = _flag_as_understood(verdict, flags)
    _weigh(verdict)
    row.name_match, row.passport_match = matching.name_match(row), matching.passport_match(row)
    return verdict


def _complete_names(row: Row) -> None:
    if "family_name" in row.faulty or "given_names" in row.faulty:
        row.given_names = row.given_names or NO_GIVEN_NAMES
        return
    if row.family_name is None:
        row.family_name, row.given_names = row.given_names, None
    if row.given_names is None and row.family_name is not None:
        row.given_names = NO_GIVEN_NAMES
        if "given_names" in row.place:
            found(
                row, "I03", Severity.WARNING, "given_names", "this is missing, so the name is taken for a single one."
            )


def _complete_amounts(row: Row) -> None:
    """Where the old register has one amount only, it is the other one too; nothing is left of what is repaid."""
    if row.faulty & {"invoice_amount", "amount_outstanding"}:
        return
    key, other = "amount_outstanding", "invoice_amount"
    if row.amount_outstanding is None and row.invoice_amount is not None:
        row.amount_outstanding = 0 if row.status is Status.REPAID else row.invoice_amount
    elif row.invoice_amount is None and row.amount_outstanding:
        row.invoice_amount = row.amount_outstanding
        key, other = other, key
    else:
        return
    if key in row.place and row.status is not Status.REPAID:
        found(row, "I04", Severity.WARNING, key, "this is missing, so the {} was taken.".format(
            "amount outstanding" if other == "amount_outstanding" else "invoice amount"))  # fmt: skip


def _essentials(row: Row) -> None:
    for key in ESSENTIAL:
        if getattr(row, key) is None and key not in row.faulty and not (key == ESSENTIAL[3] and "R01" in row.codes()):
            found(row, "R01", Severity.REJECTED, key, "this is missing, and without it the debt cannot be loaded.")
    for key in ASKED_OF_RETURNS:
        if key in row.place and getattr(row, key) is None and key not in row.faulty:
            found(row, "R01", Severity.WARNING, key, "this is missing. Its trust can add it.")


def _first_reported(entry: Entry, row: Row, context: Context) -> date | None:
    if is_blank(entry.first_reported):
        return None
    day, text = cell_rules.a_date(entry.first_reported), trim(as_text(entry.first_reported))
    if isinstance(day, Fault):
        found(row, "I05", Severity.WARNING, FIRST_REPORTED, f"{day.words} {LEFT_OUT}", text)
    elif day > context.reporting_day:
        last = uk_format(context.reporting_day)
        found(row, "I05", Severity.WARNING, FIRST_REPORTED,
              f"{{value}} is after {last}, of which this file speaks. {LEFT_OUT}", text)  # fmt: skip
    elif row.invoice_date is not None and day < row.invoice_date:
        found(row, "I05", Severity.WARNING, FIRST_REPORTED, f"{{value}} is before the invoice date. {LEFT_OUT}", text)
    else:
        return day
    return None


def _is_on(entry: Entry, row: Row, flags: Flags) -> bool:
    """A blank cell is a no; a date, the day on which the flag was set, is a yes."""
    by_status = flags is Flags.BY_STATUS and row.status in FLAGGED
    if ON_THE_INDEX not in row.place:
        return by_status
    cell = entry.on_the_index
    if is_blank(cell):
        return False
    text = trim(as_text(cell))
    if text == STATUS_DECIDES:
        return row.status in FLAGGED
    if (isinstance(cell, str) and cell.startswith(packing.DATE)) or not isinstance(cell_rules.a_date(text), Fault):
        return True
    if (answer := yes_or_no(text)) is None:
        found(row, "I06", Severity.WARNING, ON_THE_INDEX, "{value} is neither Yes nor No, so the status decides.", text)
        return row.status in FLAGGED
    return answer


def _flag_as_understood(verdict: Verdict, flags: Flags) -> Packed:
    """A file without a column of flags is mended in a workbook that has one, where a blank cell would be a no."""
    if ON_THE_INDEX in verdict.row.place:
        return verdict.entry.on_the_index
    if flags is Flags.BY_STATUS and verdict.row.status is None:
        return STATUS_DECIDES
    return "Yes" if verdict.on else "No"


def _weigh(verdict: Verdict) -> None:
    """What a return would be sent back for is here a doubt, a row that cannot be used, or a cell to leave out."""
    row = verdict.row
    for at, finding in enumerate(row.findings):
        if finding.severity != Severity.REJECTED:
            continue
        if finding.code in IN_DOUBT:
            verdict.doubts.append(finding.code)
        elif finding.field in ESSENTIAL:
            verdict.unusable = True
        elif finding.field is not None:
            is_there = finding.field in row.faulty or row.value(finding.field) is not None
            setattr(row, finding.field, NO_GIVEN_NAMES if finding.field == "given_names" else None)
            continued(row.findings, at, LEFT_OUT if is_there else "", Severity.WARNING)


assert {row_rules.ROW_RULES, together.stands_once}, "importing the rules declares them"
