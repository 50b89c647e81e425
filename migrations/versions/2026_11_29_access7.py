"""A second wall on PostgreSQL: a transaction that is bound to some organisations sees no other's rows, nor writes them."""

from alembic import op

revision = "2026_11_29_access7"
down_revision = "2026_11_29_signin7"
branch_labels = None
depends_on = None

BY_COLUMN = (
    "contact_log",
    "debts",
    "disputes",
    "excusals",
    "open_rows",
    "organisation_contacts",
    "purged_debts",
    "refused_uploads",
    "release_lines",
    "reminders",
    "returns",
    "waiting_checks",
    "warnings_index_events",
)
BY_PARENT = {
    "corrections_told": ("debts", "debt_id"),
    "debt_events": ("debts", "debt_id"),
    "holds": ("debts", "debt_id"),
    "return_parts": ("returns", "return_id"),
    "rule_counts": ("returns", "return_id"),
}
# In a query of its own, so that it is asked once for a statement and not once for a row.
SCOPE = "(SELECT string_to_array(current_setting('debtor_returns.scope', true), ','))::text[]"
# A role is of the whole server: another database of this service may have made it already.
ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'debtor_returns_bound') THEN
        BEGIN
            CREATE ROLE debtor_returns_bound NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END IF;
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        BEGIN
            EXECUTE format('GRANT debtor_returns_bound TO %I', current_user);
        EXCEPTION WHEN insufficient_privilege THEN
            IF NOT pg_has_role(current_user, 'debtor_returns_bound', 'MEMBER') THEN RAISE; END IF;
        END;
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO debtor_returns_bound', current_schema());
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO debtor_returns_bound',
        current_schema());
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %I TO debtor_returns_bound', current_schema());
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES '
        'TO debtor_returns_bound', current_schema());
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE, SELECT ON SEQUENCES TO debtor_returns_bound',
        current_schema());
END $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(ROLE)
    own = dict.fromkeys(BY_COLUMN, f"organisation_code = ANY ({SCOPE})")
    parents = {
        table: f"EXISTS (SELECT 1 FROM {parent} WHERE {parent}.id = {table}.{column})"
        for table, (parent, column) in BY_PARENT.items()
    }
    for table, seen in (own | parents).items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY within_scope ON {table} TO debtor_returns_bound USING ({seen})")


def downgrade() -> None:
    """The role itself stays: another database of the server may need it."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in (*BY_COLUMN, *BY_PARENT):
        op.execute(f"DROP POLICY within_scope ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute("DROP OWNED BY debtor_returns_bound")
