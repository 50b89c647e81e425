"""What debts add up to, kept as they change, and indexes by which a register of a million is sorted and filtered."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_large8"
down_revision = "2026_11_29_api7"
branch_labels = None
depends_on = None

OPEN = "status IN ('arrangement', 'defaulted', 'outstanding')"
ACKNOWLEDGED = "acknowledged_at IS NOT NULL"
# On PostgreSQL they are made beside the work of the service, after this transaction (app/core/migrating.py).
INDEXES = (
    ("ix_audit_events_subject_type_id", "audit_events", ("subject_type", "id"), None, None),
    ("ix_debts_invoice_date", "debts", ("invoice_date",), None, None),
    ("ix_debts_amount_outstanding", "debts", ("amount_outstanding",), None, None),
    ("ix_debts_nationality_id", "debts", ("nationality", "id"), None, None),
    ("ix_debts_held", "debts", ("id",), "held IS 1", "held IS true"),
    ("ix_debts_unconfirmed", "debts", ("confirmed_on",), OPEN, OPEN),
    ("ix_open_rows_closed_reason_period", "open_rows", ("closed_reason", "period"), None, None),
    ("ix_returns_submitted_at", "returns", ("submitted_at",), None, None),
    ("ix_warnings_index_events_acknowledged", "warnings_index_events", ("acknowledged_at",), ACKNOWLEDGED, ACKNOWLEDGED),
)
WATCHED = ("organisation_code", "status", "held", "amount_outstanding")
LINE = "INSERT INTO sums_of_debts (organisation_code, status, held, number, pence) VALUES ({row}.organisation_code, {row}.status, {row}.held, {sign}1, {sign}{row}.amount_outstanding)"
GONE, COME = LINE.format(row="old", sign="-"), LINE.format(row="new", sign="")
AFRESH = (
    "INSERT INTO sums_of_debts (organisation_code, status, held, number, pence) "
    "SELECT organisation_code, status, held, count(*), sum(amount_outstanding) FROM debts GROUP BY 1, 2, 3"
)
OLD, NEW = (f"({', '.join(f'{row}.{name}' for name in WATCHED)})" for row in ("old", "new"))
SQLITE = (
    f"CREATE TRIGGER sums_of_debts_come AFTER INSERT ON debts BEGIN {COME}; END",
    f"CREATE TRIGGER sums_of_debts_changed AFTER UPDATE OF {', '.join(WATCHED)} ON debts WHEN {OLD} IS NOT {NEW} "
    f"BEGIN {GONE}; {COME}; END",
    f"CREATE TRIGGER sums_of_debts_gone AFTER DELETE ON debts BEGIN {GONE}; END",
)
# With the rights of the tables' owner: the second wall (app/core/wall.py) keeps the sums from those who are bound.
RIGHTS = "SECURITY DEFINER SET search_path FROM CURRENT"
POSTGRESQL = (
    f"CREATE FUNCTION sums_of_debts_kept() RETURNS trigger LANGUAGE plpgsql {RIGHTS} AS $$ BEGIN "
    f"IF TG_OP <> 'INSERT' THEN {GONE}; END IF; IF TG_OP <> 'DELETE' THEN {COME}; END IF; RETURN NULL; END $$",
    f"CREATE FUNCTION fold_sums_of_debts(codes text[]) RETURNS void LANGUAGE sql {RIGHTS} AS $$ "
    "WITH gone AS (DELETE FROM sums_of_debts WHERE organisation_code = ANY (codes) RETURNING *) "
    "INSERT INTO sums_of_debts (organisation_code, status, held, number, pence) "
    "SELECT organisation_code, status, held, sum(number), sum(pence) FROM gone GROUP BY 1, 2, 3 HAVING sum(number) <> 0 $$",
    "CREATE TRIGGER sums_of_debts_come AFTER INSERT OR DELETE ON debts "
    "FOR EACH ROW EXECUTE FUNCTION sums_of_debts_kept()",
    f"CREATE TRIGGER sums_of_debts_changed AFTER UPDATE OF {', '.join(WATCHED)} ON debts FOR EACH ROW "
    f"WHEN ({OLD} IS DISTINCT FROM {NEW}) EXECUTE FUNCTION sums_of_debts_kept()",
    "REVOKE ALL ON sums_of_debts FROM debtor_returns_bound",
)


def upgrade() -> None:
    op.create_table(
        "sums_of_debts",
        sa.Column("organisation_code", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    op.execute(AFRESH)
    if not op.get_context().config.attributes.get("beside"):
        for name, table, columns, sqlite, postgresql in INDEXES:
            where = {"sqlite_where": sa.text(sqlite), "postgresql_where": sa.text(postgresql)} if sqlite and postgresql else {}
            op.create_index(name, table, columns, **where)


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, *_ in INDEXES:
        op.drop_index(name, table, if_exists=True)
    for name in ("come", "changed", "gone") if is_sqlite else ("come", "changed"):
        op.execute(f"DROP TRIGGER sums_of_debts_{name}" + ("" if is_sqlite else " ON debts"))
    if not is_sqlite:
        op.execute("DROP FUNCTION sums_of_debts_kept()")
        op.execute("DROP FUNCTION fold_sums_of_debts(text[])")
    op.drop_table("sums_of_debts")
