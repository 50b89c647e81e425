"""The purge: shows what is over, and deletes it in short transactions, batch by batch, each with its audit event."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.audit.models import AuditAction
from app.audit.service import Who, record
from app.core import wiping
from app.core.db import Database
from app.retention import debts
from app.retention.limits import Limits, limits_now
from app.retention.stage import Due, Stage
from app.retention.stages import STAGES

Told = Callable[[str, int], object]


@dataclass(frozen=True)
class Plan:
    """What a purge would do now, stage by stage, and how many debts stay although their time is over, by the reason."""

    stages: Sequence[tuple[Stage, Due]]
    kept_back: dict[str, int]

    @property
    def number(self) -> int:
        return sum(due.number for _, due in self.stages)


def plan(db: Session) -> Plan:
    """Nothing is changed."""
    limits = limits_now()
    return Plan([(stage, stage.look(db, limits)) for stage in STAGES], debts.kept_back(db, limits))


def purge(store: Database, actor: Who, told: Told = lambda _words, _number: None) -> dict[str, int]:
    """Does it all and gives how many of each kind went, by the words of the stage. Stopped halfway, it goes on where it was.

    `told` is called after each batch with the stage's words and the batch's number. Afterwards the database's files hold
    nothing of what was deleted.
    """
    limits, done = limits_now(), dict[str, int]()
    for stage in STAGES:
        while number := _batch(store, actor, stage, limits):
            done[stage.words] = done.get(stage.words, 0) + number
            told(stage.words, number)
    if done:
        wiping.wipe(store)
    return done


def _batch(store: Database, actor: Who, stage: Stage, limits: Limits) -> int:
    with store.writing() as db:
        number = stage.step(db, limits)
        if number:
            record(db, actor, AuditAction.PURGED, "retention", stage.key, number=number)
    return number
