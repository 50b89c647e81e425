"""How a database means to answer: the plan of every statement, in short, and whether it goes through a whole large table."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from app.core.db import Database

LARGE = ("debts", "debtors", "debt_events", "words_of_debts")
Statement = tuple[str, Any]


@contextmanager
def statements(database: Database) -> Iterator[list[Statement]]:
    """The SELECTs that are sent meanwhile, each text once, with their parameters."""
    seen: dict[str, Any] = {}

    def look(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")) and any(table in statement for table in LARGE):
            seen.setdefault(statement, parameters)

    found: list[Statement] = []
    event.listen(database.engine, "before_cursor_execute", look)
    try:
        yield found
    finally:
        event.remove(database.engine, "before_cursor_execute", look)
        found += seen.items()


def plan(database: Database, statement: Statement, settings: Sequence[str] = ()) -> list[str]:
    """One line for each step; `settings` are said to PostgreSQL before."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement[0]}", statement[1]).fetchall()
            return [row[3] for row in rows]
        for setting in settings:
            connection.exec_driver_sql(setting)
        root = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement[0]}", statement[1]).scalar_one()
    return list(_steps(root[0]["Plan"]))


def _steps(node: dict[str, Any]) -> Iterator[str]:
    what = " ".join(str(node[key]) for key in ("Relation Name", "Index Name") if key in node)
    yield f"{node['Node Type']} {what}".strip()
    for child in node.get("Plans", ()):
        yield from _steps(child)


def goes_through_all(steps: list[str]) -> list[str]:
    """The steps that read a large table from its beginning to its end."""
    return [
        step
        for step in steps
        if any(step == f"SCAN {table}" or step.endswith(f"Seq Scan {table}") for table in LARGE)
        or (step.startswith("SCAN") and "VIRTUAL" not in step and "INDEX" in step and step.split()[1] in LARGE)
    ]
