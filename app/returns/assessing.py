"""Puts a file's rows, the policy and the register together, judges, and sums up: what a check shows and a merge applies."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.core import clock
from app.core.db import among
from app.core.spreadsheet.packing import Packed
from app.debts import register as held_debts
from app.debts.held import Held
from app.debts.rules import matching
from app.organisations import service as organisations
from app.periods.calendar import Period
from app.policy.tables import Policy
from app.return_template.choices import OPEN_STATUSES
from app.returns import parts
from app.returns.judging import Judged, Register, Result, judge
from app.returns.models import OpenRow, Outcome, Return
from app.returns.parsing import parse
from app.returns.reading import Sheet
from app.returns.rules.context import Context, context_for
from app.returns.rules.engine import RULESET, Finding, Severity
from app.returns.rules.register import Completed
from app.returns.rules.row import Row
from app.returns.rules.sheet import column_ignored
from app.returns.rules.together import fold_invoice


class RowsDoNotAddUpError(AssertionError):
    """The one promise that no file may break; nothing is stored when it does."""


@dataclass(frozen=True)
class Rows:
    """A file's rows as they are judged. `origin` gives for a row of a rejection workbook (row before, open-row id).

    `filled` says of such rows when the template was filled from which each first came: they may come from several.
    """

    cells: Sequence[tuple[int, list[Packed]]]
    place: dict[str, str]
    blank: int
    file_findings: list[Finding] = field(default_factory=list)
    prefilled_at: datetime | None = None
    origin: Mapping[int, tuple[int, str]] = field(default_factory=dict)
    filled: Mapping[int, datetime | None] = field(default_factory=dict)

    def filled_at(self, number: int) -> datetime | None:
        return self.filled.get(number, self.prefilled_at)


@dataclass(frozen=True)
class Assessment:
    """Every row with its result, and the numbers that follow from them."""

    rows: Rows
    context: Context
    judged: list[Judged]
    open_before: int

    @property
    def ruleset(self) -> str:
        return ruleset(self.context.policy)

    def counts(self) -> dict[str, int]:
        """The numbers that are promised: read = accepted + unchanged + rejected, checked here on every file."""
        by = Counter(one.result for one in self.judged)
        new, changed, unchanged = by[Result.NEW], by[Result.CHANGED], by[Result.UNCHANGED]
        confirmed = len({debt.id for debt in self.spoken_of() if debt.status in OPEN_STATUSES})
        counts = {
            "read": len(self.rows.cells), "blank": self.rows.blank, "accepted": new + changed, "new": new,
            "changed": changed, "unchanged": unchanged, "rejected": by[Result.REJECTED],
            "warnings": sum(finding.severity == Severity.WARNING for finding in self.findings()),
            "confirmed": confirmed, "not_confirmed": max(0, self.open_before - confirmed),
        }  # fmt: skip
        if counts["read"] != counts["accepted"] + counts["unchanged"] + counts["rejected"]:
            raise RowsDoNotAddUpError(str(counts))
        return counts

    def spoken_of(self) -> list[Held]:
        """The held debts of which an accepted or unchanged row speaks."""
        return [one.statement.held for one in self.judged if one.statement and one.result is not Result.REJECTED]

    @property
    def outcome(self) -> Outcome:
        results = {one.result for one in self.judged}
        if Result.REJECTED not in results:
            return Outcome.ACCEPTED
        return Outcome.REJECTED if results == {Result.REJECTED} else Outcome.ACCEPTED_WITH_REJECTIONS

    def findings(self) -> list[Finding]:
        return [*self.rows.file_findings, *(finding for one in self.judged for finding in one.row.findings)]

    def results(self) -> dict[int, tuple[str, list[str]]]:
        """What a check promises: for each row its result and its codes."""
        return {one.row.number: (one.result.value, sorted(one.row.codes())) for one in self.judged}

    @property
    def may_keep_original(self) -> bool:
        return not any(finding.code in {"R17", "W04"} for finding in self.findings())


def ruleset(policy: Policy) -> str:
    return f"{RULESET}+{policy.version}"


def rows_of(sheet: Sheet) -> Rows:
    """A file that was just read, as rows to judge."""
    stamp = sheet.stamp
    ties = stamp.open_rows if stamp is not None and stamp.kind == "rejection" else {}
    origin = {number: (before, ties[before]) for number, before in sheet.original_rows.items() if before in ties}
    ignored = [column_ignored(unknown) for unknown in sheet.unknown]
    return Rows(sheet.rows, sheet.place, sheet.blank, ignored, stamp.downloaded_at if stamp else None, origin)


def assess(db: Session, rows: Rows, family: Sequence[str], period: Period, policy: Policy,
           answers: frozenset[str] = frozenset()) -> Assessment:  # fmt: skip
    """Judges the rows against the register as it is now. `family` is the organisation, then its predecessors."""
    confirmed = confirmed_addresses(db, family)
    rows = replace(rows, filled=_filled(db, rows, family))
    context = context_for(
        policy, str(period), period.last_day, clock.today(), confirmed=lambda text: parts.withheld(text) in confirmed
    )
    found = parse(rows.cells, rows.place, context)
    register = snapshot(db, found, family, rows.filled_at)
    return Assessment(rows, context, judge(found, register, context, answers), held_debts.open_debts(db, family))


def reassess(db: Session, checked: Return, family: Sequence[str],
             policy: Policy) -> tuple[dict[int, tuple[str, list[str]]], Assessment]:  # fmt: skip
    """What a check showed, and the same rows judged again now."""
    kept = [parts.rows(db, checked.id, part) for part in (parts.ACCEPTED, parts.REJECTED)]
    rows = sorted((row for part in kept for row in part.rows), key=lambda row: row.number)
    ignored = [finding for finding in parts.findings(db, checked.id) if finding.code == "W04"]
    origin = {row.number: (row.original_row, row.open_row) for row in rows if row.original_row and row.open_row}
    again = Rows([(row.number, row.cells) for row in rows], kept[0].place, checked.blank, ignored,
                 checked.prefilled_at, origin)  # fmt: skip
    shown = {row.number: (row.result, sorted(row.codes)) for row in rows}
    return shown, assess(db, again, family, Period.parse(checked.period), policy)


def snapshot(
    db: Session, rows: Sequence[Row], family: Sequence[str], filled_at: Callable[[int], datetime | None]
) -> Register:
    """The part of the register that these rows touch. `filled_at` gives the moment of a row's template, by its number."""
    by_number = held_by_number(db, rows, family)
    near: dict[str, set[str]] = {}
    for number, debts in by_number.items():
        near.setdefault(debts[0].invoice_fold, set()).add(number)
    prefilled: dict[str, dict[str, Any]] = {}
    shown: dict[datetime, list[Held]] = defaultdict(list)
    for row in rows:
        if (moment := filled_at(row.number)) is not None:
            shown[moment].extend(by_number.get(row.invoice_number or "", ()))
    for moment, of_that_moment in shown.items():
        prefilled |= held_debts.as_prefilled(db, of_that_moment, moment)
    digests = persons((row for row in rows if _is_summed(row, by_number)), by_number, prefilled)
    owed = held_debts.owed_by_persons(db, family, *digests)
    names = organisations.names(db, family) if len(family) > 1 else {}
    return Register(by_number, near, prefilled, owed, names, bool(shown))


def held_by_number(db: Session, rows: Iterable[Row], family: Sequence[str]) -> dict[str, list[Held]]:
    """The debts of these rows' invoices and of those that look alike, by invoice number, newest first."""
    folds = {fold_invoice(row.invoice_number) for row in rows if row.invoice_number}
    by_number: dict[str, list[Held]] = {}
    for debt in held_debts.held_by_fold(db, family, folds):
        by_number.setdefault(debt.invoice_number, []).append(debt)
    return by_number


def _filled(db: Session, rows: Rows, family: Sequence[str]) -> dict[int, datetime | None]:
    """When the template was filled of each row that is tied to an open row of the family."""
    if not rows.origin:
        return {}
    query = select(col(OpenRow.id), col(OpenRow.prefilled_at)).where(
        among(db, col(OpenRow.id), {id_ for _, id_ in rows.origin.values()}),
        col(OpenRow.organisation_code).in_(family),
    )
    moments = {id_: moment for id_, moment in db.execute(query)}
    return {number: moments[id_] for number, (_, id_) in rows.origin.items() if id_ in moments}


def _is_summed(row: Row, held: Mapping[str, Sequence[Held]]) -> bool:
    """Whether the threshold may have to be judged: a first report, or an invoice date that changes."""
    debts = held.get(row.invoice_number or "", ())
    return not debts or debts[0].is_withdrawn or debts[0].invoice_date != row.invoice_date


def persons(
    rows: Iterable[Row], held: Mapping[str, Sequence[Held]], prefilled: Mapping[str, Mapping[str, Any]]
) -> tuple[set[str], set[str]]:
    """The digests of whoever these rows speak of: as they stand, as the register holds them, and as it completes them."""
    found: list[tuple[str | None, str | None]] = []
    for row in rows:
        found.append((row.name_match, row.passport_match))
        for debt in held.get(row.invoice_number or "", ()):
            person = Completed(row, debt, prefilled.get(debt.id))
            found.append((debt.name_match, debt.passport_match))
            found.append((matching.name_match(person), matching.passport_match(person)))
    return {name for name, _ in found if name}, {passport for _, passport in found if passport}


def confirmed_addresses(db: Session, family: Collection[str]) -> set[str]:
    query = select(col(OpenRow.answers)).where(col(OpenRow.organisation_code).in_(family), col(OpenRow.has_answers))
    return {text for answers in db.execute(query).scalars() for text in answers.get("R17", ())}
