"""Joins that can be undone, possible matches, and the keys by which persons alike are found."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_matching"
down_revision = "2026_11_27_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "debtor_joins",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("older_id", sa.String(length=32), nullable=False),
        sa.Column("younger_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parted_by", sa.String(length=40), nullable=True),
        sa.Column("parted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["older_id"], ["debtors.id"], name=op.f("fk_debtor_joins_older_id")),
        sa.ForeignKeyConstraint(["younger_id"], ["debtors.id"], name=op.f("fk_debtor_joins_younger_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debtor_joins")),
    )
    op.create_index(op.f("ix_debtor_joins_older_id"), "debtor_joins", ["older_id"])
    op.create_index(op.f("ix_debtor_joins_younger_id"), "debtor_joins", ["younger_id"])
    op.create_table(
        "possible_matches",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("older_id", sa.String(length=32), nullable=False),
        sa.Column("younger_id", sa.String(length=32), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["older_id"], ["debtors.id"], name=op.f("fk_possible_matches_older_id")),
        sa.ForeignKeyConstraint(["younger_id"], ["debtors.id"], name=op.f("fk_possible_matches_younger_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_possible_matches")),
        sa.UniqueConstraint("older_id", "younger_id", name=op.f("uq_possible_matches_older_id_younger_id")),
    )
    op.create_index(op.f("ix_possible_matches_younger_id"), "possible_matches", ["younger_id"])
    op.create_index(op.f("ix_possible_matches_state_score"), "possible_matches", ["state", "score"])
    op.create_table(
        "likeness_keys",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("debtor_id", sa.String(length=32), nullable=False),
        sa.Column("born", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likeness_keys")),
    )
    op.create_index(op.f("ix_likeness_keys_key"), "likeness_keys", ["key"])
    _give_roots()
    # Every debt that is there already waits to be compared: the first posting after this migration takes them up.
    op.add_column("debts", sa.Column("to_compare", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index(
        "ix_debts_to_compare",
        "debts",
        ["id"],
        sqlite_where=sa.text("to_compare = 1"),
        postgresql_where=sa.text("to_compare"),
    )


def _give_roots() -> None:
    """A join so far moved the younger's debts to the older; it stands on as an exact one."""
    op.add_column("debtors", sa.Column("root_id", sa.String(length=32), nullable=True))
    op.execute("UPDATE debtors SET root_id = id")
    with op.batch_alter_table("debtors", schema=None) as batch_op:
        batch_op.alter_column("root_id", existing_type=sa.String(length=32), nullable=False)
        batch_op.create_foreign_key(batch_op.f("fk_debtors_root_id"), "debtors", ["root_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_debtors_root_id"), ["root_id"], unique=False)
    connection = op.get_bind()
    debtors = sa.table(
        "debtors", sa.column("id"), sa.column("joined_into"), sa.column("created_at"), sa.column("root_id")
    )
    query = sa.select(debtors.c.id, debtors.c.joined_into, debtors.c.created_at).where(
        debtors.c.joined_into.is_not(None)
    )
    joined = list(connection.execute(query))
    into = {row.id: row.joined_into for row in joined}
    for row in joined:
        root = row.id
        while root in into:
            root = into[root]
        connection.execute(debtors.update().where(debtors.c.id == row.id).values(root_id=root))
        names = ("id", "older_id", "younger_id", "kind", "made_by", "made_at")
        values = (uuid4().hex, row.joined_into, row.id, "exact", "service", row.created_at)
        connection.execute(sa.table("debtor_joins", *map(sa.column, names)).insert().values(dict(zip(names, values))))


def downgrade() -> None:
    op.execute("UPDATE debts SET debtor_id = (SELECT root_id FROM debtors WHERE debtors.id = debts.debtor_id)")
    op.execute("UPDATE debtors SET joined_into = CASE WHEN root_id = id THEN NULL ELSE root_id END")
    op.drop_index("ix_debts_to_compare", table_name="debts")
    op.drop_column("debts", "to_compare")
    with op.batch_alter_table("debtors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_debtors_root_id"))
        batch_op.drop_constraint(batch_op.f("fk_debtors_root_id"), type_="foreignkey")
        batch_op.drop_column("root_id")
    op.drop_table("likeness_keys")
    op.drop_table("possible_matches")
    op.drop_table("debtor_joins")
