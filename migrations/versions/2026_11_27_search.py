"""The words by which debts are found, in the database's own full-text index, and indexes for a register of a million."""

import sqlalchemy as sa
from alembic import op

from app.debts.rules.words import SEARCHED, words_of

revision = "2026_11_27_search"
down_revision = "2026_11_27_disputes"
branch_labels = None
depends_on = None

# Words come folded and parted by blanks: the tokenizer has nothing left to decide. Only whether a word stands in a debt
# is asked, never where or how often.
SQLITE = (
    "CREATE VIRTUAL TABLE words_of_debts USING fts5 "
    "(words, debt_id UNINDEXED, tokenize = \"ascii tokenchars '='\", detail = none, columnsize = 0)",
    "CREATE TRIGGER words_of_debts_forgotten AFTER DELETE ON debts BEGIN "
    "DELETE FROM words_of_debts WHERE rowid IN (SELECT rowid FROM words_of_debts "
    "WHERE words_of_debts MATCH '\"' || lower(replace(old.reference, '-', '')) || '\"' AND debt_id = old.id); END",
)
POSTGRESQL = (
    "CREATE TABLE words_of_debts (debt_id varchar(32) PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE INDEX ix_words_of_debts_words ON words_of_debts USING gin (words)",
    "CREATE FUNCTION words_of_debts_forgotten() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN DELETE FROM words_of_debts WHERE debt_id = old.id; RETURN NULL; END $$",
    "CREATE TRIGGER words_of_debts_forgotten AFTER DELETE ON debts "
    "FOR EACH ROW EXECUTE FUNCTION words_of_debts_forgotten()",
)
INSERT = {
    "sqlite": "INSERT INTO words_of_debts (debt_id, words) VALUES (:debt_id, :words)",
    "postgresql": "INSERT INTO words_of_debts (debt_id, words) VALUES (:debt_id, CAST(:words AS tsvector))",
}


INDEXES = (("organisation_code", "id"), ("debtor_id", "status", "amount_outstanding"), ("first_return_id",))


def upgrade() -> None:
    for columns in INDEXES:
        op.create_index(op.f(f"ix_debts_{'_'.join(columns)}"), "debts", columns)
    op.drop_index(op.f("ix_debts_debtor_id"), "debts")
    connection = op.get_bind()
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.exec_driver_sql(statement)
    insert = sa.text(INSERT[connection.dialect.name])
    debts = connection.execute(sa.text(f"SELECT id, {', '.join(SEARCHED)} FROM debts ORDER BY id"))  # names of our own columns  # nosec B608
    for some in debts.partitions(10_000):
        connection.execute(insert, [{"debt_id": id_, "words": words_of(*values)} for id_, *values in some])


def downgrade() -> None:
    op.create_index(op.f("ix_debts_debtor_id"), "debts", ["debtor_id"])
    for columns in INDEXES:
        op.drop_index(op.f(f"ix_debts_{'_'.join(columns)}"), "debts")
    connection = op.get_bind()
    connection.exec_driver_sql(
        "DROP TRIGGER words_of_debts_forgotten" + ("" if connection.dialect.name == "sqlite" else " ON debts")
    )
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION words_of_debts_forgotten()")
    connection.exec_driver_sql("DROP TABLE words_of_debts")
