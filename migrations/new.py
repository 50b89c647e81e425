"""Writes a new migration: what the models say and the migrations so far do not. `make migration MESSAGE="first tables"`."""

import re
import sys
import tempfile
from pathlib import Path

from alembic import command

from app.core import clock, migrating
from app.core.db import Database


def write(message: str) -> Path:
    """The file, named by day and message, such as 2026_11_22_first_tables.py."""
    slug = "_".join(re.findall(r"[a-z0-9]+", message.lower()))
    name = f"{clock.real_now():%Y_%m_%d}_{slug}"
    if not slug or len(name) > 32:
        raise SystemExit('Give a short message, at most 21 characters: make migration MESSAGE="first tables"')
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/empty.db")
        migrating.upgrade(database)
        with database.migrating() as connection:
            command.revision(migrating.configuration(connection), message.capitalize(), autogenerate=True, rev_id=name)
        database.close()
    return Path(__file__).parent / "versions" / f"{name}.py"


def tidy(file: Path) -> None:
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.strip().startswith("# ###")))


if __name__ == "__main__":
    tidy(write(" ".join(sys.argv[1:])))
