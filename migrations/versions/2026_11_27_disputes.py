"""Disputes, to whom debts were given, and corrections passed on."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_disputes"
down_revision = "2026_11_27_register_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "disclosures",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=True),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("recipient_key", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("debts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosures")),
    )
    with op.batch_alter_table("disclosures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disclosures_recipient_key"), ["recipient_key"], unique=False)

    op.create_table(
        "disclosure_parts",
        sa.Column("disclosure_id", sa.String(length=32), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("debt_ids", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["disclosure_id"], ["disclosures.id"], name=op.f("fk_disclosure_parts_disclosure_id")),
        sa.PrimaryKeyConstraint("disclosure_id", "shard", name=op.f("pk_disclosure_parts")),
    )
    op.create_table(
        "corrections_told",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("debt_id", sa.String(length=32), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("recipient_key", sa.String(length=200), nullable=False),
        sa.Column("through", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["debt_id"], ["debts.id"], name=op.f("fk_corrections_told_debt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections_told")),
    )
    with op.batch_alter_table("corrections_told", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_corrections_told_debt_id_recipient_key"), ["debt_id", "recipient_key"], unique=False
        )

    op.create_table(
        "disputes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("debt_id", sa.String(length=32), nullable=False),
        sa.Column("organisation_code", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("case_reference", sa.String(length=40), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("received_how", sa.String(length=16), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=True),
        sa.Column("answer_note", sa.String(length=500), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=40), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("outcome_note", sa.String(length=500), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=40), nullable=True),
        sa.Column("settled_event", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["debt_id"], ["debts.id"], name=op.f("fk_disputes_debt_id")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_disputes_organisation_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    with op.batch_alter_table("disputes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disputes_debt_id"), ["debt_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_disputes_organisation_code_closed_at"), ["organisation_code", "closed_at"], unique=False
        )
        batch_op.create_index(
            "uq_disputes_open",
            ["debt_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    with op.batch_alter_table("debt_events", schema=None) as batch_op:
        batch_op.create_index(
            "ix_debt_events_putting_right",
            ["id"],
            unique=False,
            sqlite_where=sa.text("kind IN ('particulars', 'corrected', 'undone') OR status = 'withdrawn'"),
            postgresql_where=sa.text("kind IN ('particulars', 'corrected', 'undone') OR status = 'withdrawn'"),
        )

    # Not in a batch: that would build the table of all debts anew on SQLite, and drop the triggers on it.
    op.add_column("debts", sa.Column("disputed", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("debts", "disputed")

    with op.batch_alter_table("debt_events", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_debt_events_putting_right",
            sqlite_where=sa.text("kind IN ('particulars', 'corrected', 'undone') OR status = 'withdrawn'"),
            postgresql_where=sa.text("kind IN ('particulars', 'corrected', 'undone') OR status = 'withdrawn'"),
        )

    with op.batch_alter_table("disputes", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_disputes_open", sqlite_where=sa.text("closed_at IS NULL"), postgresql_where=sa.text("closed_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_disputes_organisation_code_closed_at"))
        batch_op.drop_index(batch_op.f("ix_disputes_debt_id"))

    op.drop_table("disputes")
    with op.batch_alter_table("corrections_told", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_corrections_told_debt_id_recipient_key"))

    op.drop_table("corrections_told")
    op.drop_table("disclosure_parts")
    with op.batch_alter_table("disclosures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disclosures_recipient_key"))

    op.drop_table("disclosures")
