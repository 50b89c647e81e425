"""Judges the rows of a file: every rule on every row, then one result for each. No database: the register comes as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter, contains
from typing import Any

import msgspec

from app.core.spreadsheet.packing import is_blank
from app.debts.held import Held
from app.debts.rules import matching
from app.debts.rules.totals import Owed, PersonTotals
from app.return_template.choices import OPEN_STATUSES
from app.return_template.columns import COLUMNS
from app.returns.rules import cells as cell_rules
from app.returns.rules import register, rows, together
from app.returns.rules.cells import ADDRESS_LIKE
from app.returns.rules.context import Context
from app.returns.rules.engine import RULES, Scope
from app.returns.rules.register import Statement
from app.returns.rules.row import Row


class Result(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Register:
    """What the register holds that these rows touch; empty when a file is checked without one.

    `held` by invoice number, newest first; `near` are reported numbers by their folded form; `prefilled` gives, by debt
    id, the values that the template was filled with where they differ from what is held now; `from_template` says that
    the file was a template of ours.
    """

    held: Mapping[str, Sequence[Held]] = field(default_factory=dict)
    near: Mapping[str, set[str]] = field(default_factory=dict)
    prefilled: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    owed: Sequence[Owed] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    from_template: bool = False


class Judged(msgspec.Struct):
    """One row with its result; `statement` says what it states of a debt that is held. `repeat`: a second identical row."""

    row: Row
    result: Result
    statement: Statement | None = None
    repeat: bool = False

    @property
    def stays_open(self) -> bool:
        """R09 and R10 rows and identical repeats are returned to the trust, but are not work for it."""
        return self.result is Result.REJECTED and not self.repeat and not self.row.codes() & {"R09", "R10"}


def judge(
    found: Sequence[Row], held: Register, context: Context, answers: frozenset[str] = frozenset()
) -> list[Judged]:
    """One result for each row. `answers` are codes of rules that the trust has answered (R15 on an open row)."""
    settled = _untouched_twins(found, held) if held.from_template else {}
    repeats = together.stands_once([row for row in found if row.number not in settled])
    known_numbers = held.held.keys()
    together.no_near_double([row for row in found if row.invoice_number not in known_numbers], held.near)
    fine = [set[object]() for _ in _ALONE]
    judged = [settled.get(row.number) or _judge_row(row, held, context, answers, fine) for row in found]
    for one in judged:
        one.repeat = one.row.number in repeats
    _judge_totals(judged, held, context)
    for one in judged:
        one.result = _result(one)
    return judged


def _untouched_twins(found: Sequence[Row], held: Register) -> dict[int, Judged]:
    """Rows of a number that stands at two organisations and that say nothing new of one of the two debts.

    A successor's template lists both; sent back as it is, each row confirms its own debt.
    """
    settled: dict[int, Judged] = {}
    taken: set[str] = set()
    for row in found:
        live = [debt for debt in held.held.get(row.invoice_number or "", ()) if not debt.is_withdrawn]
        if len(live) < 2 or row.faulty:
            continue
        for debt in live:
            if debt.id not in taken and not register.newly_stated(row, debt, held.prefilled.get(debt.id)):
                settled[row.number] = Judged(row, Result.UNCHANGED, Statement(debt))
                taken.add(debt.id)
                break
    return settled


def _judge_row(
    row: Row, register_: Register, context: Context, answers: frozenset[str], fine: Sequence[set[object]]
) -> Judged:
    """`fine` gathers the values of which no rule has anything to say."""
    live, known = _known(row, register_)
    if len(live) > 1:
        names = [register_.names.get(debt.organisation_code, debt.organisation_code) for debt in live]
        register.at_one_organisation(row, tuple(names))
    if len(live) < 2 and known is not None and register.says_what_is_held(row, known):
        return Judged(row, Result.UNCHANGED, Statement(known))
    _mandatory(row, known)
    if known is None:
        if "R15" not in answers:
            register.first_report_is_open(row)
        register.default_after_arrangement(row, None)
        _judge_new(row, context, fine)
        return Judged(row, Result.NEW)
    if len(live) > 1:
        statement = register.of_either(row, live)
    else:
        statement = register.compare(row, known, register_.prefilled.get(known.id), context)
    for check, fields in _ROW_RULES:
        if fields & statement.keys:
            check(row, context)
    if statement.move in (register.CHANGED, register.UPDATED) and "amount_outstanding" in statement.keys:
        register.amount_not_up(row, known)
    if statement.was is not None:
        register.default_after_arrangement(row, statement.was)
    row.name_match, row.passport_match = matching.name_match(row), matching.passport_match(row)
    return Judged(row, Result.CHANGED, statement)


def _judge_new(row: Row, context: Context, fine: Sequence[set[object]]) -> None:
    """Every rule that looks at one row. A rule that rests on one column says the same of the same value, and a file has
    few different dates and nationalities: what was fine once is not asked about again.
    """
    values = _ALONE_VALUES(row)
    known = not row.faulty and all(map(contains, fine, values))
    for check, _ in _TOGETHER if known else _ROW_RULES:
        check(row, context)
    if not known and not row.findings:
        for value, known_values in zip(values, fine, strict=True):
            known_values.add(value)


def judge_changed(row: Row, held: Held, changed: set[str], owed: Sequence[Owed], context: Context) -> None:
    """The rules beyond the single cell that rest on values which a person changes on the debt's page. `owed` is what the
    person owes this trust on other debts.
    """
    for check, fields in _ROW_RULES:
        if fields & changed:
            check(row, context)
    if changed & register.IDENTITY:
        register.same_person(row, held, context)
    if "invoice_date" in changed and row.status in OPEN_STATUSES and not _blocks(row):
        own = together.owed(row, held.id)
        together.reaches_the_threshold([(row, own)], PersonTotals([*owed, own]), context, "invoice_date")


def _known(row: Row, register_: Register) -> tuple[list[Held], Held | None]:
    """The debts that live under this row's number, and the one that the row speaks of; none for a new report."""
    debts = register_.held.get(row.invoice_number or "", ())
    live = [debt for debt in debts if not debt.is_withdrawn]
    if live:
        return live, live[0]
    withdrawn = [debt for debt in debts if not debt.may_be_reported_anew]
    newest_may_be_new = bool(debts) and debts[0].may_be_reported_anew
    return [], None if newest_may_be_new or not withdrawn else withdrawn[0]


def _mandatory(row: Row, held: Held | None) -> None:
    """R01, except where an imported debt is held without the value and the cell stays as blank as it was prefilled."""
    if None not in _MANDATORY_VALUES(row):
        return
    for index, column in _MANDATORY:
        if getattr(row, column.key) is not None or column.key in row.faulty:
            continue
        if held is None or getattr(held, column.key) is not None or not is_blank(row.cells[index]):
            fault = cell_rules.mandatory(column)
            row.find(fault.code, column.key, fault.words)
            row.faulty.add(column.key)


def _judge_totals(judged: Sequence[Judged], held: Register, context: Context) -> None:
    """R09, on rows that nothing else sends back but their age, with all that would be open after this file."""
    counted = [one for one in judged if not one.repeat and not _blocks(one.row) and one.row.status in OPEN_STATUSES]
    in_file = [_owed(one) for one in counted]
    spoken_of = {one.statement.held.id for one in judged if one.statement and not _blocks(one.row)}
    totals = PersonTotals([*(debt for debt in held.owed if debt.key not in spoken_of), *in_file])
    to_judge = [
        (one.row, debt)
        for one, debt in zip(counted, in_file, strict=True)
        if one.statement is None or "invoice_date" in one.statement.keys
    ]  # a part payment never takes a debt out again
    together.reaches_the_threshold(to_judge, totals, context)


def _blocks(row: Row) -> bool:
    """Whether anything but its age sends the row back."""
    return bool(row.findings) and any(finding.code[0] == "R" and finding.code != "R10" for finding in row.findings)


def _owed(one: Judged) -> Owed:
    return together.owed(one.row, one.statement.held.id if one.statement else f"row {one.row.number}")


def _result(one: Judged) -> Result:
    if one.row.is_rejected:
        return Result.REJECTED
    if one.statement is None:
        return Result.NEW
    return Result.CHANGED if one.statement.keys else Result.UNCHANGED


_ROW_RULES = [(rule.check, frozenset(rule.fields)) for rule in RULES.values() if rule.scope is Scope.ROW]
_ALONE = sorted({key for _, fields in _ROW_RULES if len(fields) == 1 for key in fields})
_ALONE_VALUES = attrgetter(*_ALONE)
_TOGETHER = [(check, fields) for check, fields in _ROW_RULES if len(fields) > 1]
_MANDATORY = [(index, column) for index, column in enumerate(COLUMNS) if column.required]
_MANDATORY_VALUES = attrgetter(*(column.key for _, column in _MANDATORY))
assert {ADDRESS_LIKE, rows.ROW_RULES}, "importing the rules declares them"
