"""The act of releasing: what moved on is taken out, the rest leaves whole, and the Warnings Index hears of it once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from app.audit.models import AuditAction, AuditEvent
from app.core import clock
from app.core.db import Database
from app.core.errors import Conflict, NotFound, Unavailable
from app.debts import holds, service
from app.debts.models import WarningsIndexEvent
from app.debts.service import Move
from app.disclosures import service as disclosures
from app.disclosures.models import Disclosure
from app.releases import releasing
from app.releases.models import CarriedDebt, Release, ReleaseFile, ReleaseLine, State
from app.return_template.choices import Status
from app.returns import amending
from tests.releases.desk import TODAY, Desk
from tests.returns.conftest import Trust, at, hospital, rj1, row

__all__ = ["hospital", "rj1"]
PARTLY = 120_000


@pytest.fixture
def desk(rj1: Trust) -> Desk:
    arranged = row("4", status="Repayment arrangement", status_date="1/10/2026")
    rj1.send([row("1"), row("2"), row("3"), arranged])
    return Desk(rj1)


def move(desk: Desk, number: str, status: Status, amount: int = 255_000, **more: Any) -> None:
    with at(TODAY), desk.database.writing() as db:
        wanted = Move(status, date(2026, 11, 22), amount, **more)
        service.change_status(db, desk.trust.officer, desk.trust.debt(number).id, wanted)


def amend(desk: Desk, number: str, **changes: Any) -> None:
    with at(TODAY), desk.database.writing() as db:
        amending.amend(db, desk.trust.officer, desk.trust.debt(number).id, changes)


def hold(desk: Desk, number: str) -> None:
    with at(TODAY), desk.database.writing() as db:
        holds.hold(db, desk.two, desk.trust.debt(number).id, "a question")


def carried(desk: Desk) -> dict[str, tuple[int, bool]]:
    """By invoice number: the number of the release that carried it last, and whether it removed it."""
    numbers = {debt.id: debt.invoice_number for debt in desk.trust.debts()}
    with desk.database.reading() as db:
        releases = {release.id: release.number for release in db.exec(select(Release))}
        return {
            numbers[each.debt_id]: (releases[each.release_id], each.removed) for each in db.exec(select(CarriedDebt))
        }


def test_what_is_released_is_carried_flagged_disclosed_and_frozen(desk: Desk):
    release = desk.release(desk.approved())
    assert (release.state, release.released_by, desk.taken_out(release)) == (State.RELEASED, desk.two.id, {})
    assert release.released_at is not None
    assert carried(desk) == dict.fromkeys("1234", (1, False))
    assert desk.feed() == [("add", "1"), ("add", "2"), ("add", "3")]
    with desk.database.reading() as db:
        (given,) = disclosures.received_by(db, desk.trust.debt("4").id)
        assert (given.recipient, given.purpose, given.kind, given.about) == (
            "MIDAS",
            "monthly load",
            "release",
            release.id,
        )
        assert given.seen == release.seen
        assert db.exec(select(ReleaseFile).where(ReleaseFile.name == "consolidated.csv")).one().rows == 4


def test_nothing_leaves_without_an_approval(desk: Desk):
    release = desk.prepare()
    with pytest.raises(Conflict, match="Release 1 is being checked, so it cannot become released"):
        desk.release(release)
    with pytest.raises(NotFound):
        releasing.release(desk.database, desk.two, "0" * 32)
    assert (desk.feed(), carried(desk)) == ([], {})


def test_what_ended_or_is_held_since_is_taken_out_with_why(desk: Desk):
    release = desk.approved()
    move(desk, "1", Status.REPAID, 0)
    move(desk, "2", Status.WITHDRAWN, reason="duplicate")
    move(desk, "3", Status.ARRANGEMENT)
    hold(desk, "4")
    desk.release(release)
    assert desk.taken_out(release) == {"1": "repaid", "2": "withdrawn", "3": "arranged", "4": "held"}
    assert (desk.feed(), carried(desk)) == ([], {})
    with desk.database.reading() as db:
        assert db.exec(select(Disclosure)).all() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"family_name": "Other"},
        {"given_names": "Adah"},
        {"date_of_birth": date(1985, 3, 28)},
        {"nationality": "GHA"},
        {"passport_number": None},
    ],
)
def test_a_line_whose_person_was_corrected_since_is_taken_out(desk: Desk, changes: dict[str, Any]):
    release = desk.approved()
    amend(desk, "1", **changes)
    desk.release(release)
    assert desk.taken_out(release) == {"1": "person_corrected"}
    assert desk.feed() == [("add", "2"), ("add", "3")]


def test_what_changed_otherwise_stays_as_it_was_when_it_was_prepared(desk: Desk):
    release = desk.approved()
    move(desk, "1", Status.OUTSTANDING, PARTLY)
    amend(desk, "2", uk_address="2 Example Street, London")
    move(desk, "3", Status.DEFAULTED)
    desk.release(release)
    assert (desk.taken_out(release), set(carried(desk))) == ({}, set("1234"))


def test_what_was_put_back_meanwhile_leaves_after_all(desk: Desk):
    release = desk.approved()
    amend(desk, "1", family_name="Other")
    amend(desk, "1", family_name="Example")
    desk.release(release)
    assert desk.taken_out(release) == {}


def test_an_arrangement_that_defaulted_since_gets_its_flag_by_the_release_that_says_so(desk: Desk):
    release = desk.approved()
    move(desk, "4", Status.DEFAULTED)
    desk.release(release)
    assert ("add", "4") not in desk.feed()
    assert desk.trust.debt("4").flagged is False
    desk.release(desk.approved())
    assert desk.feed()[-1] == ("add", "4")


def test_a_wrong_line_stays_behind_also_when_its_hold_has_ended(desk: Desk):
    release = desk.prepare()
    desk.pass_all(release)
    desk.judge(release, 2, correct=False, reason="amount_differs")
    desk.approve(release)
    with at(TODAY), desk.database.writing() as db:
        holds.unhold(db, desk.two, desk.trust.debt("2").id, "mended")
    desk.release(release)
    assert desk.taken_out(release) == {"2": "marked_wrong"}
    assert set(carried(desk)) == set("134")


def test_nothing_is_added_that_was_reported_since(desk: Desk):
    release = desk.approved()
    desk.trust.send([row("5")])
    desk.release(release)
    assert set(carried(desk)) == set("1234")
    assert ("add", "5") not in desk.feed()


def test_removals_leave_whatever_became_of_their_debts(desk: Desk):
    desk.release(desk.approved())
    move(desk, "1", Status.REPAID, 0)
    move(desk, "2", Status.REPAID, 0)
    release = desk.approved("removed")
    hold(desk, "2")
    desk.release(release)
    assert desk.taken_out(release) == {}
    assert carried(desk)["1"] == carried(desk)["2"] == (2, True)


def test_a_removal_that_is_marked_wrong_does_not_leave(desk: Desk):
    release = desk.prepare("removed")
    desk.pass_all(release)
    desk.judge(release, 1, correct=False, reason="status_differs")
    desk.approve(release)
    desk.release(release)
    assert desk.taken_out(release) == {"1": "marked_wrong"}


def test_each_flag_is_added_once_however_many_releases_carry_it(desk: Desk):
    desk.release(desk.approved())
    desk.release(desk.approved(recipient="Border Force"))
    desk.release(desk.approved())
    assert desk.feed() == [("add", "1"), ("add", "2"), ("add", "3")]
    assert carried(desk)["1"][0] in {2, 3}


def test_what_a_recipient_was_told_last_is_kept_for_each_of_them(desk: Desk):
    desk.release(desk.approved())
    desk.release(desk.approved(recipient="Border Force"))
    desk.release(desk.approved(recipient=" midas "))
    with desk.database.reading() as db:
        numbers = {release.id: release.number for release in db.exec(select(Release))}
        kept = {(each.recipient_key, numbers[each.release_id]) for each in db.exec(select(CarriedDebt))}
    assert kept == {("midas", 3), ("border force", 2)}


class Meddling(Database):
    """A database in which the register changes just before each of the first transactions that are opened on it."""

    def __init__(self, database: Database, *meddle: Callable[[], object]) -> None:
        super().__init__(database.url.render_as_string(hide_password=False))
        self.meddle = list(meddle)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        if self.meddle:
            self.meddle.pop(0)()
        with super().writing() as db:
            yield db


@pytest.mark.parametrize("times", [1, 4])
def test_what_moves_on_while_the_files_are_written_is_taken_out_of_them_too(desk: Desk, times: int):
    desk.trust.send([row("5"), row("6")])
    release = desk.approved()
    changes: list[Callable[[], object]] = [
        lambda: move(desk, "1", Status.REPAID, 0),
        lambda: hold(desk, "2"),
        lambda: amend(desk, "3", family_name="Other"),
        lambda: move(desk, "5", Status.WITHDRAWN, reason="duplicate"),
    ]
    store = Meddling(desk.database, *changes[:times])
    try:
        with at(TODAY):
            releasing.release(store, desk.two, release.id)
    finally:
        store.close()
    assert sorted(desk.taken_out(release)) == ["1", "2", "3", "5"][:times]
    with desk.database.reading() as db:
        rows = {file.rows for file in db.exec(select(ReleaseFile).where(ReleaseFile.name == "consolidated.csv"))}
        assert rows == {6 - times}
        assert db.exec(select(Disclosure.debts)).all() == [6 - times]


def test_nobody_waits_for_the_files_of_a_large_release_however_often_they_are_written(desk: Desk, monkeypatch):
    monkeypatch.setattr(releasing, "MOST_IN_TURN", 3)
    release = desk.approved()
    before = state_of(desk)
    numbers = iter("1234")
    store = Meddling(desk.database, *[lambda: move(desk, next(numbers), Status.REPAID, 0)] * 4)
    try:
        with at(TODAY), pytest.raises(Unavailable, match="try again when fewer returns arrive"):
            releasing.release(store, desk.two, release.id)
    finally:
        store.close()
    assert state_of(desk) == before
    desk.release(release)
    assert sorted(desk.taken_out(release)) == ["1", "2", "3", "4"]


def state_of(desk: Desk) -> tuple[Any, ...]:
    """Everything that releasing may touch."""
    with desk.database.reading() as db:
        released = select(AuditEvent.id).where(AuditEvent.action == AuditAction.RELEASE_RELEASED)
        return (
            db.exec(select(Release.state)).one(), len(db.exec(select(ReleaseFile)).all()),
            len(db.exec(select(CarriedDebt)).all()), len(db.exec(select(WarningsIndexEvent)).all()),
            len(db.exec(select(Disclosure)).all()), len(db.exec(released).all()),
            len(db.exec(select(ReleaseLine).where(col(ReleaseLine.taken_out).is_not(None))).all()),
            sum(debt.flagged for debt in desk.trust.debts()),
        )  # fmt: skip


def test_wherever_it_crashes_it_is_approved_as_before_and_can_be_released_again(desk: Desk, tmp_path: Path):
    release = desk.approved()
    move(desk, "1", Status.REPAID, 0)
    ready, before = releasing.write(desk.database, release.id, tmp_path / "files"), state_of(desk)
    for crash_at in count():
        statements = count()

        def crash(_connection: object, _cursor: object, statement: str, *_more: object, at_: int = crash_at) -> None:
            if statement.split(" ", 1)[0] in {"INSERT", "UPDATE"} and next(statements) == at_:  # noqa: B023
                raise KeyboardInterrupt

        event.listen(desk.database.engine, "before_cursor_execute", crash)
        try:
            with at(TODAY), desk.database.writing() as db:
                assert releasing.conclude(db, desk.two, release.id, ready) is not None
            break
        except KeyboardInterrupt:
            assert state_of(desk) == before, crash_at
        finally:
            event.remove(desk.database.engine, "before_cursor_execute", crash)
    assert crash_at > 6
    after = state_of(desk)
    assert (after[0], after[2:]) == (State.RELEASED, (3, 2, 1, 1, 1, 2))


def test_of_two_who_release_it_at_once_one_does_and_the_other_is_told(desk: Desk):
    release = desk.approved()

    def attempt(_number: int) -> str:
        with clock.at(clock.real_now()):
            try:
                return releasing.release(desk.database, desk.two, release.id).state
            except Conflict as told:
                return str(told)

    with ThreadPoolExecutor(2) as both:
        told = sorted(both.map(attempt, range(2)))
    assert told == ["Release 1 is released, so it cannot become released. That is its end: prepare a new one.", "released"]  # fmt: skip
    assert desk.feed() == [("add", "1"), ("add", "2"), ("add", "3")]


def test_the_audit_says_how_many_lines_left_and_why_others_did_not(desk: Desk):
    release = desk.approved()
    move(desk, "1", Status.REPAID, 0)
    hold(desk, "2")
    desk.release(release)
    with desk.database.reading() as db:
        found = db.exec(select(AuditEvent).where(AuditEvent.action == AuditAction.RELEASE_RELEASED)).one()
    assert found.detail == {"lines": 2, "flags": 1, "taken_out": {"repaid": 1, "held": 1}}
