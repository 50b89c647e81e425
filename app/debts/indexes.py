"""Indexes by which a register of a million is filtered, sorted and asked for what is rare.

Migrations make them beside the work of the service (app/core/building.py).
"""

from sqlalchemy import Index, text

IS_OPEN = "status IN ('arrangement', 'defaulted', 'outstanding')"  # asked for in the same words, or no index is used
IS_BELOW_THRESHOLD = "debts.below_threshold IS true"


def of_debts() -> tuple[Index, ...]:
    return (
        Index(None, "invoice_date"),
        Index(None, "amount_outstanding"),
        Index(None, "nationality", "id"),
        _of_some("ix_debts_held", "id", where="held IS true"),
        _of_some("ix_debts_unconfirmed", "confirmed_on", where=IS_OPEN),
        _of_some("ix_debts_below_threshold", "organisation_code", where="below_threshold IS true"),
    )


def of_the_feed() -> Index:
    """When something was acknowledged last."""
    return _of_some("ix_warnings_index_events_acknowledged", "acknowledged_at", where="acknowledged_at IS NOT NULL")


def _of_some(name: str, *columns: str, where: str) -> Index:
    """Of the rows that `where` names, on both databases alike."""
    words = text(where)
    return Index(name, *columns, sqlite_where=words, postgresql_where=words)
