"""Holds and feed."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_holds_and_feed"
down_revision = "2026_11_26_open_rows_prefilled"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holds",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("debt_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.String(length=40), nullable=False),
        sa.Column("placed_by_return", sa.String(length=32), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(length=40), nullable=True),
        sa.Column("lifted_by_return", sa.String(length=32), nullable=True),
        sa.Column("lifted_because", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["debt_id"], ["debts.id"], name=op.f("fk_holds_debt_id")),
        sa.ForeignKeyConstraint(["lifted_by_return"], ["returns.id"], name=op.f("fk_holds_lifted_by_return")),
        sa.ForeignKeyConstraint(["placed_by_return"], ["returns.id"], name=op.f("fk_holds_placed_by_return")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_holds_debt_id"), ["debt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_holds_lifted_by_return"), ["lifted_by_return"], unique=False)
        batch_op.create_index(batch_op.f("ix_holds_placed_by_return"), ["placed_by_return"], unique=False)
        batch_op.create_index(
            "ix_holds_standing",
            ["kind", "debt_id"],
            unique=False,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )

    op.create_table(
        "warnings_index_events",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("debt_id", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=6), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("organisation_code", sa.String(length=20), nullable=False),
        sa.Column("invoice_number", sa.String(length=40), nullable=False),
        sa.Column("family_name", sa.String(length=80), nullable=True),
        sa.Column("given_names", sa.String(length=80), nullable=True),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("nationality", sa.String(length=3), nullable=True),
        sa.Column("passport_number", sa.String(length=20), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_warnings_index_events_organisation_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warnings_index_events")),
    )
    with op.batch_alter_table("warnings_index_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_warnings_index_events_debt_id"), ["debt_id"], unique=False)

    with op.batch_alter_table("debts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("flagged", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("debts", schema=None) as batch_op:
        batch_op.alter_column("flagged", server_default=None)
    with op.batch_alter_table("debt_events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("officer", sa.String(length=120), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("debt_events", schema=None) as batch_op:
        batch_op.drop_column("officer")

    with op.batch_alter_table("debts", schema=None) as batch_op:
        batch_op.drop_column("flagged")

    with op.batch_alter_table("warnings_index_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_warnings_index_events_debt_id"))

    op.drop_table("warnings_index_events")
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_holds_standing",
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_holds_placed_by_return"))
        batch_op.drop_index(batch_op.f("ix_holds_lifted_by_return"))
        batch_op.drop_index(batch_op.f("ix_holds_debt_id"))

    op.drop_table("holds")
