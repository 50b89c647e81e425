"""Whether the service can serve, and if not, why: one check after another, each in words that tell no secret."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.core import rounds, scanning, schema, stopping
from app.core.db import Database
from app.core.errors import ServiceError
from app.core.schema import Shape
from app.core.spreadsheet.reading import readers
from app.settings import Settings

MEGABYTE = 1024 * 1024
FULL_SHARE = 0.1  # of a disk: less than this free is worth a look
PLENTY = 2048 * MEGABYTE  # unless it is still this much


class Standing(StrEnum):
    """`degraded`: it serves, and somebody should look. `failed`: it cannot serve."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"


@dataclass(frozen=True)
class Check:
    name: str
    standing: Standing = Standing.OK
    reason: str = ""


Look = Callable[[Settings, Database], Check]


def look(settings: Settings, store: Database) -> list[Check]:
    """Every check. Those that ask the database are left out while it does not answer: their answer is known."""
    checks = [_stopping(settings, store), _database(settings, store)]
    asked: Sequence[Look] = BESIDE if checks[1].standing is Standing.FAILED else (*OF_THE_DATABASE, *BESIDE)
    return [*checks, *(check(settings, store) for check in asked)]


def altogether(checks: Sequence[Check]) -> Standing:
    found = {check.standing for check in checks}
    return next((each for each in (Standing.FAILED, Standing.DEGRADED) if each in found), Standing.OK)


def _stopping(_settings: Settings, _store: Database) -> Check:
    if stopping.has_begun():
        return Check("running", Standing.FAILED, "The service is stopping: try again in a moment.")
    return Check("running")


def _database(_settings: Settings, store: Database) -> Check:
    try:
        store.answers()
    except ServiceError as error:
        return Check("database", Standing.FAILED, error.detail)
    return Check("database")


def _migrations(_settings: Settings, store: Database) -> Check:
    return Check("migrations", *_SHAPES[schema.shape(store)])


def _worker(_settings: Settings, store: Database) -> Check:
    try:
        with store.reading() as db:
            said = rounds.none_runs(db)
    except ServiceError:
        return Check("worker", Standing.DEGRADED, "The database could not say when the worker was last seen.")
    return Check("worker", Standing.DEGRADED, said) if said else Check("worker")


def _readers(_settings: Settings, _store: Database) -> Check:
    if readers().are_closed():
        return Check(
            "readers", Standing.FAILED, "The processes that read workbooks have ended. Start the service anew."
        )
    return Check("readers")


def _scanner(_settings: Settings, _store: Database) -> Check:
    if scanning.answers():
        return Check("scanner")
    return Check("scanner", Standing.DEGRADED, "The virus scanner does not answer, so no file is taken. Start it.")


def _disk(settings: Settings, store: Database) -> Check:
    """Where large uploads lie on their way in, and where the database lies if it is a file."""
    places = [Path(tempfile.gettempdir())]
    if store.is_sqlite and store.url.database:
        places.append(Path(store.url.database).absolute().parent)
    needed = 2 * settings.max_upload_mb * MEGABYTE
    worst = Standing.OK
    for place in places:
        disk = shutil.disk_usage(place)
        if disk.free < needed:
            return Check("disk", Standing.FAILED, "The disk is full: an upload would not fit. Make room.")
        if disk.free < min(PLENTY, disk.total * FULL_SHARE):
            worst = Standing.DEGRADED
    return Check("disk", worst, "" if worst is Standing.OK else "The disk is nearly full. Make room.")


_SHAPES = {
    Shape.SAME: (Standing.OK, ""),
    Shape.AHEAD: (Standing.DEGRADED, schema.AHEAD),
    Shape.BEHIND: (Standing.FAILED, schema.BEHIND),
    Shape.BEYOND: (Standing.FAILED, schema.BEYOND),
}
OF_THE_DATABASE: tuple[Look, ...] = (_migrations, _worker)
BESIDE: tuple[Look, ...] = (_readers, _scanner, _disk)
