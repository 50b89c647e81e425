"""Answers are kept for a day, for programs that ask the same again."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_api7"
down_revision = "2026_11_29_ops7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotent_answers",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("asked", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_idempotent_answers")),
    )
    op.create_index(op.f("ix_idempotent_answers_at"), "idempotent_answers", ["at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_idempotent_answers_at"), table_name="idempotent_answers")
    op.drop_table("idempotent_answers")
