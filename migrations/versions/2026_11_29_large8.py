"""What debts add up to, kept as they change, and indexes by which a register of a million is sorted and filtered."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_large8"
down_revision = "2026_11_29_lookalikes8"
branch_labels = None
depends_on = None
needs = "2026_11_29_api7"  # its triggers keep the sums whoever writes: the versions before serve with it too

OPEN = "status IN ('arrangement', 'defaulted', 'outstanding')"
beside = {
    "ix_audit_events_subject_type_id": "audit_events (subject_type, id)",
    "ix_debts_invoice_date": "debts (invoice_date)",
    "ix_debts_amount_outstanding": "debts (amount_outstanding)",
    "ix_debts_nationality_id": "debts (nationality, id)",
    "ix_debts_held": "debts (id) WHERE held IS true",
    "ix_debts_unconfirmed": f"debts (confirmed_on) WHERE {OPEN}",
    "ix_open_rows_closed_reason_period": "open_rows (closed_reason, period)",
    "ix_returns_submitted_at": "returns (submitted_at)",
    "ix_warnings_index_events_acknowledged": "warnings_index_events (acknowledged_at) WHERE acknowledged_at IS NOT NULL",
}
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
    f"CREATE FUNCTION fold_sums_of_debts(codes text[]) RETURNS void LANGUAGE sql {RIGHTS} AS $$ "  # nosec B608 - our own words
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


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, on_what in beside.items():
        op.drop_index(name, on_what.split(maxsplit=1)[0], if_exists=True)
    for name in ("come", "changed", "gone") if is_sqlite else ("come", "changed"):
        op.execute(f"DROP TRIGGER sums_of_debts_{name}" + ("" if is_sqlite else " ON debts"))
    if not is_sqlite:
        op.execute("DROP FUNCTION sums_of_debts_kept()")
        op.execute("DROP FUNCTION fold_sums_of_debts(text[])")
    op.drop_table("sums_of_debts")
