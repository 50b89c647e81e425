"""Leases: of any number of processes one alone does a piece of work, and when it dies another takes over in a minute."""

from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel

from app.core.db import Instant, take_turns

LASTS = timedelta(seconds=60)  # much longer than one step of the work: it is renewed at each


class Lease(SQLModel, table=True):
    """Who does the work of this name, and until when nobody else may."""

    __tablename__ = "delivery_leases"

    name: str = Field(primary_key=True, max_length=40)
    holder: str = Field(max_length=32)
    until: datetime = Field(sa_type=Instant)


def take(db: Session, name: str, holder: str, now: datetime) -> bool:
    """Takes the lease or renews it, in the transaction of the step that it is for. False while somebody else has it."""
    take_turns(db, [f"lease {name}"])
    lease = db.get(Lease, name, populate_existing=True)
    if lease is None:
        lease = Lease(name=name, holder=holder, until=now)
    elif lease.holder != holder and not _has_run_out(lease, now):
        return False
    lease.holder, lease.until = holder, now + LASTS
    db.add(lease)
    db.flush()
    return True


def give_back(db: Session, name: str, holder: str) -> None:
    """The work is done for now: nobody has to wait for the lease to run out."""
    take_turns(db, [f"lease {name}"])
    lease = db.get(Lease, name, populate_existing=True)
    if lease is not None and lease.holder == holder:
        db.delete(lease)
        db.flush()


def _has_run_out(lease: Lease, now: datetime) -> bool:
    """Also when it ends later than any lease can: then the clock was set back, and nobody should wait for that."""
    return not now < lease.until <= now + 2 * LASTS
