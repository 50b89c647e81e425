"""Indexes by which a register of a million is filtered and sorted, each for one filter of the list of debts.

On PostgreSQL they are made beside the work of the service (app/core/indexing.py).
"""

from sqlalchemy import Index, text

IS_OPEN = "status IN ('arrangement', 'defaulted', 'outstanding')"  # asked for in the same words, or no index is used
_OPEN, _ACKNOWLEDGED = text(IS_OPEN), text("acknowledged_at IS NOT NULL")


def of_debts() -> tuple[Index, ...]:
    return (
        Index(None, "invoice_date", postgresql_concurrently=True),
        Index(None, "amount_outstanding", postgresql_concurrently=True),
        Index(None, "nationality", "id", postgresql_concurrently=True),
        Index(
            "ix_debts_held",
            "id",
            sqlite_where=text("held IS 1"),
            postgresql_where=text("held IS true"),
            postgresql_concurrently=True,
        ),
        Index(
            "ix_debts_unconfirmed",
            "confirmed_on",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
            postgresql_concurrently=True,
        ),
    )


def of_the_feed() -> Index:
    """When something was acknowledged last."""
    return Index(
        "ix_warnings_index_events_acknowledged",
        "acknowledged_at",
        sqlite_where=_ACKNOWLEDGED,
        postgresql_where=_ACKNOWLEDGED,
        postgresql_concurrently=True,
    )
