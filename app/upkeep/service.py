"""The start-up check list: every check in turn, and what production does not start with."""

from collections.abc import Iterator
from dataclasses import dataclass

import structlog

from app.core.db import Database
from app.core.errors import Refused, ServiceError
from app.settings import Settings
from app.upkeep import database_checks, settings_checks
from app.upkeep.check import Standing, Told, decide, is_production

log = structlog.get_logger(__name__)
AWAY = "The database does not answer, or is not prepared, so it was not looked at any further. Run `debtor-returns migrate`."


@dataclass(frozen=True)
class Line:
    """One line of the list. `standing` is said in words too, never by colour alone."""

    name: str
    told: Told

    @property
    def is_safe(self) -> bool:
        return self.told.standing is Standing.SAFE

    @property
    def is_unsafe(self) -> bool:
        return self.told.standing is Standing.UNSAFE


def look(settings: Settings, store: Database) -> list[Line]:
    """Every line of the list. A database that is away is a line too."""
    lines = [Line(check.name, check.look(settings)) for check in settings_checks.CHECKS]
    try:
        for line in _database_lines(settings, store):
            lines.append(line)  # noqa: PERF402 - what was told before the database failed stays told
    except ServiceError:
        lines.append(Line("Database", decide(AWAY)))
    return lines


def may_start(settings: Settings, store: Database) -> None:
    """In production: raises Refused for what is not safe, and writes what people should decide into the log."""
    if not is_production(settings):
        return
    lines = look(settings, store)
    if wrong := [line.told.words for line in lines if line.is_unsafe]:
        raise Refused(" ".join(wrong))
    for line in lines:
        if not line.is_safe:
            log.warning("to decide", check=line.name, words=line.told.words)


def _database_lines(settings: Settings, store: Database) -> Iterator[Line]:
    with store.reading() as db:
        for check in database_checks.CHECKS:
            yield Line(check.name, check.look(settings, db))
