"""What releases said of persons has its time: when a line was forgotten, when a file was deleted."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_purge6"
down_revision = "2026_11_28_releases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("release_lines", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("release_files", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("release_files", "deleted_at")
    op.drop_column("release_lines", "forgotten_at")
