"""A feed with events in it, written as the register writes them, and moments in its life."""

from datetime import UTC, datetime, timedelta

from sqlmodel import col, select

from app.core.db import Database
from app.debts.models import WarningsIndexEvent
from app.organisations.models import Organisation

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def fill_feed(database: Database, number: int) -> None:
    """RJ1's events 1 to `number`, by turns an addition and a removal, all of noon."""
    with database.writing() as db:
        if db.get(Organisation, "RJ1") is None:
            fields = {"nation": "England", "region": "London", "organisation_type": "NHS Trust"}
            db.add(Organisation(code="RJ1", name="RJ1 Trust", **fields))
            db.flush()
        db.add_all(
            WarningsIndexEvent(
                id=id_, debt_id=f"{id_:032x}", action="add" if id_ % 2 else "remove", at=NOON, reference=f"ND-{id_}",
                organisation_code="RJ1", invoice_number=f"00{id_}", family_name="Exámple", given_names="Ada",
                nationality="NGA", passport_number="A1",
            )
            for id_ in range(1, number + 1)
        )  # fmt: skip


def feed(database: Database) -> list[WarningsIndexEvent]:
    with database.reading() as db:
        return list(db.exec(select(WarningsIndexEvent).order_by(col(WarningsIndexEvent.id))))


def acknowledged(database: Database) -> list[int]:
    return [event.id for event in feed(database) if event.acknowledged_at]
