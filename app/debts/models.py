"""Debts, the debtors who group them, the append-only events from which a debt's state follows, holds, and the feed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    event,
    false,
    inspect,
    text,
)
from sqlmodel import Field, SQLModel

from app.core.db import Instant
from app.core.ids import new_id
from app.debts import finding, indexes
from app.debts.rules.words import SEARCHED

_NOT_WITHDRAWN = text("status <> 'withdrawn'")
_STANDING = text("lifted_at IS NULL")
# Written once and asked for in the same words: only then do both databases use the index of it (app/debts/corrected.py).
PUTS_RIGHT = "kind IN ('particulars', 'corrected', 'undone') OR status = 'withdrawn'"
_PUTS_RIGHT = text(PUTS_RIGHT)
_NOT_ACKNOWLEDGED = text("acknowledged_at IS NULL")


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
    agree exactly with this one: a join never rewrites it. `to_compare` waits for app/debts/comparing.py. `held` says
    that a hold stands, `disputed` that one of a dispute does, `flagged` that the Warnings Index has been told to show
    this debt and not yet to take it off.
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
        Index(None, "organisation_code", "id"),
        Index(None, "debtor_id", "status", "amount_outstanding"),  # what a person owes is read from the index alone
        Index(None, "date_of_birth", "invoice_number"),  # a status check asks for both, or for the birthday alone
        *indexes.of_debts(),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    reference: str = Field(max_length=20, unique=True)
    organisation_code: str = Field(foreign_key="organisations.code", max_length=20)
    debtor_id: str = Field(foreign_key="debtors.id", max_length=32)

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
    disputed: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    flagged: bool = False
    withdrawal_reason: str | None = Field(default=None, max_length=20)
    report_undone: bool = False
    to_compare: bool = False

    as_at: date
    particulars_on: date
    confirmed_on: date
    status_from: str | None = Field(default=None, max_length=12)
    status_period: str | None = Field(default=None, max_length=7)
    first_reported_on: date
    first_return_id: str | None = Field(default=None, foreign_key="returns.id", max_length=32, index=True)
    return_id: str | None = Field(default=None, foreign_key="returns.id", max_length=32, index=True)
    return_row: int | None = None
    changed_at: datetime = Field(sa_type=Instant, index=True)
    import_id: str | None = Field(default=None, foreign_key="register_imports.id", max_length=32, index=True)


@event.listens_for(Debt, "after_insert")
def _note_words(_mapper: object, connection: Connection, debt: Debt) -> None:
    finding.note(connection, [{key: getattr(debt, key) for key in ("id", *SEARCHED)}])


@event.listens_for(Debt, "after_update")
def _renew_words(_mapper: object, connection: Connection, debt: Debt) -> None:
    if any(inspect(debt).attrs[key].history.has_changes() for key in SEARCHED):
        finding.renew(connection, [debt.id])


class DebtEvent(SQLModel, table=True):
    """One change of one debt, never altered afterwards; `id` is the order in which they happened.

    A status event carries the whole status as it stands after it; a particulars event carries `particulars`:
    the changed keys with their values before and after. `officer` is who declared it, where another sent it on behalf.
    """

    __tablename__ = "debt_events"
    __table_args__ = (
        Index("ix_debt_events_putting_right", "id", sqlite_where=_PUTS_RIGHT, postgresql_where=_PUTS_RIGHT),
        {"sqlite_autoincrement": True},  # no number is given again when the newest events are purged
    )

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
    officer: str | None = Field(default=None, max_length=120)
    particulars: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    return_id: str | None = Field(default=None, foreign_key="returns.id", max_length=32, index=True)
    return_row: int | None = None
    import_id: str | None = Field(default=None, foreign_key="register_imports.id", max_length=32)


class RegisterImport(SQLModel, table=True):
    """One loading of the register of the time before this service. `as_at` is the day of which the spreadsheet speaks.

    `mapping` gives our columns by the file's headings; `counts` what became of the rows; no cell of the file is in either.
    """

    __tablename__ = "register_imports"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    reference: str = Field(max_length=20, unique=True)
    filename: str = Field(max_length=255)
    sha256: str = Field(max_length=64, unique=True)
    as_at: date
    at: datetime = Field(sa_type=Instant)
    by: str = Field(max_length=40)
    ruleset: str = Field(max_length=60)
    mapping: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    counts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class RegisterImportPart(SQLModel, table=True):
    """The cells of imported rows as read, some thousands in one compressed value; each row names its debt."""

    __tablename__ = "register_import_parts"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    import_id: str = Field(foreign_key="register_imports.id", max_length=32, index=True)
    first_debt_id: str = Field(max_length=32)
    last_debt_id: str = Field(max_length=32)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Hold(SQLModel, table=True):
    """A question about a debt that keeps it off the Warnings Index and out of releases until it is answered.

    `kind` is who asks (app/debts/rules/holding.py), `code` the rule, the sample's reason or the dispute's id. A hold that
    a return placed or lifted names that return, so that withdrawing the return undoes it; once it is withdrawn, another that
    asks for the same, or has answered it as well, takes its place.
    """

    __tablename__ = "holds"
    __table_args__ = (
        Index(None, "debt_id"),
        Index("ix_holds_standing", "kind", "debt_id", sqlite_where=_STANDING, postgresql_where=_STANDING),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    debt_id: str = Field(foreign_key="debts.id", max_length=32)
    kind: str = Field(max_length=10)
    code: str | None = Field(default=None, max_length=32)
    reason: str | None = Field(default=None, max_length=500)
    placed_at: datetime = Field(sa_type=Instant)
    placed_by: str = Field(max_length=40)
    placed_by_return: str | None = Field(default=None, foreign_key="returns.id", max_length=32, index=True)
    lifted_at: datetime | None = Field(default=None, sa_type=Instant)
    lifted_by: str | None = Field(default=None, max_length=40)
    lifted_by_return: str | None = Field(default=None, foreign_key="returns.id", max_length=32, index=True)
    lifted_because: str | None = Field(default=None, max_length=500)


class WarningsIndexEvent(SQLModel, table=True):
    """One line of the feed: add this debt's flag, or remove it. `id` counts without gaps in the order of the commits.

    It carries what the recipient needs to find the person and no more; a removal carries what the addition carried.
    The names become blank when the debt is purged, and the line stays. `attempts`, `next_try_at` and `trouble` are about pushing it.
    """

    __tablename__ = "warnings_index_events"
    __table_args__ = (
        Index(
            "ix_warnings_index_events_waiting",
            "id",
            sqlite_where=_NOT_ACKNOWLEDGED,
            postgresql_where=_NOT_ACKNOWLEDGED,
        ),
        indexes.of_the_feed(),
    )

    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    debt_id: str = Field(max_length=32, index=True)
    action: str = Field(max_length=6)
    at: datetime = Field(sa_type=Instant)
    reference: str = Field(max_length=20)
    organisation_code: str = Field(foreign_key="organisations.code", max_length=20)
    invoice_number: str = Field(max_length=40)
    family_name: str | None = Field(default=None, max_length=80)
    given_names: str | None = Field(default=None, max_length=80)
    date_of_birth: date | None = None
    nationality: str | None = Field(default=None, max_length=3)
    passport_number: str | None = Field(default=None, max_length=20)
    acknowledged_at: datetime | None = Field(default=None, sa_type=Instant)
    attempts: int = 0
    next_try_at: datetime | None = Field(default=None, sa_type=Instant)
    trouble: str | None = Field(default=None, max_length=200)


class Search(SQLModel, table=True):
    """What somebody typed to find a person; only its owner's."""

    __tablename__ = "searches"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    actor: str = Field(max_length=40)
    q: str = Field(max_length=10_000)
    created_at: datetime = Field(sa_type=Instant, index=True)
