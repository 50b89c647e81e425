"""Whether the database keeps what it has said that it keeps, also when the power fails: asked once, at the start."""

from collections.abc import Mapping

from sqlalchemy import text

from app.core.db import Database, Session
from app.core.errors import Refused

# What PostgreSQL calls it, and what is lost without it.
NEEDED = {
    "fsync": "a power failure can destroy the whole register",
    "full_page_writes": "a power failure can destroy parts of the register",
    "synchronous_commit": "a return that was acknowledged can be lost when the server stops",
}


def check(database: Database) -> None:
    """Raises Refused for a database that may lose what was acknowledged, Unavailable when it does not answer."""
    with database.reading() as db:
        if said := faults(db):
            raise Refused(f"{' '.join(said)} Start the service again when that is done.")


def faults(db: Session) -> list[str]:
    """A sentence for each setting of PostgreSQL that is off. SQLite's files are opened in the right way by ourselves."""
    if db.get_bind().dialect.name != "postgresql":
        return []
    query = text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)")
    return in_words({name: setting for name, setting in db.connection().execute(query, {"names": list(NEEDED)})})


def in_words(found: Mapping[str, str]) -> list[str]:
    return [
        f"PostgreSQL runs with {name} = off, so {lost}: set {name} = on there."
        for name, lost in NEEDED.items()
        if found.get(name) == "off"
    ]
