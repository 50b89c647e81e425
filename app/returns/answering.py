"""Answers to the question that a rule asks about an open row (docs/promises.md, Rejection workbook and open rows)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import among, take_turns
from app.core.errors import Conflict, Refused
from app.core.spreadsheet.packing import WITHHELD
from app.debts import holds, posting, thresholds, warnings_index
from app.debts.models import Debt
from app.debts.posting import Change, Source
from app.debts.register import held_by_fold
from app.organisations import service as organisations
from app.periods.calendar import Period
from app.policy.in_force import policy_in_force
from app.return_template.choices import Status
from app.return_template.columns import KEYS
from app.returns import open_rows
from app.returns.assessing import Assessment, Rows, assess
from app.returns.judging import Result
from app.returns.merging import new_debt, post
from app.returns.models import OpenRow
from app.returns.reasons import Answer
from app.returns.rules.engine import holding
from app.returns.rules.together import fold_invoice

__all__ = ["ASKED_BY", "LABELS", "Answer", "answer", "answerable", "questions"]

LABELS: dict[Answer, str] = {
    Answer.REPORTED_BEFORE_SERVICE: "The debt was reported before this service began",
    Answer.WRONG_PERSON_BEFORE: "The earlier report named the wrong person",
    Answer.IS_AN_ADDRESS: "The cell is an address and says nothing about treatment",
    Answer.EARLIER_FACTS_STAND: "The earlier facts are right: leave the debt as it was reported before",
}

# Which rules ask the question that each answer answers.
ASKED_BY: dict[Answer, frozenset[str]] = {
    Answer.REPORTED_BEFORE_SERVICE: frozenset({"R15"}),
    Answer.WRONG_PERSON_BEFORE: frozenset({"R16"}),
    Answer.IS_AN_ADDRESS: frozenset({"R17"}),
    Answer.EARLIER_FACTS_STAND: holding() | {open_rows.NOT_LOADED},
}

_NEEDS_EARLIER = frozenset({Answer.EARLIER_FACTS_STAND, Answer.WRONG_PERSON_BEFORE})


def questions(row: OpenRow) -> list[tuple[Answer, str]]:
    """The answers that this row's rules ask for and that were not given yet, with the words to choose by."""
    codes = {finding["code"] for finding in row.findings} - set(row.answers)
    return [(given, words) for given, words in LABELS.items() if ASKED_BY[given] & codes]


def answerable(db: Session, rows: Sequence[OpenRow]) -> dict[str, list[tuple[Answer, str]]]:
    """The same by the rows' ids, without letting earlier facts stand where the register holds none."""
    asked = {row.id: questions(row) for row in rows}
    families = {code: organisations.family(db, code, clock.today()) for code in {row.organisation_code for row in rows}}
    codes = {code for family in families.values() for code in family}
    folds = {fold_invoice(row.invoice_number) for row in rows if row.invoice_number}
    query = select(col(Debt.organisation_code), col(Debt.invoice_number)).where(
        col(Debt.organisation_code).in_(codes),
        among(db, col(Debt.invoice_fold), folds),
        col(Debt.status) != Status.WITHDRAWN,
    )
    reported = {tuple(pair) for pair in db.execute(query)}
    for row in rows:
        if not any((code, row.invoice_number) in reported for code in families[row.organisation_code]):
            asked[row.id] = [one for one in asked[row.id] if one[0] not in _NEEDS_EARLIER]
    return asked


def answer(db: Session, actor: Actor, open_row_id: str, given: Answer) -> OpenRow:
    """Applies an answer. Raises NotFound (404), Conflict (409) if the row does not ask it, Refused (422) if more is wrong."""
    code = open_rows.organisation_of(db, open_row_id)
    family = organisations.family(db, code, clock.today())
    take_turns(db, [*family, "register"])  # before the row is held, in the order in which an upload takes both
    row = open_rows.get_open(db, actor, open_row_id)
    if not ASKED_BY[given] & {finding["code"] for finding in row.findings}:
        raise Conflict("This row does not ask that question. Open the list again and read what the row needs.")
    if given is Answer.IS_AN_ADDRESS:
        _confirm_address(row)
    elif given is Answer.EARLIER_FACTS_STAND:
        _let_stand(db, actor, row, family)
    else:
        _take(db, actor, row, family, given)
    db.add(row)
    record(db, actor, AuditAction.OPEN_ROW_ANSWERED, "open-row", row.id, row.organisation_code, answer=given.value)
    db.flush()
    return row


def _confirm_address(row: OpenRow) -> None:
    """The text itself was not kept: its digest lets the same cell through when the row is sent again."""
    digests = [
        cell[len(WITHHELD) :] for cell in row.cells.values() if isinstance(cell, str) and cell.startswith(WITHHELD)
    ]
    row.answers = row.answers | {"R17": [WITHHELD + digest for digest in digests]}
    row.has_answers = True


def _let_stand(db: Session, actor: Actor, row: OpenRow, family: list[str]) -> None:
    number = row.invoice_number or ""
    held = [debt for debt in held_by_fold(db, family, {fold_invoice(number)}) if debt.invoice_number == number]
    if not any(not debt.is_withdrawn for debt in held):
        raise Conflict("No debt with this invoice number is in the register, so there are no earlier facts to stand. "
                       "Mend the row or close it.")  # fmt: skip
    source = Source(actor.id, clock.now(), clock.today())
    holds.lift_of_rules(db, source, [debt.id for debt in held], "the trust says that the earlier facts stand")
    _close(row, actor, Answer.EARLIER_FACTS_STAND)


def _take(db: Session, actor: Actor, row: OpenRow, family: list[str], given: Answer) -> None:
    """Judges the row again with the answer, and posts it if nothing else stands against it."""
    if given is Answer.WRONG_PERSON_BEFORE:
        _withdraw_wrong_person(db, actor, row, family)
    assessment = _assess(
        db, row, family, frozenset({"R15"}) if given is Answer.REPORTED_BEFORE_SERVICE else frozenset()
    )
    one = assessment.judged[0]
    if one.result is Result.REJECTED:
        others = " ".join(finding.message for finding in one.row.findings if finding.severity == "rejected")
        raise Refused(f"Nothing was changed, because the row needs more than this answer: {others} Mend it in the "
                      "rejection workbook.")  # fmt: skip
    source = Source(actor.id, clock.now(), assessment.context.reporting_day, row.return_id, row.period)
    new = [new_debt(one)] if one.result is Result.NEW else []
    post(db, source, row.organisation_code, assessment, new, family)
    if given is Answer.REPORTED_BEFORE_SERVICE:
        for debt in new:
            warnings_index.remove_unseen(db, source.at, debt.debt_id)
    _close(row, actor, given)


def _withdraw_wrong_person(db: Session, actor: Actor, row: OpenRow, family: list[str]) -> None:
    number = row.invoice_number or ""
    held = [debt for debt in held_by_fold(db, family, {fold_invoice(number)}) if debt.invoice_number == number]
    live = next((debt for debt in held if not debt.is_withdrawn), None)
    if live is None:
        return
    today = clock.today()
    source = Source(actor.id, clock.now(), today)
    withdrawn = {"status": Status.WITHDRAWN, "status_date": today}
    change = Change(live, withdrawn, posting.CHANGED, today, live.name_match, live.passport_match, None, "wrong_person")
    posting.post_changes(db, source, [change])
    holds.lift_of_rules(db, source, [live.id], "the debt was withdrawn")
    digests = {digest for digest in (live.name_match, live.passport_match) if digest}
    thresholds.mark(db, policy_in_force(), family, digests, {live.id})


def _assess(db: Session, row: OpenRow, family: list[str], answers: frozenset[str]) -> Assessment:
    cells = [row.cells.get(key) for key in KEYS]
    rows = Rows([(row.row, cells)], {}, 0, prefilled_at=row.prefilled_at)
    return assess(db, rows, family, Period.parse(row.period), policy_in_force(), answers)


def _close(row: OpenRow, actor: Actor, given: Answer) -> None:
    row.closed_at, row.closed_by, row.closed_reason = clock.now(), actor.id, given.value
