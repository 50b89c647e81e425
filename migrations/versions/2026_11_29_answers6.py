"""Answers that replace earlier ones, rows that know which release they came back from, and flags from before that ended."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_answers6"
down_revision = "2026_11_29_purge6"
branch_labels = None
depends_on = None

# Of the rows that stand: the newest release before them in which the debt of that number was rejected.
_KNOWN = """
UPDATE open_rows SET origin_id = (
    SELECT r.id FROM releases r
    JOIN release_lines l ON l.release_id = r.id
    JOIN debts d ON d.id = l.debt_id
    WHERE d.organisation_code = open_rows.organisation_code AND d.invoice_number = open_rows.invoice_number
    AND l.result = 'rejected' AND r.released_at <= open_rows.opened_at
    ORDER BY r.number DESC LIMIT 1
) WHERE origin = 'acknowledgement'
"""


def upgrade() -> None:
    op.create_table(
        "imported_flags_ended",
        sa.Column("recipient_key", sa.String(length=200), nullable=False),
        sa.Column("debt_id", sa.String(length=32), nullable=False),
        sa.Column("release_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name=op.f("fk_imported_flags_ended_release_id")),
        sa.PrimaryKeyConstraint("recipient_key", "debt_id", name=op.f("pk_imported_flags_ended")),
    )
    op.create_table(
        "release_answers_replaced",
        sa.Column("acknowledgement_id", sa.String(length=32), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("was", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["acknowledgement_id"],
            ["release_acknowledgements.id"],
            name=op.f("fk_release_answers_replaced_acknowledgement_id"),
        ),
        sa.PrimaryKeyConstraint("acknowledgement_id", "line", name=op.f("pk_release_answers_replaced")),
    )
    op.add_column("release_acknowledgements", sa.Column("replaced", sa.Integer(), server_default="0", nullable=False))
    op.add_column("open_rows", sa.Column("origin_id", sa.String(length=32), nullable=True))
    op.execute(_KNOWN)


def downgrade() -> None:
    with op.batch_alter_table("open_rows") as open_rows:
        open_rows.drop_column("origin_id")
    with op.batch_alter_table("release_acknowledgements") as acknowledgements:
        acknowledgements.drop_column("replaced")
    op.drop_table("release_answers_replaced")
    op.drop_table("imported_flags_ended")
