"""What a database holds that a backup does not: told by its audit events, since whatever is done leaves one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, inspect
from sqlmodel import col, func, select

from app.audit.models import AuditAction, AuditEvent
from app.core.clock import UK
from app.core.errors import Conflict

# What changes nothing that a backup holds, or what a restored register does again by itself.
NO_NEWS = (AuditAction.BACKUP_TAKEN, AuditAction.RESTORED, AuditAction.PURGED)
WORK = ("users", "returns", "refused_uploads", "debts", "register_imports")
_NEWS = col(AuditEvent.action).not_in([action.value for action in NO_NEWS])
_ID, _AT = col(AuditEvent.id), col(AuditEvent.at)


@dataclass(frozen=True)
class Standing:
    """How many events that matter there are, with the newest of them."""

    events: int
    last_id: int
    last_at: datetime | None


def standing(connection: Connection) -> Standing | None:
    """None for a database with which nobody has worked yet."""
    there = set(inspect(connection).get_table_names())
    if "audit_events" not in there or not _is_worked_with(connection, [table for table in WORK if table in there]):
        return None
    if connection.dialect.name == "postgresql" and not connection.get_execution_options().get("for_reading"):
        connection.exec_driver_sql("LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE")  # nothing is done from here on
    return of(connection)


def of(connection: Connection, through: int | None = None) -> Standing:
    """Of all events, or of those with an id up to this."""
    query = select(func.count(), func.max(_ID)).where(_NEWS)
    if through is not None:
        query = query.where(through >= _ID)
    number, last = connection.execute(query).one()
    at = connection.execute(select(_AT).where(last == _ID)).scalar() if last else None
    return Standing(number, last or 0, at)


def refuse_newer(found: Standing | None, taken_at: datetime) -> None:
    """Raises Conflict (409) when something happened after the backup was taken."""
    if found is not None and found.last_at is not None and found.last_at > taken_at:
        raise Conflict(
            f"This database holds newer data than the backup: it was taken on {taken_at.astimezone(UK):%-d %B %Y at %H:%M} "
            f"and the database was last used on {found.last_at.astimezone(UK):%-d %B %Y at %H:%M}. Nothing was changed. "
            "Take a backup of it, then add --force to replace it."
        )


def refuse_used(before: Standing | None, now: Standing | None) -> None:
    """Raises Conflict (409) when somebody worked with the database while the backup was read."""
    if before != now:
        raise Conflict("The database was used meanwhile. Nothing was changed. Stop the service, then restore again.")


def refuse_others(found: Standing | None, restored: Connection) -> None:
    """Raises Conflict (409) when what was found is not the beginning of what the backup holds."""
    if found is not None and of(restored, found.last_id) != found:
        raise Conflict(
            "This database holds something that the backup does not: it is newer, or another register. Nothing was "
            "changed. Take a backup of it, then add --force to replace it."
        )


def _is_worked_with(connection: Connection, tables: Sequence[str]) -> bool:
    return any(connection.exec_driver_sql(f"SELECT 1 FROM {table} LIMIT 1").first() for table in tables)  # noqa: S608  # nosec B608
