"""What the database says about safety. A new check is one function and its line in CHECKS."""

import stat
from datetime import timedelta
from pathlib import Path

from sqlalchemy import make_url, text
from sqlmodel import Session, col, func, select

from app.accounts.models import RoleGrant, User
from app.accounts.permissions import Role
from app.core import clock, durability, rounds, wall
from app.settings import Settings
from app.upkeep.check import DatabaseCheck, Told, decide, safe, unsafe

SKEW = timedelta(seconds=10)  # one-time codes live for thirty seconds
OWN_MACHINE = ("", "localhost", "127.0.0.1", "::1")

NO_WALL = (
    f"The database has no role {wall.ROLE} that this service may take, so whatever trusts ask will fail. Make the role "
    "before a database is restored on another server: docs/decisions/0037-two-walls.md says how."
)


def kind(_settings: Settings, db: Session) -> Told:
    if _is_postgresql(db):
        return safe("The register lives in PostgreSQL.")
    return decide("The register lives in an SQLite file: good for one machine and few people at once.")


def durable(_settings: Settings, db: Session) -> Told:
    """With one of these off, a power cut can lose or tear what was acknowledged."""
    if said := durability.faults(db):
        return unsafe(" ".join(said))
    return safe("What is acknowledged is on the disk.")


def second_wall(_settings: Settings, db: Session) -> Told:
    if not _is_postgresql(db):
        return safe("SQLite has no second wall around each organisation's rows: the service's own tests stand alone.")
    if wall.can_be_bound(db):
        return safe("PostgreSQL itself keeps people to the rows of their own organisations.")
    return unsafe(NO_WALL)


def rights(_settings: Settings, db: Session) -> Told:
    if not _is_postgresql(db):
        return safe("SQLite has no accounts: the rights of its file count.")
    if _asked(db, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        return decide(
            "The service uses PostgreSQL as its superuser. Give it an account that owns its own database only."
        )
    return safe("The service's account at PostgreSQL is an ordinary one.")


def connection(settings: Settings, db: Session) -> Told:
    address = make_url(settings.database_url)
    if not _is_postgresql(db):
        return _file(Path(address.database or ""))
    host = str(address.host or address.query.get("host", ""))
    if host in OWN_MACHINE or host.startswith("/"):
        return safe("The way to the database does not leave this machine.")
    if _asked(db, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"):
        return safe("The connection to the database is encrypted.")
    return decide(
        "The connection to PostgreSQL is in plain text. Unless both stand in one closed network, put "
        "?sslmode=verify-full behind the database's address."
    )


def _file(file: Path) -> Told:
    if file.exists() and file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH | stat.S_IWGRP | stat.S_IWOTH):
        return decide(
            "The database's file can be opened by other accounts of this machine. Take that right away (chmod 600)."
        )
    return safe("The database's file can be opened by the service's own account only.")


def clocks(_settings: Settings, db: Session) -> Told:
    if not _is_postgresql(db):
        return safe("Service and database have one clock.")
    there = _asked(db, "SELECT extract(epoch FROM clock_timestamp())")
    apart = timedelta(seconds=abs(clock.real_now().timestamp() - float(str(there))))
    if apart > SKEW:
        return decide(
            f"The clocks of service and database are {apart.total_seconds():.0f} seconds apart. Let both follow one."
        )
    return safe("The clocks of service and database agree.")


def administrators(_settings: Settings, db: Session) -> Told:
    admins = select(func.count(func.distinct(User.id))).join(RoleGrant, col(RoleGrant.user_id) == User.id)
    number = db.exec(admins.where(RoleGrant.role == Role.ADMIN, col(User.disabled_at).is_(None))).one()
    if number >= 2:
        return safe(f"{number} administrators have an account.")
    return decide(
        f"{'Only one administrator has' if number else 'No administrator has'} an account: two stand in for each other."
    )


def worker(_settings: Settings, db: Session) -> Told:
    said = rounds.none_runs(db)
    return decide(said) if said else safe("The worker runs.")


CHECKS: tuple[DatabaseCheck, ...] = (
    DatabaseCheck("Database", kind),
    DatabaseCheck("Durability", durable),
    DatabaseCheck("Second wall", second_wall),
    DatabaseCheck("Rights at the database", rights),
    DatabaseCheck("Way to the database", connection),
    DatabaseCheck("Clocks", clocks),
    DatabaseCheck("Administrators", administrators),
    DatabaseCheck("Worker", worker),
)


def _is_postgresql(db: Session) -> bool:
    return db.get_bind().dialect.name == "postgresql"


def _asked(db: Session, question: str) -> object:
    return db.connection().execute(text(question)).scalar()
