"""Invoice numbers are folded further: zeros in front, full-width letters and letters that look alike make no difference."""

import sqlalchemy as sa
from alembic import op

from app.returns.rules.together import fold_invoice

revision = "2026_11_29_lookalikes8"
down_revision = "2026_11_29_many8"
branch_labels = None
depends_on = None
needs = revision  # an older version would look for numbers folded as it folds them, and not find them

_DEBTS = sa.table("debts", sa.column("id"), sa.column("invoice_number"), sa.column("invoice_fold"))
_AT_ONCE = 10_000


def _folded_before(number: str) -> str:
    return "".join(filter(str.isalnum, number.casefold()))[:40]


def upgrade() -> None:
    """The folded forms that the service will look for: those it computes now, whatever it computed then."""
    _fold(fold_invoice)


def downgrade() -> None:
    _fold(_folded_before)


def _fold(folded) -> None:  # type: ignore[no-untyped-def]
    connection, last = op.get_bind(), ""
    change = (
        _DEBTS.update().where(_DEBTS.c.id == sa.bindparam("which")).values(invoice_fold=sa.bindparam("fold"))
    )
    while rows := connection.execute(
        sa.select(_DEBTS).where(_DEBTS.c.id > last).order_by(_DEBTS.c.id).limit(_AT_ONCE)
    ).all():
        changed = [
            {"which": row.id, "fold": fold}
            for row in rows
            if (fold := folded(row.invoice_number)) != row.invoice_fold
        ]
        if changed:
            connection.execute(change, changed)
        last = rows[-1].id
