"""Indexes by which a register of a million is filtered and sorted, each for one filter of the list of debts.

Migrations make them beside the work of the service (app/core/building.py).
"""

from sqlalchemy import Index, text

IS_OPEN = "status IN ('arrangement', 'defaulted', 'outstanding')"  # asked for in the same words, or no index is used
_OPEN, _ACKNOWLEDGED = text(IS_OPEN), text("acknowledged_at IS NOT NULL")


def of_debts() -> tuple[Index, ...]:
    return (
        Index(None, "invoice_date"),
        Index(None, "amount_outstanding"),
        Index(None, "nationality", "id"),
        Index("ix_debts_held", "id", sqlite_where=text("held IS true"), postgresql_where=text("held IS true")),
        Index("ix_debts_unconfirmed", "confirmed_on", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )


def of_the_feed() -> Index:
    """When something was acknowledged last."""
    return Index(
        "ix_warnings_index_events_acknowledged",
        "acknowledged_at",
        sqlite_where=_ACKNOWLEDGED,
        postgresql_where=_ACKNOWLEDGED,
    )
