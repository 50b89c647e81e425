"""Second factors proposed to one browser's session, and how often somebody did what may be done so often only."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_signin7"
down_revision = "2026_11_29_audit7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rate_counts",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_counts")),
    )
    op.create_index(op.f("ix_rate_counts_until"), "rate_counts", ["until"])
    op.add_column("sessions", sa.Column("totp_proposal", sa.String(length=200), nullable=True))
    op.add_column("sessions", sa.Column("totp_proposed_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_column("totp_pending")  # what waited there is proposed anew


def downgrade() -> None:
    op.add_column("users", sa.Column("totp_pending", sa.String(length=200), nullable=True))
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_column("totp_proposed_at")
        batch_op.drop_column("totp_proposal")
    op.drop_index(op.f("ix_rate_counts_until"), table_name="rate_counts")
    op.drop_table("rate_counts")
