"""With whom the debts of an organisation are summed for the threshold: it changes on the day on which a successor begins."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_merged9"
down_revision = "2026_11_29_threshold8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisations", sa.Column("counted_with", sa.String(20), nullable=True))


def downgrade() -> None:
    op.drop_column("organisations", "counted_with")
