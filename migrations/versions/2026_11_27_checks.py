"""Status checks, what they told of, and the contacts of organisations; debts are found by date of birth."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_checks"
down_revision = "2026_11_25_holds_and_feed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisation_contacts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation_code", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("office", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("hours", sa.String(length=120), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_code"],
            ["organisations.code"],
            name=op.f("fk_organisation_contacts_organisation_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_contacts")),
    )
    op.create_index(op.f("ix_organisation_contacts_organisation_code"), "organisation_contacts", ["organisation_code"])
    op.create_table(
        "status_checks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("case_reference", sa.String(length=40), nullable=True),
        sa.Column("matches", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_checks")),
    )
    op.create_index(op.f("ix_status_checks_actor_at"), "status_checks", ["actor", "at"])
    op.create_table(
        "status_check_debts",
        sa.Column("check_id", sa.String(length=32), nullable=False),
        sa.Column("debt_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["status_checks.id"], name=op.f("fk_status_check_debts_check_id")),
        sa.PrimaryKeyConstraint("check_id", "debt_id", name=op.f("pk_status_check_debts")),
    )
    op.create_index(op.f("ix_status_check_debts_debt_id"), "status_check_debts", ["debt_id"])
    op.create_index(op.f("ix_debts_date_of_birth_invoice_number"), "debts", ["date_of_birth", "invoice_number"])


def downgrade() -> None:
    op.drop_index(op.f("ix_debts_date_of_birth_invoice_number"), table_name="debts")
    op.drop_table("status_check_debts")
    op.drop_table("status_checks")
    op.drop_table("organisation_contacts")
