"""An index of the few debts below the threshold: each upload asks which of a trust's persons have one."""

from alembic import op

revision = "2026_11_29_threshold8"
down_revision = "2026_11_29_large8"
branch_labels = None
depends_on = None

beside = {"ix_debts_below_threshold": "debts (organisation_code) WHERE below_threshold IS true"}


def upgrade() -> None:
    """Nothing else."""


def downgrade() -> None:
    for name, on_what in beside.items():
        op.drop_index(name, on_what.split(maxsplit=1)[0], if_exists=True)
