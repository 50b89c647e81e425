"""Puts everything held on a person together, and records that it was done and for which request."""

from collections.abc import Collection, Sequence

from sqlmodel import Session

from app.access_requests import persons, sent_back
from app.access_requests.comparing import PERSON_SECTIONS
from app.access_requests.details import fact
from app.access_requests.record import DebtRecord, Fact, Record, Section
from app.access_requests.sections import Look, sections_of
from app.accounts.access import Actor
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import Database
from app.core.errors import Refused
from app.debts.models import Debt
from app.debts.rules.status import WITHDRAWAL_REASONS
from app.organisations import service as organisations
from app.return_template.columns import COLUMNS

LONGEST_REQUEST = 40
_CORRECTED = (
    "Details that were corrected are listed with what stood there before. Where that was about another person, take it out "
    "before you hand this out."
)
_TEAM = (
    "This is what the register of the Home Office’s NHS Debtors Team holds: each debt as its organisation reported it, "
    "and what was done with it.",
    "Rows that were sent back to an organisation and not taken into the register can be read by that organisation alone. "
    "So can the workbooks as they were sent, the hospital site and the organisation’s own reference. Each organisation "
    "answers requests about these itself.",
    "What staff type to find a person is kept for a day under their own account and tied to no person.",
    _CORRECTED,
)
_TRUST = (
    "This is what this service holds for the organisation named above and its predecessors about the person of this debt. "
    "What the Home Office holds is asked of the Home Office.",
    "Rows that were sent back are listed where the invoice is the same or the person may be. Check that each is about this "
    "person before you hand this out.",
    _CORRECTED,
)


def of_debtor(store: Database, actor: Actor, debtor_id: str, request: str) -> Record:
    """Everything about one person, for the Debtors Team. Raises NotFound (404), Refused (422) without a reference."""
    request = _request(request)
    with store.reading() as db:
        debts = persons.of_debtor(db, actor, debtor_id)
        made = _record(db, actor, debts, request)
    _audit(store, actor, "debtor", [debtor_id], request, len(debts))
    return made


def of_references(store: Database, actor: Actor, wanted: Collection[str], request: str) -> Record:
    """The same for everybody who has one of these debts, by reference."""
    request = _request(request)
    with store.reading() as db:
        debts = persons.of_references(db, actor, wanted)
        made = _record(db, actor, debts, request)
    _audit(store, actor, "debtor", sorted({debt.debtor_id for debt in debts}), request, len(debts))
    return made


def of_own_debt(store: Database, actor: Actor, debt_id: str, request: str) -> Record:
    """Everything a trust holds itself about the person of one of its debts. Raises NotFound (404), Refused (422)."""
    request = _request(request)
    with store.reading() as db:
        debts, codes = persons.own(db, actor, debt_id)
        name = organisations.names(db, [debts[0].organisation_code])[debts[0].organisation_code]
        rows = sent_back.section(db, codes, debts)
        made = _record(db, actor, debts, request, own_of=name, more=[rows])
    _audit(store, actor, "debt", [debt_id], request, len(debts))
    return made


def _record(
    db: Session, actor: Actor, debts: Sequence[Debt], request: str, own_of: str | None = None,
    more: Sequence[Section] = (),
) -> Record:  # fmt: skip
    names = organisations.names(db, {debt.organisation_code for debt in debts})
    columns = [column for column in COLUMNS if own_of or column.leaves]
    grouped = [] if own_of else [section(db, debts) for section in PERSON_SECTIONS]
    return Record(
        request=request, prepared_at=clock.now(), prepared_by=actor.name, own_of=own_of,
        said=_TRUST if own_of else _TEAM,
        debts=[_debt(Look(db, debt, columns), names[debt.organisation_code]) for debt in debts],
        sections=[*grouped, *more],
    )  # fmt: skip


def _debt(look: Look, organisation: str) -> DebtRecord:
    debt = look.debt
    facts = [fact(column, getattr(debt, column.key)) for column in look.columns]
    facts += [Fact(key, heading, getattr(debt, key)) for key, heading in _FURTHER]
    if debt.withdrawal_reason is not None:
        words = WITHDRAWAL_REASONS[debt.withdrawal_reason].capitalize()
        facts.append(Fact("withdrawal_reason", "Withdrawn because", debt.withdrawal_reason, words))
    return DebtRecord(
        debt.reference, debt.organisation_code, organisation, debt.invoice_number, facts, sections_of(look)
    )


_FURTHER = (("first_reported_on", "First reported"), ("confirmed_on", "Last confirmed"))


def _request(text: str) -> str:
    if not text.strip() or len(text.strip()) > LONGEST_REQUEST or not text.strip().isprintable():
        raise Refused(f"Enter the reference of the request in 1 to {LONGEST_REQUEST} characters.", field="request")
    return text.strip()


def _audit(store: Database, actor: Actor, kind: str, ids: Sequence[str], request: str, debts: int) -> None:
    """In a session of its own: whoever writes to the register does not wait while this is read."""
    with store.writing() as db:
        for id_ in ids:
            record(db, actor, AuditAction.ACCESS_REQUEST_ANSWERED, kind, id_, request=request, debts=debts)
