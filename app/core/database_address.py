"""Which addresses of databases the service takes."""

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.core.errors import Refused


def database_address(url: str) -> URL:
    """Raises Refused for an address that is none or that names a database we do not know."""
    try:
        address = make_url(url)
    except ArgumentError:
        address = None
    if address is None or address.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise Refused(
            "DEBTOR_RETURNS_DATABASE_URL is not the address of a database that this service can use. "
            "Write it like sqlite:///data/debtor-returns.db or postgresql+psycopg://user@host/name."
        )
    return address
