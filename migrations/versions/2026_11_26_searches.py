"""Searches: what somebody types to find a person, kept under an id for a day."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_searches"
down_revision = "2026_11_25_sign_in"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "searches",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("q", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searches")),
    )
    op.create_index(op.f("ix_searches_created_at"), "searches", ["created_at"])


def downgrade() -> None:
    op.drop_table("searches")
