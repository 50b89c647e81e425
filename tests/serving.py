"""The service as the tests ask it: put together once for each database, since its routes are laid out at the first call."""

from fastapi import FastAPI

from app.core.db import Database
from app.main import create_app
from app.settings import get_settings

_kept: dict[bool, FastAPI] = {}


def service(database: Database) -> FastAPI:
    """The service on this database with the settings as they are now."""
    kept = _kept.get(database.is_sqlite)
    if kept is None or kept.state.database is not database or kept.state.settings != get_settings():
        kept = _kept[database.is_sqlite] = create_app(database=database)
    return kept
