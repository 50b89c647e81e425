"""Open rows remember when the template was filled from which they came."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_open_rows_prefilled"
down_revision = "2026_11_25_waiting_checks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("open_rows", schema=None) as batch_op:
        batch_op.add_column(sa.Column("prefilled_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE open_rows SET prefilled_at = (SELECT r.prefilled_at FROM returns r WHERE r.id = open_rows.return_id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("open_rows", schema=None) as batch_op:
        batch_op.drop_column("prefilled_at")
