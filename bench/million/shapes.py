"""Rows of the bare tables: the columns that are said row by row, and behind them those that are the same in every row."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pydantic_core import PydanticUndefined
from sqlmodel import SQLModel

from app.audit.models import AuditEvent
from app.debts.match_models import LikenessKey
from app.debts.models import Debt, DebtEvent, Debtor, Hold, WarningsIndexEvent
from app.returns.models import OpenRow, Return, RuleCount

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Shape:
    """`said` and `rest` are columns, `usual` the values of the rest: those of the model. The database numbers by itself."""

    said: tuple[str, ...]
    rest: tuple[str, ...] = ()
    usual: Row = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.said, *self.rest)


def _shape(model: type[SQLModel], *said: str) -> Shape:
    usual = {
        name: None if field.default is PydanticUndefined else field.default
        for name, field in model.model_fields.items()
        if field.default_factory is None and name not in (*said, "id")
    }
    plain = tuple(int(value) if isinstance(value, bool) else value for value in usual.values())
    return Shape(said, tuple(usual), plain)


SHAPES: dict[str, Shape] = {
    "returns": _shape(
        Return, "id", "reference", "organisation_code", "period", "lifecycle", "outcome", "qualifies", "submitted_at",
        "ruleset", "reporting_day", "read", "accepted", "new", "rejected",
    ),
    "rule_counts": _shape(RuleCount, "return_id", "code", "rows"),
    "open_rows": _shape(
        OpenRow, "id", "organisation_code", "period", "return_id", "row", "invoice_number", "findings", "cells",
        "answers", "opened_at", "expires_on", "closed_at", "closed_by", "closed_reason",
    ),
    "debtors": _shape(Debtor, "id", "created_at", "root_id"),
    "debts": _shape(
        Debt, "id", "reference", "organisation_code", "debtor_id", "invoice_number", "invoice_fold", "invoice_date",
        "invoice_amount", "amount_outstanding", "status", "status_date", "family_name", "given_names", "date_of_birth",
        "sex", "nationality", "passport_number", "uk_address", "uk_postcode", "site", "patient_informed",
        "your_reference", "name_match", "passport_match", "below_threshold", "held", "flagged", "withdrawal_reason",
        "as_at", "particulars_on", "confirmed_on", "status_from", "status_period", "first_reported_on",
        "first_return_id", "return_id", "return_row", "changed_at",
    ),
    "debt_events": _shape(
        DebtEvent, "debt_id", "at", "actor", "kind", "status_from", "status", "status_date", "amount_outstanding",
        "as_at", "reason", "return_id", "return_row",
    ),
    "holds": _shape(Hold, "id", "debt_id", "kind", "reason", "placed_at", "placed_by"),
    "likeness_keys": _shape(LikenessKey, "key", "debtor_id", "born"),
    "warnings_index_events": _shape(
        WarningsIndexEvent, "id", "debt_id", "action", "at", "reference", "organisation_code", "invoice_number",
        "family_name", "given_names", "date_of_birth", "nationality", "passport_number", "acknowledged_at",
    ),
    "audit_events": _shape(AuditEvent, "at", "actor", "action", "organisation_code", "subject_type", "subject_id", "detail"),
    "words_of_debts": Shape(("debt_id", "words")),
}  # fmt: skip
TABLES = tuple(SHAPES)


@dataclass
class Batch:
    """Rows of every table, each without what is the same in all of them."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {table: [] for table in TABLES})

    def whole(self, table: str) -> Sequence[Row]:
        usual = SHAPES[table].usual
        return [row + usual for row in self.rows[table]]


def day(one: date) -> str:
    return one.isoformat()


def instant(at: datetime) -> str:
    """As both databases take it, in UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond:06d}"
