"""The register as it stands, in the rows of the consolidated output: read one after the other, in constant memory."""

import os
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from sqlmodel import Session

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.accounts.service import visible_organisation
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock, scratch
from app.core.db import Database
from app.core.errors import Refused
from app.debts import imports, queries, register
from app.debts.filters import DebtFilter
from app.debts.models import Debt
from app.disclosures import service as disclosures
from app.disclosures.lines import Lines
from app.disclosures.service import Giving
from app.organisations.models import Organisation
from app.policy.contact_details import contact_detail_in
from app.policy.in_force import policy_in_force
from app.policy.patients import told_of_a_patient
from app.releases.outputs.consolidated import LAYOUT, Cover, Row, csv_lines, write_workbook
from app.returns.queries import all_references

LONGEST = 200  # characters of a purpose or a recipient
AS_HELD = tuple(field.key for field in LAYOUT if field.key in Debt.model_fields)


def rows(db: Session, actor: Actor, wanted: DebtFilter, lines: Lines) -> Iterator[Row]:
    """Every debt that fits, withdrawn ones only if asked for, as the keys of LAYOUT. `lines` gathers which they were."""
    policy, today, returns = policy_in_force(), clock.today(), all_references(db) | imports.all_references(db)
    for debt, organisation in queries.stream(db, actor, wanted):
        lines.add(debt.id)
        yield row_of(debt, organisation, returns) | {"unconfirmed": queries.is_unconfirmed(debt, policy, today)}


def row_of(debt: Any, organisation: Organisation, returns: Mapping[str, str]) -> dict[str, str | int | bool | None]:
    """One debt as the keys of LAYOUT, but whether it is unconfirmed. `returns` are the references of returns and loadings."""
    return {key: getattr(debt, key) for key in AS_HELD} | {
        "organisation": organisation.code,
        "organisation_name": organisation.name,
        "region": organisation.region,
        "return_reference": returns.get(debt.return_id or debt.import_id or ""),
        "row": debt.return_row,
        "first_reported": debt.first_reported_on,
        "last_confirmed": debt.confirmed_on,
    }


class Output(StrEnum):
    """The kinds of file, by the ending of their names."""

    XLSX = "xlsx"
    CSV = "csv"


def write(
    store: Database, actor: Actor, wanted: DebtFilter, output: Output, purpose: str, recipient: str,
    told: Mapping[str, str],
) -> Path:  # fmt: skip
    """Writes the file in constant memory from one view of the register, then records that it was made and who received which debts.

    `told` are the filters in words, which stand on the cover and in the audit. Raises Refused (422).
    """
    said(purpose, "purpose", "what this output is for")
    said(recipient, "recipient", "who this output is for")
    path = _scratch_file(f".{output}")
    lines, now = Lines(), clock.now()
    try:
        with store.reading() as db:
            seen = register.last_event_id(db)
            if wanted.organisation is not None:
                visible_organisation(db, actor, Permission.REGISTER_EXPORT, wanted.organisation)
            found = rows(db, actor, wanted, lines)
            if output is Output.XLSX:
                debts = write_workbook(found, Cover(now, actor.name, recipient, purpose, told), path)
            else:
                debts = _write_csv(found, path)
        with store.writing() as db:
            disclosures.note(db, Giving(disclosures.LIVE, recipient.strip(), purpose, now, actor.id, seen), lines)
            record(
                db, actor, AuditAction.REGISTER_EXPORTED, "register", output.value, wanted.organisation,
                debts=debts, purpose=purpose, recipient=recipient,
                filters=[f"{name}={value}" for name, value in told.items()], region=wanted.region,
            )  # fmt: skip
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _scratch_file(suffix: str) -> Path:
    """A new empty file that only this service can read."""
    handle, path = mkstemp(suffix=suffix, dir=scratch.home())
    os.close(handle)
    return Path(path)


def _write_csv(found: Iterator[Row], path: Path) -> int:
    count = 0

    def counted() -> Iterator[Row]:
        nonlocal count
        for row in found:
            count += 1
            yield row

    with path.open("wb") as file:
        file.writelines(csv_lines(counted()))
    return count


def said(text: str, field: str, what: str) -> None:
    """Raises Refused (422) where a purpose or a recipient is not said, seems to be about a patient, or holds an e-mail address
    or a telephone number: it is kept and shown.
    """
    if not text.strip() or len(text) > LONGEST or not text.isprintable():
        raise Refused(f"Say {what} in 1 to {LONGEST} characters.", field=field)
    year, is_clinical = clock.today().year, policy_in_force().has_clinical_words
    if (sentence := told_of_a_patient(text, year, is_clinical, f"A {field}")) is not None:
        raise Refused(f"{sentence}.", field=field)
    if (detail := contact_detail_in(text)) is not None:
        raise Refused(f"This seems to hold {detail}. A {field} is kept and shown to others: name the office and not the "
                      "person.", field=field)  # fmt: skip
