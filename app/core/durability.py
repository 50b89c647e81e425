"""Whether the database keeps what it has said that it keeps, also when the power fails: asked once, at the start."""

from collections.abc import Iterator, Mapping

from sqlalchemy import text

from app.core.db import Database
from app.core.errors import Refused

# What PostgreSQL calls it, and what is lost without it.
NEEDED = {
    "fsync": "a power failure can destroy the whole register",
    "full_page_writes": "a power failure can destroy parts of the register",
    "synchronous_commit": "a return that was acknowledged can be lost when the server stops",
}


def check(database: Database) -> None:
    """Raises Refused for a PostgreSQL that may lose what was acknowledged, Unavailable when it does not answer. SQLite's
    files are opened in the right way by ourselves.
    """
    if database.is_sqlite:
        return
    with database.reading() as db:
        query = text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)")
        found = {name: setting for name, setting in db.connection().execute(query, {"names": list(NEEDED)})}
    if said := " ".join(faults(found)):
        raise Refused(f"{said} Start the service again when that is done.")


def faults(found: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each setting that is off."""
    for name, lost in NEEDED.items():
        if found.get(name) == "off":
            yield f"PostgreSQL runs with {name} = off, so {lost}: set {name} = on there."
