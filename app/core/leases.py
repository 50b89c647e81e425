"""Leases: of any number of processes one alone does a piece of work, and when it dies another takes over in a minute."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from app.core.db import Instant

LASTS = timedelta(seconds=60)  # much longer than one step of the work: it is renewed at each


class Lease(SQLModel, table=True):
    """Who does the work of this name, and until when nobody else may."""

    __tablename__ = "delivery_leases"

    name: str = Field(primary_key=True, max_length=40)
    holder: str = Field(max_length=32)
    until: datetime = Field(sa_type=Instant)


def take(db: Session, name: str, holder: str, now: datetime) -> bool:
    """Takes the lease or renews it, in the transaction of the step that it is for. False while somebody else has it, or
    is taking it at this moment: nobody waits for it.
    """
    insert: Any = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    new = insert(Lease).values(name=name, holder=holder, until=now)
    db.execute(new.on_conflict_do_nothing(index_elements=["name"]))
    until = col(Lease.until)
    # Also one that ends later than any lease can: then the clock was set back, and nobody should wait for that.
    has_run_out = or_(until <= now, until > now + 2 * LASTS)
    mine = select(Lease).where(col(Lease.name) == name, or_(col(Lease.holder) == holder, has_run_out))
    lease = db.exec(mine.with_for_update(skip_locked=True).execution_options(populate_existing=True)).first()
    if lease is None:
        return False
    lease.holder, lease.until = holder, now + LASTS
    db.add(lease)
    db.flush()
    return True


def give_back(db: Session, name: str, holder: str) -> None:
    """The work is done for now: nobody has to wait for the lease to run out."""
    db.execute(delete(Lease).where(col(Lease.name) == name, col(Lease.holder) == holder))
