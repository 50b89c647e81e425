"""An index of the few lines of releases that a recipient rejected: each release that is prepared asks what goes again."""

from alembic import op

revision = "2026_11_29_rejected9"
down_revision = "2026_11_29_rows9"
branch_labels = None
depends_on = None

beside = {"ix_release_lines_rejected": "release_lines (debt_id) WHERE result = 'rejected'"}


def upgrade() -> None:
    """Nothing else."""


def downgrade() -> None:
    for name, on_what in beside.items():
        op.drop_index(name, on_what.split(maxsplit=1)[0], if_exists=True)
