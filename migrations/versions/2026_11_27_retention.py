"""Retention: counts of what was purged, rows emptied of what they said, and numbers of events that never come again."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_retention"
down_revision = "2026_11_27_matching"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "purged_debts",
        sa.Column("organisation_code", sa.String(length=20), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_purged_debts_organisation_code")
        ),
        sa.PrimaryKeyConstraint("organisation_code", "month", "status", name=op.f("pk_purged_debts")),
    )
    with op.batch_alter_table("open_rows", schema=None) as batch_op:
        batch_op.add_column(sa.Column("emptied_at", sa.DateTime(timezone=True), nullable=True))
    _number_events(once=True)


def downgrade() -> None:
    _number_events(once=False)
    with op.batch_alter_table("open_rows", schema=None) as batch_op:
        batch_op.drop_column("emptied_at")

    op.drop_table("purged_debts")


def _number_events(*, once: bool) -> None:
    """PostgreSQL never gives a number again. SQLite gives the highest again when its row is gone, unless told not to."""
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("debt_events", recreate="always", table_kwargs={"sqlite_autoincrement": once}):
            pass
