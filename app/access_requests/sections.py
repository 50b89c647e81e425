"""What is held about one debt, section by section. A room that keeps something new about debts adds one function here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from app.access_requests.details import changes
from app.access_requests.record import Section
from app.accounts import service as accounts
from app.debts import queries
from app.debts.models import Debt, DebtEvent, Hold, RegisterImport, WarningsIndexEvent
from app.disclosures import service as disclosures
from app.disputes import corrections
from app.disputes.corrections import How
from app.disputes.models import Dispute
from app.disputes.rules.cases import Answer, Outcome, Reason, Received
from app.return_template.columns import Column
from app.returns.histories import Told, history_of, hold_told
from app.returns.models import Return
from app.status_checks.rules.question import Reason as AskedBecause
from app.status_checks.service import checks_of

_FILES = {
    disclosures.LIVE: "A file of the register as it stood",
    disclosures.RELEASE: "A release",
    disclosures.FEED: "The feed of flags",
}


@dataclass(frozen=True)
class Look:
    """One debt as it is looked through, and the columns of which the reader may know."""

    db: Session
    debt: Debt
    columns: Sequence[Column]


def sections_of(look: Look) -> list[Section]:
    return [section(look) for section in SECTIONS]


def _sources(look: Look) -> Section:
    """Every row that said something new of this debt: of a return, or of the register before this service."""
    db, debt_id = look.db, look.debt.id
    events = (col(DebtEvent.debt_id) == debt_id, col(DebtEvent.return_row).is_not(None))
    sent = select(col(DebtEvent.return_row), Return).join(Return, col(Return.id) == col(DebtEvent.return_id))
    loaded = select(col(DebtEvent.return_row), RegisterImport).join(
        RegisterImport, col(RegisterImport.id) == col(DebtEvent.import_id)
    )
    returns = {(each.id, row): each for row, each in db.execute(sent.where(*events).order_by(col(DebtEvent.id)))}
    imports = {(each.id, row): each for row, each in db.execute(loaded.where(*events).order_by(col(DebtEvent.id)))}
    people = (*(each.submitted_by for each in returns.values()), *(each.by for each in imports.values()))
    names = accounts.names(db, people)
    return Section(
        "sources", "Where this comes from",
        (("source", "Return or register"), ("row", "Row"), ("sent_on", "Received"), ("sent_by", "Sent by"),
         ("declared_by", "Declared by")),
        [
            *((f"The register before this service, {each.reference}", row, each.at, names.get(each.by, each.by), None)
              for (_, row), each in imports.items()),
            *((each.reference, row, each.submitted_at, names.get(each.submitted_by or "", ""), each.declaring_officer)
              for (_, row), each in returns.items()),
        ],
        "The register as it was when this service began.",
    )  # fmt: skip


def _history(look: Look) -> Section:
    return Section(
        "history", "What happened",
        (("at", "When"), ("effective_on", "With effect from"), ("what", "What"), ("by", "By"), ("source", "Source")),
        [(told.event.at, told.effective_on, told.words, _who(told), "" if told.source == "person" else told.source)
         for told in history_of(look.db, look.debt)],
        "Nothing.",
    )  # fmt: skip


def _who(told: Told) -> str:
    officer = told.event.officer
    return f"{told.by}, declared by {officer}" if officer else told.by


def _corrected(look: Look) -> Section:
    """What an event says it changed is held as long as the event."""
    return Section(
        "details_changed", "Details that were corrected or added",
        (("at", "When"), ("detail", "Detail"), ("before", "Before"), ("after", "After")),
        [(event.at, *change) for event in queries.history(look.db, look.debt) for change in changes(event, look.columns)],
        "None.",
    )  # fmt: skip


def _holds(look: Look) -> Section:
    query = select(Hold).where(col(Hold.debt_id) == look.debt.id).order_by(col(Hold.id))
    return Section(
        "holds", "When it was held, and why",
        (("from", "From"), ("until", "Until"), ("why", "Why"), ("ended_because", "Ended because")),
        [(hold.placed_at, hold.lifted_at, hold_told(hold).words, _sentence(hold.lifted_because)) for hold in
         look.db.execute(query).scalars()],
        "It was never held.",
    )  # fmt: skip


def _sentence(words: str | None) -> str | None:
    return words[:1].upper() + words[1:] if words else words


def _disputes(look: Look) -> Section:
    query = select(Dispute).where(col(Dispute.debt_id) == look.debt.id).order_by(col(Dispute.id))
    return Section(
        "disputes", "Disputes",
        (("received_on", "Received on"), ("received_how", "How"), ("reason", "What is disputed"),
         ("case_reference", "Case reference"), ("note", "Note"), ("due_on", "Answer due on"), ("answer", "Answer"),
         ("answer_note", "What the trust said"), ("answered_at", "Answered"), ("outcome", "Outcome"),
         ("outcome_note", "How it was settled"), ("closed_at", "Closed")),
        [(one.received_on, Received(one.received_how).label, Reason(one.reason).label, one.case_reference, one.note,
          one.due_on, Answer(one.answer).label if one.answer else None, one.answer_note, one.answered_at,
          Outcome(one.outcome).label if one.outcome else None, one.outcome_note, one.closed_at)
         for one in look.db.execute(query).scalars()],
        "It was never disputed.",
    )  # fmt: skip


def _flags(look: Look) -> Section:
    query = select(WarningsIndexEvent).where(col(WarningsIndexEvent.debt_id) == look.debt.id)
    words = {"add": "Flag added", "remove": "Flag removed"}
    return Section(
        "warnings_index", "Warnings Index",
        (("at", "When"), ("action", "What was sent"), ("acknowledged_at", "Acknowledged")),
        [(event.at, words[event.action], event.acknowledged_at)
         for event in look.db.execute(query.order_by(col(WarningsIndexEvent.id))).scalars()],
        "Nothing was sent to the Warnings Index about this debt.",
    )  # fmt: skip


def _given_to(look: Look) -> Section:
    received = disclosures.received_by(look.db, look.debt.id)
    return Section(
        "given_to", "To whom it was given",
        (("recipient", "Recipient"), ("purpose", "Purpose"), ("at", "When"), ("how", "How")),
        [(one.recipient, one.purpose, one.at, " ".join(filter(None, (_FILES[one.kind], one.about)))) for one in received],
        "It was given to nobody.",
    )  # fmt: skip


def _status_checks(look: Look) -> Section:
    found = checks_of(look.db, [look.debt.id])
    names = accounts.names(look.db, (one.actor for one in found))
    return Section(
        "status_checks", "Status checks that spoke of it",
        (("reference", "Check"), ("at", "When"), ("asked_by", "Asked by"), ("reason", "Why")),
        [(one.reference, one.at, names.get(one.actor, one.actor), AskedBecause(one.reason).label) for one in found],
        "No status check has spoken of it.",
    )  # fmt: skip


def _told(look: Look) -> Section:
    return Section(
        "corrections_told", "Corrections passed on",
        (("recipient", "Recipient"), ("at", "When"), ("how", "How")),
        [(told.recipient, told.at, How(told.how).label) for told in corrections.told_of(look.db, look.debt.id)],
        "None was passed on apart from later files.",
    )  # fmt: skip


SECTIONS: Sequence[Callable[[Look], Section]] = (
    _sources,
    _history,
    _corrected,
    _holds,
    _disputes,
    _flags,
    _given_to,
    _status_checks,
    _told,
)
