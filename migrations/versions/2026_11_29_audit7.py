"""Audit events are written once: triggers refuse to change or delete them, and seals make a chain of them."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_audit7"
down_revision = "2026_11_29_answers6"
branch_labels = None
depends_on = None

WRITTEN_ONCE = ("audit_events", "audit_seals")
ASKED_BY = ("actor", "action", "organisation_code")
NOT_DONE = sa.text("outcome <> 'done'")
REFUSE = """
    CREATE FUNCTION audit_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'The audit is written once: its rows are neither changed nor deleted.';
    END $$
"""


def upgrade() -> None:
    op.create_table(
        "audit_seals",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seals")),
    )
    op.create_index(op.f("ix_audit_seals_digest"), "audit_seals", ["digest"])
    for column in ASKED_BY:
        op.create_index(op.f(f"ix_audit_events_{column}_id"), "audit_events", [column, "id"])
    op.create_index(
        "ix_audit_events_not_done", "audit_events", ["id"], sqlite_where=NOT_DONE, postgresql_where=NOT_DONE
    )
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _guard_postgresql() -> None:
    op.execute(REFUSE)
    for table in WRITTEN_ONCE:
        for when, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            name = f"{table}_{'emptied' if each == 'STATEMENT' else 'rewritten'}"
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {each} EXECUTE FUNCTION audit_is_written_once()"
            )


def _guard_sqlite() -> None:
    """A row that is written under the id of another replaces it without a DELETE that a trigger could see."""
    refuse = "SELECT RAISE(ABORT, 'The audit is written once: its rows are neither changed nor deleted.')"
    for table in WRITTEN_ONCE:
        op.execute(f"CREATE TRIGGER {table}_changed BEFORE UPDATE ON {table} BEGIN {refuse}; END")
        op.execute(f"CREATE TRIGGER {table}_deleted BEFORE DELETE ON {table} BEGIN {refuse}; END")
        op.execute(
            f"CREATE TRIGGER {table}_replaced BEFORE INSERT ON {table} "  # our own tables  # nosec B608
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) BEGIN {refuse}; END"
        )


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in WRITTEN_ONCE:
        for what in ("rewritten", "emptied") if postgresql else ("changed", "deleted", "replaced"):
            op.execute(f"DROP TRIGGER {table}_{what}" + (f" ON {table}" if postgresql else ""))
    if postgresql:
        op.execute("DROP FUNCTION audit_is_written_once()")
    op.drop_index("ix_audit_events_not_done", table_name="audit_events")
    for column in ASKED_BY:
        op.drop_index(op.f(f"ix_audit_events_{column}_id"), table_name="audit_events")
    op.drop_index("ix_audit_seals_digest", table_name="audit_seals")
    op.drop_table("audit_seals")
