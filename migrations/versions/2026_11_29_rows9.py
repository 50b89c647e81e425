"""A row that a recipient sent back says of which debt: an organisation and an invoice number may name two.

Rows of before, and those that the version before writes, say none: they are found by organisation and number.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_rows9"
down_revision = "2026_11_29_merged9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("open_rows", sa.Column("debt_id", sa.String(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("open_rows") as open_rows:
        open_rows.drop_column("debt_id")
