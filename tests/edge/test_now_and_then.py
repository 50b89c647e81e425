"""The audit is sealed while the service runs, with or without a worker."""

import asyncio

from app.accounts.access import COMMAND_LINE
from app.audit import sealing
from app.audit.models import AuditAction
from app.audit.service import record
from app.edge import now_and_then


def test_the_service_seals_by_itself_and_outlives_a_database_that_is_away(database, monkeypatch):
    monkeypatch.setattr(sealing, "EVERY_SECONDS", 0.01)
    with database.writing() as db:
        record(db, COMMAND_LINE, AuditAction.RETURN_NIL, "return", "1")
        db.connection().exec_driver_sql("ALTER TABLE audit_seals RENAME TO away")

    async def run() -> int:
        task = asyncio.create_task(now_and_then.seal(database))
        await asyncio.sleep(0.1)
        with database.migrating() as connection:
            connection.exec_driver_sql("ALTER TABLE away RENAME TO audit_seals")
        for _ in range(200):
            with database.reading() as db:
                if (unsealed := sealing.head(db).unsealed) == 0:
                    break
            await asyncio.sleep(0.02)
        task.cancel()
        return unsealed

    assert asyncio.run(run()) == 0
