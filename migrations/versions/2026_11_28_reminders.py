"""Reminders: which organisation was reminded of which month, when and whom, and the words that were changed."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_reminders"
down_revision = "2026_11_28_mail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminders",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation_code", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("occasion", sa.String(length=20), nullable=False),
        sa.Column("recipient_id", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_reminders_organisation_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
    )
    op.create_index(op.f("ix_reminders_period_organisation_code"), "reminders", ["period", "organisation_code"])
    op.create_table(
        "reminder_wordings",
        sa.Column("occasion", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=150), nullable=False),
        sa.Column("body", sa.String(length=5000), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("occasion", name=op.f("pk_reminder_wordings")),
    )


def downgrade() -> None:
    op.drop_table("reminder_wordings")
    op.drop_index(op.f("ix_reminders_period_organisation_code"), table_name="reminders")
    op.drop_table("reminders")
