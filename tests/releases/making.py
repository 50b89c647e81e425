"""Releases made by hand: lines that say what a test wants, packed as a prepared release keeps them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session

from app.disclosures.service import key_of
from app.releases import lines
from app.releases.lines import Line
from app.releases.models import CarriedDebt, Release, ReleasePart, State

AS_AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SAID: dict[str, Any] = {
    "organisation_name": "An Example Trust", "region": "London", "invoice_number": "00123",
    "invoice_date": date(2026, 6, 14), "invoice_amount": 255010, "amount_outstanding": 125000, "status": "outstanding",
    "status_date": None, "family_name": "Okonkwo", "given_names": "Ada", "date_of_birth": date(1985, 3, 27),
    "nationality": "NGA", "passport_number": "A01234567", "home_office_reference": None, "row": 14, "held": False,
    "disputed": False, "unconfirmed": True, "below_threshold": False, "return_reference": "DR-2026-10-RJ1-01",
}  # fmt: skip


def line(number: int = 1, change: str = "new", shown: bool = True, flagged: bool = False, **said: Any) -> Line:
    reference, organisation = f"ND-{number:06d}", "RJ1"
    values = SAID | {"reference": reference, "organisation": organisation} | said
    return Line(number, f"{number:032x}", reference, organisation, change, values, shown=shown, flagged=flagged)


def release(db: Session, said: Sequence[Line], number: int = 1, scope: str = "full", **more: Any) -> Release:
    made = Release(
        **{
            "number": number, "scope": scope, "recipient": "MIDAS", "recipient_key": key_of("MIDAS"),
            "purpose": "Monthly load", "state": State.APPROVED.value, "as_at": AS_AT, "seen": 0, "lines": len(said),
            "seed": "0" * 32, "prepared_by": "one", "approved_by": "two",
        }
        | more
    )  # fmt: skip
    db.add(made)
    db.flush()
    for part in lines.in_parts(said):
        db.add(ReleasePart(release_id=made.id, first_line=part[0].line, content=lines.pack(part)))
    db.flush()
    return made


def carried(db: Session, made: Release, said: Sequence[Line]) -> None:
    """The recipient has received these lines of the release."""
    for each in said:
        removed = each.change == "removed"
        db.add(CarriedDebt(
            recipient_key=made.recipient_key, debt_id=each.debt_id, release_id=made.id, line=each.line,
            removed=removed, status_digest="", particulars_digest="",
        ))  # fmt: skip
    db.flush()
