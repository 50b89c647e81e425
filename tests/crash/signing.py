"""A release that only waits to be released: brought there at once, so that a fall meets the release itself."""

from sqlmodel import select

from app.core.db import Database
from app.releases import preparing, sampling, sign_off
from app.releases.models import Release, SampleLine
from app.releases.rules.words import Scope, State
from tests.releases.desk import person
from tests.returns.conftest import at

TODAY = "2026-11-22"


class Signing:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._one, self._two = person(database, "one"), person(database, "two")

    def bring_to_approval(self, scope: str) -> str:
        """The id of the release under way, else of a new one: approved now."""
        with at(TODAY):
            release = self._open() or preparing.prepare(
                self._database, self._one, Scope(scope), "MIDAS", "Monthly load"
            )
            with self._database.writing() as db:
                if State(release.state) is State.CHECKING:
                    waiting = select(SampleLine.line).where(
                        SampleLine.release_id == release.id, SampleLine.correct.is_(None)
                    )  # type: ignore[union-attr]
                    for line in db.exec(waiting).all():
                        sampling.judge(db, self._one, release.id, line, correct=True)
                    sign_off.approve(db, self._two, release.id)
        return release.id

    def _open(self) -> Release | None:
        with self._database.reading() as db:
            return db.exec(select(Release).where(Release.state.in_(["checking", "approved"]))).first()  # type: ignore[attr-defined]
