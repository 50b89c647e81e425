"""What Alembic runs a migration in: the connection that app/core/migrating.py hands over, and the tables of the models."""

from typing import Any, Literal

from alembic import context
from sqlmodel.sql.sqltypes import AutoString

from app.core.db import Instant
from app.core.migrating import COMPARISON, note_step
from app.tables import metadata


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Our own types in SQLAlchemy's words, so that an old migration never depends on today's code."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=render,
    on_version_apply=note_step,
    **COMPARISON,
)
context.run_migrations()
