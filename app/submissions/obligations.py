"""Obligations: who owes returns from which month to which, and the default set of a new deployment."""

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from sqlalchemy import select
from sqlmodel import Session, col

from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import take_turns
from app.core.errors import Refused
from app.organisations.models import Organisation
from app.periods.calendar import Period
from app.submissions.models import Obligation
from app.submissions.rules.spans import Span, joined, settled
from app.submissions.rules.state import is_open_on

TURN = "obligations"  # whoever sets or rests on what is owed takes turns by this name
WHOLE_NATIONS = ("Wales", "Northern Ireland")  # elsewhere only the acute providers owe by default


class Actor(Protocol):
    @property
    def id(self) -> str: ...


class Reason(StrEnum):
    """Why an obligation is set, for the audit."""

    OPENED = "opened"
    CLOSED = "closed-or-merged"
    AGREED = "agreed"
    MISTAKE = "mistake"


def set_obligation(
    db: Session,
    actor: Actor,
    codes: Sequence[str] | None,
    from_period: Period,
    to_period: Period | None = None,
    reason: Reason | None = None,
) -> list[str]:
    """Sets from which month to which these organisations (None: the default set) owe; gives the codes that changed.

    Earlier months stay as they are; from the first month on the new span replaces what was there. Raises Refused (422)
    for unknown codes, which it names, and for an end before the beginning.
    """
    if to_period is not None and to_period < from_period:
        raise Refused(f"The obligation would end in {to_period}, before it begins in {from_period}. Swap the months.")
    wanted = default_set(db) if codes is None else _known(db, codes)
    take_turns(db, [TURN])
    held = held_by(db, wanted)
    new = Span(from_period, to_period)
    changed: list[str] = []
    for code in wanted:
        was = list(map(span_of, held[code]))
        if joined(was) != joined(settled(was, new)):
            write(db, actor, code, held[code], settled(was, new))
            changed.append(code)
    db.flush()
    for code in changed:
        note(db, actor, code, new, reason)
    return changed


def held_by(db: Session, codes: Sequence[str]) -> dict[str, list[Obligation]]:
    """What these organisations owe, by code, as it is kept; an empty list where nothing is."""
    held: dict[str, list[Obligation]] = defaultdict(list)
    for obligation in obligations(db, frozenset(codes)):
        held[obligation.organisation_code].append(obligation)
    return held


def write(db: Session, actor: Actor, code: str, held: Sequence[Obligation], becomes: Sequence[Span]) -> None:
    """Makes the spans of one organisation what they become; those that stay keep who set them."""
    wanted = set(becomes)
    for obligation in held:
        if (span := span_of(obligation)) in wanted:
            wanted.remove(span)
        else:
            db.delete(obligation)
    for span in sorted(wanted, key=lambda one: one.first):
        last = str(span.last) if span.last else None
        db.add(
            Obligation(
                organisation_code=code, from_period=str(span.first), to_period=last, set_by=actor.id, set_at=clock.now()
            )
        )


def note(db: Session, actor: Actor, code: str, new: Span, reason: Reason | None) -> None:
    """Records in the audit that a span was set."""
    ends = str(new.last) if new.last else None
    record(
        db, actor, AuditAction.OBLIGATION_SET, "organisation", code, code,
        begins=str(new.first), ends=ends, reason=reason,
    )  # fmt: skip


def load_default_obligations(db: Session, actor: Actor, from_period: Period) -> int:
    """Gives the default set an obligation from a month on; how many organisations that changed."""
    return len(set_obligation(db, actor, None, from_period))


def default_set(db: Session) -> list[str]:
    """Who owes unless somebody says otherwise: open English acute providers, the Welsh bodies, the NI trusts."""
    query = (
        select(Organisation)
        .where(col(Organisation.acute_provider) | col(Organisation.nation).in_(WHOLE_NATIONS))
        .order_by(col(Organisation.code))
    )
    today = clock.today()
    found = db.execute(query).scalars()
    return [one.code for one in found if is_open_on(today, one.open_date, one.close_date)]


def obligations(db: Session, scope: frozenset[str] | None) -> list[Obligation]:
    """All obligations of the organisations in scope (None: of all), by organisation and month."""
    query = select(Obligation).order_by(col(Obligation.organisation_code), col(Obligation.from_period))
    if scope is not None:
        query = query.where(col(Obligation.organisation_code).in_(scope))
    return list(db.execute(query).scalars())


def span_of(obligation: Obligation) -> Span:
    last = Period.parse(obligation.to_period) if obligation.to_period else None
    return Span(Period.parse(obligation.from_period), last)


def _known(db: Session, codes: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(code.strip() for code in codes))
    if not wanted:
        raise Refused("Name at least one organisation, or ask for the default set.")
    known = set(db.execute(select(col(Organisation.code)).where(col(Organisation.code).in_(wanted))).scalars())
    if unknown := [code for code in wanted if code not in known]:
        raise Refused(f"There is no organisation {', '.join(unknown)}. Check the code; nothing was changed.")
    return wanted
