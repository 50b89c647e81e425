"""What is typed to find a person may be as long as a form takes."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_long_searches"
down_revision = "2026_11_27_retention"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("searches", schema=None) as batch_op:
        batch_op.alter_column("q", existing_type=sa.String(length=200), type_=sa.String(length=10_000))


def downgrade() -> None:
    op.execute("DELETE FROM searches WHERE length(q) > 200")
    with op.batch_alter_table("searches", schema=None) as batch_op:
        batch_op.alter_column("q", existing_type=sa.String(length=10_000), type_=sa.String(length=200))
