"""Debts as JSON: the register's line, one debt with its history, and what may be sent about it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api.shapes.values import (
    Day,
    Moment,
    Money,
    MoneyIn,
    Nationality,
    OrganisationCode,
    Shape,
    Whole,
    Written,
    as_instant,
    without_nul,
)
from app.debts.filters import MOST_DAYS, DebtFilter
from app.debts.models import Debt
from app.debts.rules.status import REOPENING_REASONS, WITHDRAWAL_REASONS
from app.debts.service import Move
from app.return_template.choices import Status
from app.return_template.columns import COLUMNS

# What the trust keeps for itself: it never leaves, so nobody but the trust reads it.
KEPT_BY_THE_TRUST = frozenset(column.key for column in COLUMNS if not column.leaves)


class DebtOut(BaseModel):
    """`debtor_id` is there for the Debtors Team only."""

    id: str
    reference: str = Field(examples=["ND-7Q2M-XK4A-9BTC"])
    organisation: str = Field(examples=["RJ1"])
    invoice_number: str = Field(examples=["00123456"])
    invoice_date: date
    invoice_amount: Money
    amount_outstanding: Money
    status: str = Field(description="outstanding, arrangement, defaulted, repaid or withdrawn")
    status_date: date | None
    held: bool
    disputed: bool
    unconfirmed: bool
    below_threshold: bool
    family_name: str
    given_names: str
    date_of_birth: date | None
    nationality: str | None = Field(examples=["NGA"])
    first_reported: date
    last_confirmed: date
    age_days: int
    debtor_id: str | None = None


class Event(BaseModel):
    """One change. `from` and `to` are statuses; a change of particulars names the fields in `changed`."""

    at: datetime
    by: str
    kind: str
    from_: str | None = Field(serialization_alias="from")
    to: str | None
    effective_on: date
    amount_outstanding: Money | None
    source: str = Field(
        description="The return and row, `Imported register IMP-2026-11-01, row 14`, or `person`.",
        examples=["DR-2026-10-RJ1-01, row 14"],
    )
    reason: str | None = None
    declaring_officer: str | None = None
    changed: list[str] = []


class Provenance(BaseModel):
    """The newest return that said something new of this debt; before any, the register that was loaded at the start."""

    return_reference: str | None
    return_id: str | None
    row: int | None
    import_reference: str | None = Field(None, examples=["IMP-2026-11-01"])


class HoldOut(BaseModel):
    """One hold that stands: `kind` is rule, sample, dispute or hand; `code` is the rule's, if a rule holds it."""

    kind: str
    code: str | None
    reason: str
    since: datetime


class WarningsIndexOut(BaseModel):
    """Whether the debt's flag is on, and the newest event about it that was sent to the Warnings Index."""

    on: bool
    last_action: str | None
    at: datetime | None
    acknowledged_at: datetime | None


class DebtDetail(DebtOut):
    """One debt with all its particulars. `site` and `your_reference` are there for the organisation only."""

    other_names: str | None = None
    sex: str | None = None
    passport_number: str | None = None
    home_office_reference: str | None = None
    ni_number: str | None = None
    uk_address: str | None = None
    uk_postcode: str | None = None
    overseas_address: str | None = None
    site: str | None = None
    patient_informed: str | None = None
    your_reference: str | None = None
    withdrawal_reason: str | None = None
    history: list[Event]
    provenance: Provenance
    holds: list[HoldOut]
    warnings_index: WarningsIndexOut


class JoinOut(BaseModel):
    """What a person rests on beyond exact agreement debt by debt. `match_id` is where it can be decided otherwise."""

    kind: str = Field(description="exact or decided")
    by: str = Field(description="Who decided it, or `service`.")
    at: datetime
    match_id: str | None


class DebtorOut(BaseModel):
    """One person's debts at every organisation, oldest invoice first; `outstanding` is over those that are open."""

    id: str
    debts: list[DebtOut]
    outstanding: Money
    organisations: list[str] = Field(examples=[["RJ1", "RYJ"]])
    joins: list[JoinOut] = []


class MoveIn(Shape):
    """A new status, or with `correction` the status as it should have been recorded."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"status": "repaid", "status_date": "2026-11-15", "amount_outstanding": "0.00"}]
        }
    )

    status: Literal["outstanding", "arrangement", "defaulted", "repaid", "withdrawn"]
    status_date: Day
    amount_outstanding: MoneyIn
    reason: Written | None = Field(
        None,
        max_length=500,
        description=f"For a withdrawal one of {', '.join(WITHDRAWAL_REASONS)}; to reopen one of "
        f"{', '.join(REOPENING_REASONS)} (other words count as `other` and are not kept).",
    )
    correction: bool = False
    declaring_officer: Written | None = Field(
        None,
        max_length=120,
        description="The trust's officer who declares it, when the Debtors Team sends it on behalf.",
    )

    def to_domain(self) -> Move:
        return Move(
            Status(self.status),
            self.status_date,
            self.amount_outstanding,
            self.reason,
            self.correction,
            self.declaring_officer,
        )


class DebtFilters(Shape):
    """The filters of lists and outputs. Free text is not among them: it never stands in an address."""

    organisation: OrganisationCode | None = Field(None, description="With its predecessors.", examples=["RJ1"])
    status: Literal["outstanding", "arrangement", "defaulted", "repaid", "withdrawn"] | None = None
    region: str | None = Field(None, max_length=80, examples=["London"])
    nationality: Nationality | None = Field(None, examples=["NGA"])
    min_amount: MoneyIn | None = Field(None, description="At least this much is outstanding.")
    max_amount: MoneyIn | None = Field(None, description="At most this much is outstanding.")
    min_total: MoneyIn | None = Field(
        None, description="The person's open debts everywhere add up to at least this. For the Debtors Team only."
    )
    older_than_days: Whole | None = Field(
        None, ge=0, le=MOST_DAYS, description="At least so many days since the invoice."
    )
    newer_than_days: Whole | None = Field(
        None, ge=0, le=MOST_DAYS, description="At most so many days since the invoice."
    )
    changed_since: Moment | None = Field(None, description="A day or an instant; without a zone it is UK time.")
    held: bool | None = None

    def to_domain(self, q: str = "") -> DebtFilter:
        return DebtFilter(
            organisation=self.organisation,
            status=self.status,
            region=without_nul(self.region),
            nationality=self.nationality,
            min_amount=self.min_amount,
            max_amount=self.max_amount,
            min_total=self.min_total,
            older_than_days=self.older_than_days,
            newer_than_days=self.newer_than_days,
            changed_since=as_instant(self.changed_since),
            held=self.held,
            q=q,
        )


class ListIn(DebtFilters):
    limit: Whole = Field(100, ge=1, le=500)
    cursor: str | None = Field(None, max_length=300)


class SearchIn(ListIn):
    q: str = Field("", max_length=10_000, description="Names, invoice number, reference or passport number.")


class OutputIn(DebtFilters):
    """An output names why it is made and for whom; both are kept in the audit."""

    purpose: Written = Field(min_length=1, max_length=200, examples=["Monthly load"])
    recipient: Written = Field(min_length=1, max_length=200, examples=["MIDAS"])


def line(debt: Debt, derived: Mapping[str, Any], debtor_id: str | None) -> dict[str, Any]:
    """The fields of DebtOut. `derived` are those that follow from today and policy: unconfirmed, age_days; `debtor_id`
    is the person's, for those who may know it.
    """
    fields = {name: getattr(debt, name) for name in _AS_HELD}
    fields |= {
        "organisation": debt.organisation_code,
        "first_reported": debt.first_reported_on,
        "last_confirmed": debt.confirmed_on,
        **derived,
    }
    return fields | ({"debtor_id": debtor_id} if debtor_id else {})


def particulars(debt: Debt, *, on_behalf: bool) -> dict[str, Any]:
    """The further fields of DebtDetail."""
    return {name: getattr(debt, name) for name in _FURTHER if not (on_behalf and name in KEPT_BY_THE_TRUST)}


_COMPOSED = {"history", "provenance", "holds", "warnings_index"}
_MADE_HERE = {"organisation", "first_reported", "last_confirmed", "unconfirmed", "age_days", "debtor_id"}
_AS_HELD = tuple(name for name in DebtOut.model_fields if name not in _MADE_HERE)
_FURTHER = tuple(name for name in DebtDetail.model_fields if name not in {*DebtOut.model_fields, *_COMPOSED})
