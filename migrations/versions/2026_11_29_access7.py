"""A second wall on PostgreSQL: a transaction that is bound to some organisations sees no other's rows, nor writes them."""

from alembic import op

revision = "2026_11_29_access7"
down_revision = "2026_11_29_answers6"
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
# Each in a query of its own, so that it is asked once for a statement and not once for a row.
UNBOUND = "(SELECT coalesce(current_setting('debtor_returns.scope', true), '')) = ''"
BOUND_TO = "(SELECT string_to_array(current_setting('debtor_returns.scope', true), ','))::text[]"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    own = dict.fromkeys(BY_COLUMN, f"organisation_code = ANY ({BOUND_TO})")
    parents = {
        table: f"EXISTS (SELECT 1 FROM {parent} WHERE {parent}.id = {table}.{column})"
        for table, (parent, column) in BY_PARENT.items()
    }
    for table, seen in (own | parents).items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY within_scope ON {table} USING ({UNBOUND} OR {seen})")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in (*BY_COLUMN, *BY_PARENT):
        op.execute(f"DROP POLICY within_scope ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
