"""What a newer version's migrations need of versions that still serve, and indexes that are built while they do."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_many8"
down_revision = "2026_11_29_api7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contract_steps",
        sa.Column("revision", sa.String(length=32), nullable=False),
        sa.Column("needs", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_contract_steps")),
    )
    op.create_table(
        "indexes_to_build",
        sa.Column("name", sa.String(length=63), nullable=False),
        sa.Column("on_what", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_indexes_to_build")),
    )


def downgrade() -> None:
    op.drop_table("indexes_to_build")
    op.drop_table("contract_steps")
