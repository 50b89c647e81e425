"""Feed delivery: who delivers now, and what of the feed is not acknowledged."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_feed_delivery"
down_revision = "2026_11_27_checks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delivery_leases",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_delivery_leases")),
    )
    op.create_index(
        "ix_warnings_index_events_waiting",
        "warnings_index_events",
        ["id"],
        sqlite_where=sa.text("acknowledged_at IS NULL"),
        postgresql_where=sa.text("acknowledged_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_warnings_index_events_waiting", table_name="warnings_index_events")
    op.drop_table("delivery_leases")
