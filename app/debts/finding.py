"""The index of words by which debts are found: FTS5 on SQLite, GIN on PostgreSQL. Kept right here, whoever writes a debt.

Its table stands in the migrations only, which also forget the words of a debt that is deleted. What it holds follows
from `debts`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    SQLColumnExpression,
    String,
    cast,
    column,
    false,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import Session

from app.core.db import among_found
from app.debts.rules.words import SEARCHED, Word, organisation_word, typed, words_of

_INDEX = table("words_of_debts", column("debt_id", String), column("words", String), column("rowid"))
_DEBTS = table("debts", column("id", String), *(column(key, String) for key in SEARCHED))
_VALUES = itemgetter(*SEARCHED)
_AT_ONCE = 20_000

_INSERT_PG = text(
    "INSERT INTO words_of_debts (debt_id, words) SELECT id, CAST(words AS tsvector) "
    "FROM unnest(CAST(:ids AS text[]), CAST(:words AS text[])) AS stated (id, words) "
    "ON CONFLICT (debt_id) DO UPDATE SET words = EXCLUDED.words"
)
_INSERT = "INSERT INTO words_of_debts (debt_id, words) VALUES (?, ?)"
# Its reference is a word of every debt: only so is it found in the index, which is searched by nothing but words.
_UPDATE = (
    "UPDATE words_of_debts SET words = ? WHERE rowid IN "
    "(SELECT rowid FROM words_of_debts WHERE words_of_debts MATCH ? AND debt_id = ?)"
)


def note(connection: Connection, debts: Sequence[Mapping[str, Any]]) -> None:
    """The words of debts that are new; each has its `id` and the searched values."""
    note_columns(connection, {key: [debt[key] for debt in debts] for key in ("id", *SEARCHED)})


def note_columns(connection: Connection, debts: Mapping[str, Sequence[Any]]) -> None:
    """The same of debts that are given column by column."""
    words = map(words_of, *(debts[key] for key in SEARCHED))
    if connection.dialect.name == "postgresql":
        connection.execute(_INSERT_PG, {"ids": list(debts["id"]), "words": list(words)})
    else:
        connection.exec_driver_sql(_INSERT, list(zip(debts["id"], words, strict=True)))


def renew(connection: Connection, debt_ids: Collection[str]) -> None:
    """The words of debts that are there already, from what the register now holds of them."""
    changed = list(debt_ids)
    for start in range(0, len(changed), 500):
        some = changed[start : start + 500]
        debts = _read(connection, select(_DEBTS).where(_DEBTS.c.id.in_(some)))
        if debts and connection.dialect.name == "postgresql":
            note(connection, debts)
        for debt in debts if connection.dialect.name == "sqlite" else ():
            mine = f'"{debt["reference"].replace("-", "").lower()}"'
            done = connection.exec_driver_sql(_UPDATE, (words_of(*_VALUES(debt)), mine, debt["id"]))
            if not done.rowcount:
                note(connection, [debt])


def rebuild(connection: Connection) -> int:
    """Makes the whole index anew and gives the number of debts in it."""
    connection.execute(_INDEX.delete())
    count, last = 0, ""
    while debts := _read(connection, _next(last)):
        note(connection, debts)
        count, last = count + len(debts), debts[-1]["id"]
    return count


def _read(connection: Connection, query: Select[Any]) -> list[dict[str, Any]]:
    return [dict(debt) for debt in connection.execute(query).mappings()]


def _next(last: str) -> Select[Any]:
    return select(_DEBTS).where(_DEBTS.c.id > last).order_by(_DEBTS.c.id).limit(_AT_ONCE)


def found(db: Session, debt_id: SQLColumnExpression[str], q: str, codes: Iterable[str] | None) -> ColumnElement[bool]:
    """Whether a debt has every typed word, or one that begins with it. `codes` narrow it to organisations, which costs
    nothing here.
    """
    query = _matching(db, q, codes)
    return false() if query is None else among_found(db, debt_id, query)


def newest(db: Session, q: str, codes: Iterable[str] | None, limit: int) -> list[str]:
    """The ids of so many debts that match, those reported last first."""
    query = _matching(db, q, codes)
    if query is None:
        return []
    last_first = _INDEX.c.rowid if _is_sqlite(db) else _INDEX.c.debt_id
    return list(db.execute(query.order_by(last_first.desc()).limit(limit)).scalars())


def after(db: Session, q: str, codes: Iterable[str] | None, debt_id: str, limit: int) -> list[str]:
    """The ids of so many debts that match, oldest first, beginning behind this one."""
    query = _matching(db, q, codes)
    if query is None:
        return []
    query = query.where(_INDEX.c.debt_id > debt_id).order_by(_INDEX.c.debt_id).limit(limit)
    return list(db.execute(query).scalars())


def _matching(db: Session, q: str, codes: Iterable[str] | None) -> Select[Any] | None:
    words = typed(q)
    if words is None:
        return None
    scope = None if codes is None else [organisation_word(code) for code in codes]
    if scope is not None and not scope:
        return None
    query = select(_INDEX.c.debt_id)
    if _is_sqlite(db):
        asked = _all_of(words, scope, '"{}"', '"{}"*', " AND ", " OR ")
        return query.where(literal_column("words_of_debts").op("MATCH")(literal(asked)))
    asked = _all_of(words, scope, "'{}'", "'{}':*", " & ", " | ")
    return query.where(_INDEX.c.words.op("@@")(cast(literal(asked), TSQUERY)))


def _all_of(words: Sequence[Word], scope: Iterable[str] | None, whole: str, begun: str, and_: str, or_: str) -> str:
    """The question in a database's own language. Words hold letters, digits and `=` only, so nothing has to be escaped."""
    asked = [f"({or_.join(_ways(word, whole, begun, and_))})" for word in words]
    if scope is not None:
        asked.append(f"({or_.join(whole.format(code) for code in scope)})")
    return and_.join(asked)


def _ways(word: Word, whole: str, begun: str, and_: str) -> Iterable[str]:
    *first, last = word.parts
    ending = begun if word.may_go_on else whole
    yield f"({and_.join((*(whole.format(part) for part in first), ending.format(last)))})"
    if word.together is not None:
        yield begun.format(word.together)


def _is_sqlite(db: Session) -> bool:
    return db.get_bind().dialect.name == "sqlite"
