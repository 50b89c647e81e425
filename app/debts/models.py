"""Debts, the debtors who group them and how they were joined, and the events from which a debt's present state follows."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.core.db import Instant
from app.core.ids import new_id

_NOT_WITHDRAWN = text("status <> 'withdrawn'")


class Debtor(SQLModel, table=True):
    """Debts that agree exactly. A person is all debtors with one `root_id`: the oldest of them, itself where none is joined.

    `joined_into` is the older neighbour through which a joined debtor hangs together with the root. Both follow from the
    joins that stand (app/debts/joins.py writes them, and nothing else does).
    """

    __tablename__ = "debtors"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    created_at: datetime = Field(sa_type=Instant)
    joined_into: str | None = Field(default=None, foreign_key="debtors.id", max_length=32, index=True)
    root_id: str = Field(default="", foreign_key="debtors.id", max_length=32, index=True)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.root_id = self.root_id or self.id


class Debt(SQLModel, table=True):
    """One invoice of one organisation, as that organisation reported it. Money in pence, dates in the UK.

    `as_at` is the day of which the newest status event speaks, `particulars_on` the day on which the particulars were
    last stated, `confirmed_on` the last day as at which the trust spoke of this debt at all. `name_match` and
    `passport_match` are digests by which exactly equal persons are found, and `debtor_id` is the debtor of those that
    agree exactly with this one: a join never rewrites it. `to_compare` waits for app/debts/comparing.py.
    """

    __tablename__ = "debts"
    __table_args__ = (
        Index(
            "uq_debts_organisation_code_invoice_number",
            "organisation_code",
            "invoice_number",
            unique=True,
            sqlite_where=_NOT_WITHDRAWN,
            postgresql_where=_NOT_WITHDRAWN,
        ),
        Index(None, "organisation_code", "invoice_fold"),
        Index("ix_debts_to_compare", "id", sqlite_where=text("to_compare = 1"), postgresql_where=text("to_compare")),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    reference: str = Field(max_length=20, unique=True)
    organisation_code: str = Field(foreign_key="organisations.code", max_length=20)
    debtor_id: str = Field(foreign_key="debtors.id", max_length=32, index=True)

    invoice_number: str = Field(max_length=40)
    invoice_fold: str = Field(max_length=40)
    invoice_date: date
    invoice_amount: int = Field(sa_type=BigInteger)
    amount_outstanding: int = Field(sa_type=BigInteger)
    status: str = Field(max_length=12)
    status_date: date | None = None
    family_name: str = Field(max_length=80)
    given_names: str = Field(max_length=80)
    other_names: str | None = Field(default=None, max_length=160)
    date_of_birth: date | None = None
    sex: str | None = Field(default=None, max_length=12)
    nationality: str | None = Field(default=None, max_length=3)
    passport_number: str | None = Field(default=None, max_length=20)
    home_office_reference: str | None = Field(default=None, max_length=30)
    ni_number: str | None = Field(default=None, max_length=20)
    uk_address: str | None = Field(default=None, max_length=250)
    uk_postcode: str | None = Field(default=None, max_length=12)
    overseas_address: str | None = Field(default=None, max_length=250)
    site: str | None = Field(default=None, max_length=80)
    patient_informed: str | None = Field(default=None, max_length=3)
    your_reference: str | None = Field(default=None, max_length=60)

    name_match: str | None = Field(default=None, max_length=24, index=True)
    passport_match: str | None = Field(default=None, max_length=24, index=True)
    below_threshold: bool = False
    held: bool = False
    withdrawal_reason: str | None = Field(default=None, max_length=20)
    report_undone: bool = False
    to_compare: bool = False

    as_at: date
    particulars_on: date
    confirmed_on: date
    status_from: str | None = Field(default=None, max_length=12)
    status_period: str | None = Field(default=None, max_length=7)
    first_reported_on: date
    first_return_id: str | None = Field(default=None, foreign_key="returns.id", max_length=32)
    return_id: str | None = Field(default=None, foreign_key="returns.id", max_length=32, index=True)
    return_row: int | None = None
    changed_at: datetime = Field(sa_type=Instant, index=True)


class DebtEvent(SQLModel, table=True):
    """One change of one debt, never altered afterwards; `id` is the order in which they happened.

    A status event carries the whole status as it stands after it; a particulars event carries `particulars`:
    the changed keys with their values before and after.
    """

    __tablename__ = "debt_events"

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    debt_id: str = Field(foreign_key="debts.id", max_length=32, index=True)
    at: datetime = Field(sa_type=Instant)
    actor: str = Field(max_length=40)
    kind: str = Field(max_length=12)
    status_from: str | None = Field(default=None, max_length=12)
    status: str | None = Field(default=None, max_length=12)
    status_date: date | None = None
    amount_outstanding: int | None = Field(default=None, sa_type=BigInteger)
    as_at: date
    reason: str | None = Field(default=None, max_length=20)
    particulars: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    return_id: str | None = Field(default=None, foreign_key="returns.id", max_length=32, index=True)
    return_row: int | None = None


class Search(SQLModel, table=True):
    """What somebody typed to find a person; only its owner's."""

    __tablename__ = "searches"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    actor: str = Field(max_length=40)
    q: str = Field(max_length=200)
    created_at: datetime = Field(sa_type=Instant, index=True)


class DebtorJoin(SQLModel, table=True):
    """Two debtors held to be one person: since when, by exact agreement or by whose decision, and until when."""

    __tablename__ = "debtor_joins"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    older_id: str = Field(foreign_key="debtors.id", max_length=32, index=True)
    younger_id: str = Field(foreign_key="debtors.id", max_length=32, index=True)
    kind: str = Field(max_length=8)
    made_by: str = Field(max_length=40)
    made_at: datetime = Field(sa_type=Instant)
    parted_by: str | None = Field(default=None, max_length=40)
    parted_at: datetime | None = Field(default=None, sa_type=Instant)


class Match(SQLModel, table=True):
    """Two debtors who may be one person: how alike, why and why not (words of app/debts/rules/likeness.py), what was decided.

    `state` is open, unsure, same or different; `decided_by` is empty where exact agreement alone joined them.
    """

    __tablename__ = "possible_matches"
    __table_args__ = (UniqueConstraint("older_id", "younger_id"), Index(None, "state", "score"))

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    older_id: str = Field(foreign_key="debtors.id", max_length=32)
    younger_id: str = Field(foreign_key="debtors.id", max_length=32, index=True)
    score: int
    evidence: list[str] = Field(sa_column=Column(JSON, nullable=False))
    state: str = Field(default="open", max_length=10)
    found_at: datetime = Field(sa_type=Instant)
    decided_by: str | None = Field(default=None, max_length=40)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)


class LikenessKey(SQLModel, table=True):
    """Under which keys a debtor is found by others who may be the same person. Derived: it may hold more than is so now.

    `born` is the birthday as a number such as 19850327, so that most strangers of one name are passed over unread.
    """

    __tablename__ = "likeness_keys"

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    key: int = Field(sa_type=BigInteger, index=True)
    debtor_id: str = Field(max_length=32)
    born: int
