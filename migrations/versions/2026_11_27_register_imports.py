"""The register of the time before this service: which file was loaded, and which debts came with it."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_register_imports"
down_revision = "2026_11_27_feed_delivery"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register_imports",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("as_at", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("ruleset", sa.String(length=60), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_imports")),
        sa.UniqueConstraint("reference", name=op.f("uq_register_imports_reference")),
        sa.UniqueConstraint("sha256", name=op.f("uq_register_imports_sha256")),
    )
    op.create_table(
        "register_import_parts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("import_id", sa.String(length=32), nullable=False),
        sa.Column("first_debt_id", sa.String(length=32), nullable=False),
        sa.Column("last_debt_id", sa.String(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["register_imports.id"], name=op.f("fk_register_import_parts_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_import_parts")),
    )
    with op.batch_alter_table("register_import_parts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_register_import_parts_import_id"), ["import_id"], unique=False)

    with op.batch_alter_table("debt_events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("import_id", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_debt_events_import_id"), "register_imports", ["import_id"], ["id"])

    with op.batch_alter_table("debts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("import_id", sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_debts_import_id"), ["import_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_debts_import_id"), "register_imports", ["import_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("debts", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_debts_import_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_debts_import_id"))
        batch_op.drop_column("import_id")

    with op.batch_alter_table("debt_events", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_debt_events_import_id"), type_="foreignkey")
        batch_op.drop_column("import_id")

    with op.batch_alter_table("register_import_parts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_register_import_parts_import_id"))

    op.drop_table("register_import_parts")
    op.drop_table("register_imports")
