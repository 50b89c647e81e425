"""Debts that the recipient rejected, sent back to their trusts: an open row each with the reason, and a mail to the officers."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec
from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from app.accounts import writing
from app.accounts.access import Actor
from app.core import clock
from app.core.db import among
from app.core.spreadsheet.packing import Packed, pack_date, pack_text
from app.debts.models import Debt
from app.organisations import service as organisations
from app.periods.calendar import months_later
from app.policy.in_force import policy_in_force
from app.releases import letters
from app.releases.answer_reading import Result
from app.releases.models import Acknowledgement, Release, ReleaseLine
from app.returns import acknowledged
from app.returns.models import OpenRow, Return
from app.returns.open_rows import ACKNOWLEDGEMENT, NOT_LOADED
from app.returns.prefill import row_of
from app.returns.rules.engine import Finding, Severity

MAIL = "release-rows"
_MEND = "Correct what is wrong, on the debt's page or by sending the row again. If the facts are right as they are, say so in the answer to this row."


def open_rows(db: Session, actor: Actor, release: Release, taken: Acknowledgement, reasons: Mapping[str, str]) -> int:
    """Opens a row for each rejected debt and writes to the officers. Gives how many rows were opened. `reasons` by debt.
    A row takes the place of the one that the same recipient's answer to another release had opened for the debt.

    There is none for a debt that is withdrawn or purged, and for one of the old register of which no return has spoken
    yet: a row to mend belongs to a return. These the Debtors Team sees in the release. Nor is there one for a debt that the
    recipient has loaded from a later release by now.
    """
    if not reasons:
        return 0
    origins = _origins(db, reasons.keys() - _loaded_later(db, release, reasons.keys()))
    until = months_later(clock.today(), policy_in_force().numbers.open_row_months)
    acknowledged.replace(db, actor, _releases_to(db, release.recipient_key), [debt for debt, _ in origins])
    rows = [_row(debt, return_, release, reasons[debt.id], until) for debt, return_ in origins]
    db.add_all(rows)
    db.flush()
    if actor.sends_mail:
        _tell(db, release, taken, Counter(row.organisation_code for row in rows))
    return len(rows)


def reword(db: Session, release: Release, reasons: Mapping[str, str]) -> None:
    """The recipient gives another reason for what it had rejected: rows that are open say it. `reasons` by debt."""
    for row, debt in acknowledged.open_of(db, _standing(db, reasons)):
        if row.origin_id == release.id:
            row.findings = [msgspec.to_builtins(_finding(debt, row.row, release, reasons[debt.id]))]
            db.add(row)
    db.flush()


def close_loaded(db: Session, actor: Actor, release: Release, debt_ids: Collection[str]) -> int:
    """Closes the rows of debts that the recipient loaded after all, whichever release up to this one it had rejected. How
    many. `debt_ids` are all that it loaded.
    """
    up_to_here = _releases_to(db, release.recipient_key, col(Release.number) <= release.number)
    sent_back = set(debt_ids) & _sent_back(db, up_to_here)
    return acknowledged.close_loaded(db, actor, release.id, up_to_here, _standing(db, sent_back)) if sent_back else 0


def _releases_to(db: Session, recipient_key: str, *more: ColumnElement[bool]) -> set[str]:
    query = select(col(Release.id)).where(col(Release.recipient_key) == recipient_key, *more)
    return set(db.execute(query).scalars())


def _sent_back(db: Session, release_ids: Collection[str]) -> set[str]:
    """Debts of which these releases opened a row."""
    origin = (col(OpenRow.origin) == ACKNOWLEDGEMENT, among(db, col(OpenRow.origin_id), release_ids))
    by_number = (col(Debt.organisation_code) == col(OpenRow.organisation_code)) & (
        col(Debt.invoice_number) == col(OpenRow.invoice_number)
    )
    said = select(col(OpenRow.debt_id)).where(*origin, col(OpenRow.debt_id).is_not(None))
    unsaid = select(col(Debt.id)).join(OpenRow, by_number).where(*origin, col(OpenRow.debt_id).is_(None))
    return {debt_id for query in (said, unsaid) for debt_id in db.execute(query).scalars() if debt_id}


def _loaded_later(db: Session, release: Release, debt_ids: Collection[str]) -> set[str]:
    """Those of these debts that the recipient has loaded from a later release: this rejection is overtaken."""
    query = (
        select(col(ReleaseLine.debt_id))
        .join(Release, col(Release.id) == col(ReleaseLine.release_id))
        .where(col(Release.recipient_key) == release.recipient_key, col(Release.number) > release.number)
        .where(among(db, col(ReleaseLine.debt_id), debt_ids), col(ReleaseLine.result) == Result.LOADED)
    )
    return set(db.execute(query).scalars())


def _standing(db: Session, debt_ids: Collection[str]) -> Sequence[Debt]:
    if not debt_ids:
        return ()
    return db.execute(select(Debt).where(among(db, col(Debt.id), set(debt_ids)))).scalars().all()


def _origins(db: Session, debt_ids: Collection[str]) -> list[tuple[Debt, Return]]:
    """The debts that stand, each with the return that last said something new of it, also one that was withdrawn: what later
    rested on it was left in the register, so somebody has to mend it.
    """
    query = (
        select(Debt, Return)
        .join(Return, col(Return.id) == col(Debt.return_id))
        .where(among(db, col(Debt.id), debt_ids))
        .order_by(col(Debt.id))
    )
    return [(debt, return_) for debt, return_ in db.execute(query) if not _is_withdrawn(debt)]


def _is_withdrawn(debt: Debt) -> bool:
    return debt.status == "withdrawn" or debt.return_row is None


def _row(debt: Debt, return_: Return, release: Release, reason: str, until: date) -> OpenRow:
    """The row says what the register holds now, as a template of this moment would: what it does not change is not news."""
    now, number = clock.now(), debt.return_row or 0
    finding = _finding(debt, number, release, reason)
    return OpenRow(
        organisation_code=debt.organisation_code,
        period=return_.period,
        return_id=return_.id,
        row=number,
        invoice_number=debt.invoice_number,
        origin=ACKNOWLEDGEMENT,
        origin_id=release.id,
        debt_id=debt.id,
        findings=[msgspec.to_builtins(finding)],
        cells={key: _packed(value) for key, value in row_of(debt).items() if value is not None},
        prefilled_at=now,
        opened_at=now,
        expires_on=until,
    )


def _finding(debt: Debt, row: int, release: Release, reason: str) -> Finding:
    told = f"{release.recipient} did not load this debt from release {release.number}"
    return Finding(
        code=NOT_LOADED,
        severity=Severity.REJECTED,
        message=f"{told}: “{reason}”. {_MEND}",
        unquoted=f"{told}. {_MEND}",
        row=row,
        your_reference=debt.your_reference,
        invoice_number=debt.invoice_number,
    )


def _packed(value: str | date | Decimal | None) -> Packed:
    if isinstance(value, date | datetime):
        return pack_date(value)
    return pack_text(value) if isinstance(value, str) else float(value or 0)


def _tell(db: Session, release: Release, taken: Acknowledgement, rows: Counter[str]) -> None:
    names = organisations.names(db, rows)
    for code, number in sorted(rows.items()):
        about = letters.About(
            release, f"{names[code]} ({code})", number, writing.link("/open-rows"), writing.sign_off(db, code)
        )
        writing.write_to_officers(db, code, letters.debts_to_mend(about), MAIL, f"{taken.id}:{code}")
