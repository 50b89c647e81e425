"""The service's own whole path: pre-flight, reading in its child process, every rule, storing, committed."""

from pathlib import Path

from app import tables
from app.accounts.access import COMMAND_LINE
from app.core import clock
from app.core.db import Database
from app.core.spreadsheet.reading import readers
from app.returns import service
from bench.upload import ORGANISATION, PERIOD

assert tables.metadata.tables
readers().warm()


def run(path: str, database: str) -> tuple[int, int]:
    sent = service.Upload(ORGANISATION, PERIOD, Path(path).read_bytes(), "bench.xlsx", clock.now())
    store = Database(database)
    with store.writing() as db:
        return_ = service.receive(db, COMMAND_LINE, sent).return_
        assert return_ is not None
        found = return_.read, return_.rejected
    store.close()
    return found
