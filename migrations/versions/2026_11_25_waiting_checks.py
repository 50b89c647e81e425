"""Waiting checks."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_waiting_checks"
down_revision = "2026_11_26_searches"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiting_checks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("organisation_code", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_id", sa.String(length=32), nullable=True),
        sa.Column("refusal", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_checks")),
    )
    with op.batch_alter_table("waiting_checks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waiting_checks_began_at"), ["began_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("waiting_checks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_waiting_checks_began_at"))

    op.drop_table("waiting_checks")
