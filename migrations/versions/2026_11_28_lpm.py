"""The contact log, cover between managers, and a phone number of people."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_lpm"
down_revision = "2026_11_27_long_searches"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact_log",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation_code", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("next_step", sa.String(length=200), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=40), nullable=True),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_contact_log_organisation_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_log")),
    )
    with op.batch_alter_table("contact_log", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contact_log_organisation_code_day"), ["organisation_code", "day"], unique=False
        )

    op.create_table(
        "portfolio_covers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("away_id", sa.String(length=32), nullable=False),
        sa.Column("covering_id", sa.String(length=32), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("set_by", sa.String(length=40), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["away_id"], ["users.id"], name=op.f("fk_portfolio_covers_away_id")),
        sa.ForeignKeyConstraint(["covering_id"], ["users.id"], name=op.f("fk_portfolio_covers_covering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_covers")),
    )
    with op.batch_alter_table("portfolio_covers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_portfolio_covers_away_id"), ["away_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_portfolio_covers_covering_id"), ["covering_id"], unique=False)

    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phone", sa.String(length=40), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_column("phone")

    with op.batch_alter_table("portfolio_covers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_portfolio_covers_covering_id"))
        batch_op.drop_index(batch_op.f("ix_portfolio_covers_away_id"))

    op.drop_table("portfolio_covers")
    with op.batch_alter_table("contact_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_log_organisation_code_day"))

    op.drop_table("contact_log")
