"""When the worker last did each of its jobs, for those who watch whether it runs."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_ops7"
down_revision = "2026_11_29_access7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "worker_rounds",
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_well", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("job", name="pk_worker_rounds"),
    )


def downgrade() -> None:
    op.drop_table("worker_rounds")
