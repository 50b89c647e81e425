"""Last month's release to MIDAS while the year goes by: prepared, checked and let go by two people, then answered."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE, Actor
from app.accounts.permissions import Role
from app.core import clock
from app.core.db import Database, Session
from app.debts import delivery
from app.demo.accounts import SECOND, TEAM
from app.demo.diary import Sending
from app.demo.trusts import FIRST
from app.demo.year import Year
from app.periods.calendar import Period
from app.releases import acknowledgement, freezing, preparing, queries, releasing, sampling, sign_off
from app.releases.models import Release, Scope, State
from app.releases.sample_lines import sample_lines

_DAY, _HOUR = 20, time(10)
_UNTIL_ANSWERED = timedelta(days=13)
_REJECTED = 3
_REASONS = ("No match: the date of birth is another one there", "No match: the name is spelled otherwise there",
            "The passport number is not one of this person")  # fmt: skip


def with_release(database: Database, year: Year) -> Iterator[Sending]:
    """Everything that the year sends; between, each step of the release at its moment."""
    steps, sendings = _steps(database, clock.now()), year.send_all()
    while True:
        while steps and (year.next_at is None or steps[0][0] <= year.next_at):
            moment, step = steps.pop(0)
            with clock.at(moment):
                step()
        sending = next(sendings, None)
        if sending is None:
            return
        yield sending


def _steps(database: Database, now: datetime) -> list[tuple[datetime, Callable[[], None]]]:
    month = Period.containing(clock.uk_date(now)).previous()
    begin = datetime.combine(month.first_day.replace(day=_DAY), _HOUR, clock.UK).astimezone(UTC)
    return [
        (begin, lambda: _prepare(database)),
        (begin + timedelta(days=1), lambda: _let_go(database)),
        (min(begin + _UNTIL_ANSWERED, now - timedelta(days=1)), lambda: _answer(database)),
        (now - timedelta(hours=1), lambda: _acknowledge_flags(database)),
    ]


def _team(db: Session, email: str) -> Actor:
    """Nobody is written to about what lies in the past."""
    user = accounts.user_by_email(db, email) or accounts.add_user(db, COMMAND_LINE, email, Role.DEBTORS_TEAM)
    return replace(accounts.actor_for_user(db, user), sends_mail=False)


def _prepare(database: Database) -> None:
    """The first colleague prepares it and compares the sample."""
    with database.writing() as db:
        actor = _team(db, TEAM)
    release = preparing.prepare(database, actor, Scope.FULL, "MIDAS", "Monthly load")
    with database.writing() as db:
        if not release.lines:  # too early in a short year
            sign_off.abandon(db, actor, release.id, "No debt was reported yet")
        for one in sample_lines(db, release.id):
            sampling.judge(db, actor, release.id, one.line, correct=True)


def _let_go(database: Database) -> None:
    """The second approves and releases it."""
    with database.writing() as db:
        actor, release = _team(db, SECOND), queries.open_release(db)
        if release is None:
            return
        id_ = sign_off.approve(db, actor, release.id).id
    releasing.release(database, actor, id_)


def _answer(database: Database) -> None:
    """MIDAS rejects three lines, of the tour's trust if there are."""
    with database.writing() as db:
        release = _released(db)
        if release is None:
            return
        text = b"".join(freezing.pieces(db, release.id, "midas.csv")).decode()
        lines = list(csv.DictReader(text.splitlines()))
        lines.sort(key=lambda line: (line["organisation_code"] != FIRST, line["reference"]))
        answers = [["reference", "result", "reason"]]
        for number, line in enumerate(lines):
            is_rejected = number < _REJECTED
            answers.append([line["reference"], *(("rejected", _REASONS[number]) if is_rejected else ("loaded", ""))])
        data = "\r\n".join(",".join(answer) for answer in answers).encode()
        acknowledgement.take(db, _team(db, TEAM), release.id, "midas-answer.csv", data)


def _acknowledge_flags(database: Database) -> None:
    """The Warnings Index has taken every event up to now."""
    with database.writing() as db:
        actor = _team(db, TEAM)
        newest = delivery.standing(db, actor).newest
        if newest is not None and newest.id is not None:
            delivery.acknowledge(db, actor, newest.id)


def _released(db: Session) -> Release | None:
    newest = queries.listed(db, COMMAND_LINE, 1, None).items
    return newest[0] if newest and newest[0].state == State.RELEASED else None
