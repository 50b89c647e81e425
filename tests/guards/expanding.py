"""What a migration may do while the version before it still serves: add, and hold up nobody. docs/decisions/0044 says why."""

import re
from collections.abc import Container, Iterable

TABLE = r'(?:ONLY )?"?(\w+)"?'
CREATES = re.compile(rf"CREATE TABLE (?:IF NOT EXISTS )?{TABLE}")
INDEXES = re.compile(rf"CREATE (?:UNIQUE )?INDEX (\S+) ON {TABLE}")
ADDS = re.compile(rf"ALTER TABLE {TABLE} ADD COLUMN (.+)$")
TOUCHES = re.compile(
    rf"(?:ALTER TABLE|INSERT INTO|UPDATE|DELETE FROM|DROP TABLE|COMMENT ON TABLE|(?:CREATE (?:POLICY|TRIGGER) .*?|GRANT .*?) ON) {TABLE}"
)
HARMLESS = re.compile(r"SELECT |SET LOCAL |CREATE FUNCTION |INSERT INTO |(?:UPDATE|DELETE FROM) alembic_version\b")
CONSTANT = re.compile(r"DEFAULT (?:'[^']*'|-?\d+|true|false|NULL)(?:::[\w ]+)?(?= |$)", re.IGNORECASE)
CHANGES_ROWS = re.compile(r"\b(?:UPDATE|DELETE FROM)\b|\b(?:update|delete)\(")
HOLDS_UP = re.compile(r"\b(?:UNIQUE|CHECK|REFERENCES|PRIMARY KEY|GENERATED|CONSTRAINT)\b")


def faults(statements: Iterable[str], beside: Container[str] = ()) -> list[str]:
    """Why the version before could not serve beside these statements of one migration, or would have to wait for them.
    Indexes in `beside` are built when nobody waits for them.
    """
    new: set[str] = set()
    found: list[str] = []
    for statement in (" ".join(each.split()) for each in statements):
        if made := CREATES.match(statement):
            new.add(made[1])
        elif (touched := TOUCHES.match(statement)) and touched[1] in new:
            continue
        elif index := INDEXES.match(statement):
            if index[2] not in new and index[1] not in beside:
                found.append(f"{statement}: put an index of a table that was there into `beside`.")
        elif column := ADDS.match(statement):
            found += [f"{statement}: {fault}" for fault in _of_column(column[2])]
        elif not HARMLESS.match(statement):
            found.append(f"{statement}: say in `needs` which revision a version must know that serves with this.")
    return found


def changes_rows(source: str) -> bool:
    return CHANGES_ROWS.search(source) is not None


def _of_column(words: str) -> list[str]:
    found = []
    if "NOT NULL" in words and "DEFAULT" not in words:
        found.append("the version before writes rows without this column: it must be nullable or have a default.")
    if "DEFAULT" in words and not CONSTANT.search(words):
        found.append("a default that is not a constant writes the whole table anew.")
    if HOLDS_UP.search(words):
        found.append("a constraint reads the whole table while others wait: add it in a later step, with `needs`.")
    return found
