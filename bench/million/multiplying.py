"""A register many times as large as one that Python makes: PostgreSQL multiplies its rows by itself, each time other persons.

Digests are of the same shape but not those of the names: such a register is for asking, not for proving.
"""

from collections.abc import Iterable
from typing import Any

from bench.million.shapes import SHAPES

BLOCK = 1_000_000  # debts that Python makes
TABLES = (
    "debtors", "likeness_keys", "debts", "debt_events", "holds", "warnings_index_events", "words_of_debts",
)  # fmt: skip
_IDS = {"id", "debt_id", "debtor_id", "root_id"}


def multiply(cursor: Any, times: int) -> None:
    """Adds every debt with what belongs to it `times - 1` times more, at the same organisations and in the same returns."""
    if times == 1:
        return
    for table in TABLES:
        cursor.execute(f"CREATE TEMPORARY TABLE first_{table} AS TABLE {table}")
    for number in range(1, times):
        for table in TABLES:
            columns = SHAPES[table].columns
            values = ", ".join(_values(table, columns, number))
            cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM first_{table}")


def _values(table: str, columns: Iterable[str], number: int) -> Iterable[str]:
    """Where an id says that it is a UUIDv7, the others say something else: unlike any before, in the same order of time."""
    mark, letter = f"{number:02x}", chr(96 + number)
    for column in columns:
        if table == "warnings_index_events" and column == "id":
            yield f"id + {number} * (SELECT count(*) FROM first_{table})"
        elif column in _IDS:
            yield f"overlay({column} placing '{(7 + number) % 16:x}' from 13 for 1)"
        elif column in {"reference", "invoice_number", "invoice_fold"}:
            yield f"{column} || '{letter}'"
        elif column in {"name_match", "passport_match"}:
            yield f"left(md5({column} || '{mark}'), 24)"
        elif column in {"date_of_birth"}:
            yield f"date_of_birth + {number * 37}"
        elif column == "key":
            yield f"(key * 31 + {number}) % 4294967296"
        elif column == "words":
            yield (
                "CAST(regexp_replace(CAST(words AS text), '''(nd[^'']*|[^''=]*[0-9]{5}[^'']*)''', "
                f"'''\\1{letter}''', 'g') AS tsvector)"
            )
        else:
            yield column
