"""Merges a judged return: good rows into the register, bad ones open for the trust, the return numbered and counted."""

from collections.abc import Sequence, Set
from datetime import datetime
from operator import attrgetter

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import take_turns
from app.debts import holds, posting, register, sums, thresholds
from app.debts.posting import Change, NewDebt, Source
from app.debts.rules.holding import HoldKind
from app.periods.calendar import Period
from app.return_template.columns import KEYS
from app.returns import open_rows, telling
from app.returns.assessing import Assessment
from app.returns.judging import Judged, Result
from app.returns.keeping import count_rules, keep
from app.returns.models import Lifecycle, Outcome, Return
from app.returns.rules.engine import holding, resting_on
from app.returns.rules.together import fold_invoice

_VALUES = attrgetter(*KEYS)


def merge(
    db: Session, actor: Actor, return_: Return, assessment: Assessment, family: Sequence[str], received_at: datetime
) -> None:
    """Everything that an accepted upload does, in the caller's transaction."""
    organisation, period = return_.organisation_code, Period.parse(return_.period)
    return_.lifecycle, return_.submitted_at = Lifecycle.SUBMITTED, received_at
    return_.submitted_by = actor.id if not actor.unlimited else None
    return_.reference = next_reference(db, organisation, period)
    counts = assessment.counts()
    return_.qualifies = counts["accepted"] + counts["unchanged"] > 0 and counts_for_period(received_at, period)
    opened = {one.row.number: new_debt(one) for one in assessment.judged if one.result is Result.NEW}
    keep(db, return_, assessment, {number: debt.debt_id for number, debt in opened.items()})
    count_rules(db, return_, assessment)
    source = Source(actor.id, clock.now(), assessment.context.reporting_day, return_.id, return_.period)
    post(db, source, organisation, assessment, list(opened.values()), family)
    return_.last_event_id = register.last_event_id(db)
    open_rows.settle(db, actor, return_, assessment, family)
    if return_.qualifies:
        supersede_nil(db, return_)
    record(
        db, actor, AuditAction.RETURN_SUBMITTED, "return", return_.id, organisation, "done",
        on_behalf=actor.is_on_behalf(Permission.RETURN_UPLOAD, organisation) or None, **counts,
    )  # fmt: skip
    db.flush()
    telling.tell(db, actor, return_)


def post(
    db: Session,
    source: Source,
    organisation: str,
    assessment: Assessment,
    new: Sequence[NewDebt],
    family: Sequence[str],
) -> None:
    """Applies the good rows to the register, and marks who owes less than the threshold."""
    take_turns(db, ["register"])  # two trusts may report the same person at the same moment
    posting.post_new(db, source, organisation, new)
    changes = [_change(one, source) for one in assessment.judged if one.result is Result.CHANGED]
    posting.post_changes(db, source, changes)
    posting.confirm(db, source, (one.statement.held for one in assessment.judged
                                 if one.statement and one.result is Result.UNCHANGED))  # fmt: skip
    _hold(db, source, assessment)
    touched = {digest for change in changes for digest in _digests(change) if digest}
    touched |= _already_owing(db, family, new) | _counted_but_sent_back(assessment)
    thresholds.mark(db, assessment.context.policy, family, touched, {change.held.id for change in changes})
    sums.fold(db, family)


def _hold(db: Session, source: Source, assessment: Assessment) -> None:
    """A good row answers the question that a rule had asked about its debt; a row that puts its debt in doubt holds it."""
    holds.lift_of_rules(db, source, [held.id for held in assessment.spoken_of()], "a later row is good")
    mended = {one.statement.held.id: _judged_again(one.statement.keys) for one in assessment.judged
              if one.statement and one.result is Result.CHANGED}  # fmt: skip
    holds.lift_of_import(db, source, mended, "a later row is good")
    rules = holding()
    doubted = {
        held.id: one.row.codes() & rules
        for one in assessment.judged
        if one.result is Result.REJECTED and one.statement
        for held in one.statement.doubted
    }
    holds.place(db, source, HoldKind.RULE, {debt_id: codes for debt_id, codes in doubted.items() if codes})


def _judged_again(keys: Set[str]) -> Set[str]:
    """The rules that a change of these columns answers. A payment answers nothing about the threshold."""
    return resting_on(keys) - (set() if "invoice_date" in keys else {"R09"})


def _already_owing(db: Session, family: Sequence[str], new: Sequence[NewDebt]) -> set[str]:
    """Digests of persons with a new debt some of whose debts are marked as below the threshold."""
    names = {debt.name_match for debt in new if debt.name_match}
    passports = {debt.passport_match for debt in new if debt.passport_match}
    return thresholds.digests_below(db, family, names | passports)


def _counted_but_sent_back(assessment: Assessment) -> set[str]:
    """Digests of persons of whom rows were counted for the threshold (R09) that are not in the register after all."""
    sent_back = (one.row for one in assessment.judged if one.result is Result.REJECTED)
    return {
        digest
        for row in sent_back
        if {code for code in row.codes() if code[0] == "R"} <= {"R09", "R10"}
        for digest in (row.name_match, row.passport_match)
        if digest
    }


def _digests(change: Change) -> tuple[str | None, ...]:
    held = change.held
    return change.name_match, change.passport_match, held.name_match, held.passport_match


def new_debt(one: Judged) -> NewDebt:
    row = one.row
    return NewDebt(_VALUES(row), fold_invoice(row.invoice_number or ""), row.name_match, row.passport_match, row.number)


def _change(one: Judged, source: Source) -> Change:
    statement, row = one.statement, one.row
    if statement is None:
        raise ValueError("Only a row that speaks of a held debt changes it.")
    values = {key: getattr(row, key) for key in statement.keys}
    as_at = statement.as_at or source.day
    return Change(statement.held, values, statement.move, as_at, row.name_match, row.passport_match, row.number)


def counts_for_period(received_at: datetime, period: Period) -> bool:
    """A return sent before its period's last day is merged, but does not count as the month's submission."""
    return clock.uk_date(received_at) >= period.last_day


def next_reference(db: Session, organisation: str, period: Period) -> str:
    """DR-2026-10-RJ1-01, -02 and so on; uploads of one organisation take turns, so no number is given twice."""
    query = select(func.count()).where(
        col(Return.organisation_code) == organisation,
        col(Return.period) == str(period),
        col(Return.reference).is_not(None),
    )
    return f"DR-{period}-{organisation}-{db.execute(query).scalar_one() + 1:02d}"


def supersede_nil(db: Session, return_: Return) -> None:
    """A qualifying return takes the place of a nil return, whose time and lateness the submission keeps."""
    db.execute(
        update(Return)
        .where(
            col(Return.organisation_code) == return_.organisation_code,
            col(Return.period) == return_.period,
            col(Return.outcome) == Outcome.NIL,
            col(Return.lifecycle) == Lifecycle.SUBMITTED,
        )
        .values(lifecycle=Lifecycle.WITHDRAWN, withdrawn_at=clock.now(), superseded_by=return_.id)
    )
