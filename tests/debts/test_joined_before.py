"""Debtors that were joined before joins could be undone are one person after the migration, and after going back."""

from datetime import UTC, datetime

from sqlalchemy import text
from sqlmodel import select

from app.core import migrating
from app.core.db import Database
from app.debts import joins
from app.debts.match_models import DebtorJoin

BEFORE = "2026_11_27_search"


def test_old_joins_stand_as_exact_ones_and_lead_back_to_the_oldest(database: Database):
    migrating.downgrade(database, BEFORE)
    with database.writing() as db:
        for debtor, into in (("a", None), ("b", "a"), ("c", "b"), ("d", None)):
            values = {"id": debtor, "at": datetime(2026, 1, 1, tzinfo=UTC), "into": into}
            db.connection().execute(
                text("INSERT INTO debtors (id, created_at, joined_into) VALUES (:id, :at, :into)"), values
            )
    migrating.upgrade(database)
    with database.writing() as db:
        assert joins.persons(db, "abcd") == {"a": ["a", "b", "c"], "d": ["d"]}
        standing = [(one.older_id, one.younger_id, one.kind) for one in joins.standing(db, "abcd")]
        assert sorted(standing) == [("a", "b", "exact"), ("b", "c", "exact")]
        joins.part(db, db.exec(select(DebtorJoin).where(DebtorJoin.younger_id == "c")), "team", datetime.now(UTC))
        assert joins.persons(db, "abc") == {"a": ["a", "b"], "c": ["c"]}
    migrating.downgrade(database, BEFORE)
    with database.reading() as db:
        found = db.connection().execute(text("SELECT id, joined_into FROM debtors ORDER BY id")).all()
    assert [tuple(one) for one in found] == [("a", None), ("b", "a"), ("c", None), ("d", None)]
