"""A database's own errors in words for the user. Never their text: a database quotes the row it stumbled over."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from app.core.errors import Blocked, Conflict, Refused, ServiceError, Unavailable

UNIQUE = frozenset({"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"})
# What passes by itself or is mended by the people who run the machine: connection, resources, locks, read-only, disk.
PASSING_PG = ("08", "25006", "40", "53", "55", "57", "58")
OTHERS_WRITE = "Others are changing things just now. Nothing was changed: try again in a moment."
PASSING_SQLITE = (
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_FULL",
    "SQLITE_READONLY",
    "SQLITE_IOERR",
    "SQLITE_CANTOPEN",
    "SQLITE_NOTADB",
    "SQLITE_CORRUPT",
    "SQLITE_NOMEM",
    "SQLITE_INTERRUPT",
)


class OutcomeUnknown(Unavailable):
    """The answer to COMMIT was lost. Whoever repeats an upload or a change of status gets what there is by then."""

    def __init__(self) -> None:
        super().__init__(
            "The database was lost at the last moment, so it is not known whether this was kept. Look whether it is there "
            "before you repeat it. The same file can be sent again: it is taken once only."
        )


def code_of(error: DBAPIError) -> str:
    """SQLSTATE on PostgreSQL, SQLite's own name for the error there, else empty."""
    return getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None) or ""


def in_words(error: SQLAlchemyError) -> ServiceError | None:
    """What to tell the user; None for an error that is a fault of ours."""
    if isinstance(error, NoConnectionFree):
        return Unavailable("The service is very busy just now. Nothing was changed: try again in a moment.")
    if not isinstance(error, DBAPIError):
        return None
    code = code_of(error)
    if code == "55P03" or code.startswith("SQLITE_BUSY"):
        return Unavailable(OTHERS_WRITE) if code == "55P03" else Blocked(OTHERS_WRITE)
    if code == "42P01" or "no such table" in str(error.orig):
        return Unavailable("The database has not been prepared yet. Run: debtor-returns migrate")
    if isinstance(error, IntegrityError):
        return _twice(code)
    if isinstance(error, DataError):
        return Refused("Something that was sent cannot be stored as text, a number or a date. Check what you entered.")
    passing = code.startswith((*PASSING_PG, *PASSING_SQLITE))
    cut_off = error.connection_invalidated or not code
    if passing or (isinstance(error, OperationalError | InterfaceError) and cut_off):
        return Unavailable("The database does not answer just now. Nothing was changed: try again in a moment.")
    return None


def outcome_unknown(error: SQLAlchemyError) -> OutcomeUnknown | None:
    """For an error at COMMIT: SQLite's log may be on the disk although the disk said that it is not."""
    if not isinstance(error, DBAPIError):
        return None
    lost = error.connection_invalidated or code_of(error).startswith(("08", "57P", "SQLITE_IOERR"))
    return OutcomeUnknown() if lost else None


def _twice(code: str) -> ServiceError | None:
    if code not in UNIQUE:
        return None
    return Conflict(
        "Someone else changed the same thing at the same moment. Nothing was changed: look again, then repeat."
    )


@contextmanager
def errors_in_words() -> Iterator[None]:
    """Raises the database's own errors as ours: a sentence and a status instead of a quoted row."""
    try:
        yield
    except SQLAlchemyError as error:
        if (known := in_words(error)) is None:
            raise
        raise known from error


@contextmanager
def at_commit() -> Iterator[None]:
    """Around the last moment of a transaction: raises OutcomeUnknown (503) when the answer to COMMIT is lost."""
    try:
        yield
    except SQLAlchemyError as error:
        if (unknown := outcome_unknown(error)) is not None:
            raise unknown from error
        raise
