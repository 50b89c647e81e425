"""What a person corrects or records on the debt's page: particulars judged as a row of a return is, and its status."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import clock
from app.core.errors import Refused
from app.core.money import to_pounds
from app.debts import queries, register, service
from app.debts.models import Debt
from app.debts.rules import matching
from app.debts.rules.totals import Owed
from app.debts.service import Move
from app.periods.calendar import Period
from app.policy.countries import country_name
from app.policy.in_force import policy_in_force
from app.return_template.choices import OPEN_STATUSES
from app.return_template.columns import BY_KEY, KEYS, Kind
from app.returns import acknowledged
from app.returns.families import spoken_for
from app.returns.judging import judge_changed
from app.returns.parsing import parse
from app.returns.rules.cells import mandatory
from app.returns.rules.context import Context
from app.returns.rules.engine import Finding, Severity, holding
from app.returns.rules.row import Row

_NO_ROW = 0


class NotAmended(Refused):
    """422 with what the rules found, each about one particular."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        words = [finding.message for finding in findings]
        if any(finding.code in holding() | {"R09"} for finding in findings):
            words.append("If this debt should not have been reported, withdraw it.")
        super().__init__(" ".join(words), code=findings[0].code)
        self.findings = findings


def amend(db: Session, actor: Actor, debt_id: str, changes: Mapping[str, Any]) -> Debt:
    """Corrects or clears particulars (typed as the columns are; money in pence). What a recipient sent back is mended by it.

    Raises NotFound (404), Refused (422) in the words of the rule that a changed value breaks.
    """
    debt = queries.get_debt(db, actor, debt_id, Permission.DEBT_AMEND)
    held, today = register.held(debt), clock.today()
    changed = {key for key, value in changes.items() if value != getattr(held, key, None)}
    context = Context(policy_in_force(), str(Period.containing(today)), today, today)
    (row,) = parse([(_NO_ROW, [as_typed(key, changes[key]) or None if key in changed else None for key in KEYS])], {},
                   context)  # fmt: skip
    for key in KEYS:
        if key not in row.faulty:
            setattr(row, key, changes.get(key, getattr(held, key)))
    row.name_match, row.passport_match = matching.name_match(row), matching.passport_match(row)
    judge_changed(row, held, changed, _owed_besides(db, actor, debt, row) if "invoice_date" in changed else [], context)
    _refuse_broken(row)
    amended = service.amend(db, actor, debt_id, changes)
    if any(BY_KEY[key].leaves for key in changed):  # of the others no recipient knows
        acknowledged.close_of_debt(db, actor, amended, acknowledged.MENDED_ON_PAGE)
    return amended


def _owed_besides(db: Session, actor: Actor, debt: Debt, row: Row) -> list[Owed]:
    """What the person, as amended, owes the trust on other debts than this one."""
    family = spoken_for(db, actor, debt.organisation_code)
    owed = register.owed_by_persons(db, family, {row.name_match or ""}, {row.passport_match or ""})
    return [each for each in owed if each.key != debt.id]


def change_status(db: Session, actor: Actor, debt_id: str, move: Move) -> Debt:
    """Applies one move. What a recipient sent back needs no mending once the debt has ended.

    Raises NotFound (404), MoveNotAllowed (409) naming from, to and what is allowed, Refused (422).
    """
    was = queries.get_debt(db, actor, debt_id, Permission.DEBT_CHANGE_STATUS).status
    changed = service.change_status(db, actor, debt_id, move)
    if changed.status != was and changed.status not in OPEN_STATUSES:
        acknowledged.close_of_debt(db, actor, changed, acknowledged.DEBT_ENDED)
    return changed


def amend_as_typed(db: Session, actor: Actor, debt_id: str, texts: Mapping[str, str]) -> Debt:
    """The same from texts by column key, each read as a cell of a return is; an empty one clears. What stands unchanged
    is not read again: it may have been taken by an answer of the trust.
    """
    debt = queries.get_debt(db, actor, debt_id, Permission.DEBT_AMEND)
    typed = {key: text.strip() for key, text in texts.items() if text.strip() != as_typed(key, getattr(debt, key))}
    today = clock.today()
    context = Context(policy_in_force(), str(Period.containing(today)), today, today)
    (row,) = parse([(_NO_ROW, [typed.get(key) or None for key in KEYS])], {}, context)
    for key, text in typed.items():
        if not text and BY_KEY[key].required:
            fault = mandatory(BY_KEY[key])
            row.find(fault.code, key, fault.words)
    _refuse_broken(row)
    return amend(db, actor, debt_id, {key: row.value(key) for key in typed})


def as_typed(key: str, value: Any) -> str:
    """A particular as somebody would type it."""
    column = BY_KEY[key]
    if value is None:
        return ""
    if column.kind is Kind.DATE:
        return f"{value.day}/{value.month}/{value.year}"
    if column.kind is Kind.MONEY:
        return to_pounds(value)
    if column.kind is Kind.COUNTRY:
        return country_name(value)
    return column.choices(value).label if column.choices else str(value)


def _refuse_broken(row: Row) -> None:
    broken = [finding for finding in row.findings if finding.severity == Severity.REJECTED]
    if broken:
        raise NotAmended(broken)
