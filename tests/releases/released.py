"""A release of all that stands in the register, made by hand: what preparing and releasing would leave."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, select

from app.core import clock
from app.core.db import Database
from app.debts import register
from app.debts.models import Debt
from app.disclosures.service import key_of
from app.releases.models import CarriedDebt, Release, ReleaseLine, State

RECIPIENT = "MIDAS"


def release(
    db: Session, number: int = 1, *, state: State = State.RELEASED, at: datetime | None = None,
    out: Iterable[str] = (), only: Iterable[str] | None = None, recipient: str = RECIPIENT,
) -> Release:  # fmt: skip
    """Every debt in the order of its invoice number; those of `out` are taken out, `only` these invoices are in it."""
    at, out = at or clock.now(), set(out)
    made = Release(
        number=number, scope="full", recipient=recipient, recipient_key=key_of(recipient), purpose="load", state=state,
        as_at=at, seen=register.last_event_id(db), seed="0" * 32, prepared_by="one",
        released_at=at if state is State.RELEASED else None,
    )  # fmt: skip
    db.add(made)
    db.flush()
    debts = db.exec(select(Debt).order_by(Debt.invoice_number)).all()
    wanted = [debt for debt in debts if only is None or debt.invoice_number in set(only)]
    for line, debt in enumerate(wanted, 1):
        digests = {"status_digest": "s", "particulars_digest": "p"}
        taken_out = "withdrawn" if debt.invoice_number in out else None
        db.add(ReleaseLine(
            release_id=made.id, line=line, debt_id=debt.id, reference=debt.reference, change="new",
            organisation_code=debt.organisation_code, taken_out=taken_out, **digests,
        ))  # fmt: skip
        if taken_out is None and state is State.RELEASED:
            db.merge(CarriedDebt(
                recipient_key=made.recipient_key, debt_id=debt.id, release_id=made.id, line=line, removed=False, **digests,
            ))  # fmt: skip
    db.flush()
    return made


def references(database: Database) -> dict[str, str]:
    """By invoice number."""
    with database.reading() as db:
        return {debt.invoice_number: debt.reference for debt in db.exec(select(Debt))}


def answer(*lines: tuple[str, ...], headings: tuple[str, ...] = ("reference", "result", "reason")) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([headings, *lines])
    return text.getvalue().encode()
