"""What lines of releases say of persons: it goes with the debt, or in its time; which line said what of which debt stays."""

from collections.abc import Iterable
from datetime import timedelta
from random import Random

import pytest
from sqlmodel import col, select

from app.core import clock
from app.core.errors import ServiceError
from app.debts.models import Debt
from app.releases import acknowledgement, awaited, forgetting, funnel, preview
from app.releases.models import (
    CarriedDebt,
    Release,
    ReleaseLine,
    ReleasePart,
)
from app.releases.rules.words import Change, Scope
from app.releases.selecting import Selection
from app.retention import service
from app.return_template.choices import OPEN_STATUSES
from tests.old_register.conftest import Office, line
from tests.releases import making
from tests.releases.carrying import TEAM, abandoned, prepared, sent
from tests.releases.released import answer
from tests.releases.test_every_change_once import anything
from tests.retention.conftest import acknowledge, end
from tests.retention.left import leave, said
from tests.returns.conftest import Trust, at, row

DEBTS = "debts that have ended, with their history"
LINES = "lines of releases, of what they said"
UNFINISHED = "a release that is not finished carries it"
UNAWARE = "a recipient of releases has not been told yet that it ended"


def kept_back(trust: Trust, day: str) -> dict[str, int]:
    with at(day), trust.database.reading() as db:
        return service.plan(db).kept_back


def numbers(trust: Trust, release: Release) -> list[tuple[int, str, bool]]:
    with trust.database.reading() as db:
        query = select(ReleaseLine).where(ReleaseLine.release_id == release.id).order_by(ReleaseLine.line)
        return [(one.line, one.change, one.forgotten_at is not None) for one in db.exec(query)]


def test_what_lines_said_of_a_debt_goes_with_it_and_numbers_stay(rj1, purge):
    rj1.send([row("1"), row("2")])
    first = leave(rj1)
    gone = rj1.debt("1").id
    end(rj1, "1", "withdrawn", on="2026-11-23")
    second = leave(rj1, "changes", on="2026-11-24")
    acknowledge(rj1.database)
    third = prepared(rj1, "full", "Another", on="2026-11-25")
    abandoned(rj1, third)
    assert purge("2027-06-01")[DEBTS] == 1
    assert (said(rj1, first), said(rj1, second)) == (["2"], [])
    assert numbers(rj1, first) == [(1, "new", True), (2, "new", False)]
    assert numbers(rj1, second) == [(1, "removed", True)]
    with rj1.database.reading() as db:
        parts = db.exec(select(ReleasePart.release_id)).all()
        assert sorted(parts) == sorted([first.id, third.id])
        told = db.get_one(CarriedDebt, ("midas", gone))
        assert (told.removed, told.line, told.status_digest, told.particulars_digest) == (True, 1, "", "")
        digests = {(one.status_digest, one.particulars_digest) for one in
                   db.exec(select(ReleaseLine).where(ReleaseLine.debt_id == gone))}  # fmt: skip
        assert digests == {("", "")}
    assert sent(rj1, "changes", on="2027-06-02") == []


def test_a_release_of_a_purged_debt_can_still_be_answered_and_counted(rj1, purge):
    rj1.send([row("1"), row("2")])
    first = leave(rj1)
    reference = rj1.debt("1").reference
    end(rj1, "1", "withdrawn", on="2026-11-23")
    leave(rj1, "changes", on="2026-11-24")
    acknowledge(rj1.database)
    purge("2027-06-01")
    with at("2027-06-02"), rj1.database.writing() as db:
        taken = acknowledgement.take(
            db, TEAM, first.id, "answer.csv", answer((reference, "rejected", "no such person"))
        )
        assert (taken.loaded, taken.rejected) == (0, 1)
        assert funnel.funnel(db, first.id).whole.rejected == 1
    assert rj1.open_rows() == []


def test_what_a_recipient_gave_as_its_reason_goes_with_the_line(rj1, purge):
    rj1.send([row("1")])
    first = leave(rj1)
    with at("2026-11-22"), rj1.database.writing() as db:
        acknowledgement.take(
            db, TEAM, first.id, "answer.csv", answer((rj1.debt("1").reference, "rejected", "Ada is not known"))
        )
    end(rj1, "1", "withdrawn", on="2026-11-23")
    leave(rj1, "changes", on="2026-11-24")
    acknowledge(rj1.database)
    assert purge("2027-08-25")[DEBTS] == 1
    with rj1.database.reading() as db:
        lines_ = db.exec(select(ReleaseLine).where(ReleaseLine.release_id == first.id)).all()
        assert [(one.result, one.reason) for one in lines_] == [("rejected", None)]


def test_a_debt_stays_until_every_recipient_of_releases_was_told_that_it_ended(rj1, purge):
    rj1.send([row("1")])
    for recipient in ("MIDAS", "Another"):
        leave(rj1, recipient=recipient)
    end(rj1, "1", "withdrawn", on="2026-11-23")
    acknowledge(rj1.database)
    assert kept_back(rj1, "2027-06-01") == {UNAWARE: 1}
    leave(rj1, "full", "MIDAS", on="2027-06-02")
    assert kept_back(rj1, "2027-06-03") == {UNAWARE: 1}
    assert DEBTS not in purge("2027-06-03")
    leave(rj1, "changes", "Another", on="2027-06-04")
    assert purge("2027-06-05")[DEBTS] == 1


def test_a_recipient_that_gets_no_releases_any_more_keeps_nothing_here(rj1, purge):
    rj1.send([row("1")])
    leave(rj1, on="2026-11-22")
    end(rj1, "1", "withdrawn")
    acknowledge(rj1.database)
    assert DEBTS not in purge("2027-11-21")
    assert purge("2027-11-23")[DEBTS] == 1


def test_a_debt_stays_while_an_open_release_carries_it(rj1, purge):
    rj1.send([row("1")])
    still_open = prepared(rj1, recipient="Another")
    end(rj1, "1", "withdrawn")
    acknowledge(rj1.database)
    assert kept_back(rj1, "2027-06-01") == {UNFINISHED: 1}
    assert DEBTS not in purge("2027-06-01")
    abandoned(rj1, still_open)
    assert purge("2027-06-01")[DEBTS] == 1
    assert said(rj1, still_open) == []


def test_an_imported_debt_stays_until_every_recipient_knows_that_it_ended(rj1, purge):
    Office(rj1.database).load([line("1")])
    end(rj1, "1", "withdrawn")
    acknowledge(rj1.database)
    leave(rj1, "changes", "MIDAS", on="2027-06-01")
    with rj1.database.reading() as db:
        assert db.exec(select(CarriedDebt.removed)).one()
    assert kept_back(rj1, "2027-06-01") == {}
    rj1.send([row("2")], period="2027-05", on="2027-06-02")
    with at("2027-06-02"), rj1.database.writing() as db:  # another recipient has received something, but not this
        db.add(Release(number=9, scope="changes", recipient="B", recipient_key="b", purpose="p", state="released",
                       as_at=clock.now(), seen=0, seed="0", prepared_by="one", released_at=clock.now()))  # fmt: skip
    assert kept_back(rj1, "2027-06-03") == {UNAWARE: 1}
    leave(rj1, "changes", "B", on="2027-06-04")
    assert purge("2027-06-05")[DEBTS] == 1


def test_a_rejected_removal_is_awaited_until_it_is_sent_again(rj1):
    rj1.send([row("1")])
    leave(rj1)
    end(rj1, "1", "withdrawn", on="2026-11-23")
    told = leave(rj1, "changes", on="2026-11-24")
    acknowledge(rj1.database)
    assert kept_back(rj1, "2027-06-01") == {}
    with rj1.database.writing() as db:
        (removal,) = db.exec(select(ReleaseLine).where(ReleaseLine.release_id == told.id)).all()
        removal.result = "rejected"
        db.add(removal)
    assert kept_back(rj1, "2027-06-01") == {UNAWARE: 1}
    assert sent(rj1, "changes", on="2026-11-26") == [("1", "removed")]
    assert kept_back(rj1, "2027-06-01") == {}


@pytest.mark.parametrize("seed", range(2))
def test_a_removal_is_awaited_exactly_where_the_next_release_would_tell_it(rj1, seed):
    chance = Random(seed)
    for turn in range(3):
        rj1.send([row(f"{turn}{number}") for number in range(4)])
        for number in range(10):
            try:
                anything(rj1, chance, number)
            except ServiceError:
                continue
        leave(rj1, chance.choice(["full", "changes"]), chance.choice(["MIDAS", "Another"]))
    with at("2026-11-22"), rj1.database.reading() as db:
        active = db.exec(select(Release.recipient_key).distinct()).all()
        held = {debt.id for debt in db.exec(select(Debt).where(Debt.held))}
        due = {each.line.debt_id for key in active for each in Selection(db, Scope.CHANGES, key, 10**9)
               if each.line.change == Change.REMOVED}  # fmt: skip
        has_ended = col(Debt.status).not_in([status.value for status in OPEN_STATUSES])
        query = select(Debt.id).where(has_ended, awaited.removal_due(clock.now() - timedelta(days=1)))
        assert set(db.exec(query)) - held == due


def test_in_time_only_the_line_that_told_somebody_last_is_left_and_it_is_compared_with(rj1, purge):
    rj1.send([row("1"), row("2")])
    first = leave(rj1, on="2026-11-22")
    with at("2026-11-23"), rj1.database.writing() as db:
        db.get_one(Debt, rj1.debt("1").id).amount_outstanding = 100_000
    second = leave(rj1, "changes", on="2026-11-24")
    assert (said(rj1, second), LINES in purge("2028-11-21")) == (["1"], False)
    assert purge("2028-11-22")[LINES] == 1
    assert (said(rj1, first), said(rj1, second)) == (["2"], ["1"])
    with at("2028-11-23"), rj1.database.writing() as db:
        for number in "12":
            db.get_one(Debt, rj1.debt(number).id).amount_outstanding = 50_000
    third = leave(rj1, "changes", on="2028-11-24")
    with rj1.database.reading() as db:
        (now,) = preview.changes(db, second, None, 10, None).items
        assert (now.before, now.differences, now.before_forgotten_at is not None) == (first.number, (), True)
        (gone, there) = preview.changes(db, first, None, 10, None).items
        assert (gone.line.values, gone.forgotten_at is not None, there.forgotten_at) == ({}, True, None)
        compared = preview.changes(db, third, None, 10, None).items
        assert [[each.key for each in one.differences] for one in compared] == [["amount_outstanding"]] * 2


def test_lines_of_a_release_that_was_given_up_go_sooner(rj1, purge):
    rj1.send([row("1")])
    given_up = prepared(rj1)
    abandoned(rj1, given_up)
    with at("2026-11-22"), rj1.database.writing() as db:
        db.get_one(Release, given_up.id).abandoned_at = clock.now()
    assert LINES not in purge("2027-02-19")
    assert purge("2027-02-20")[LINES] == 1
    assert said(rj1, given_up) == []
    assert LINES not in purge("2027-02-20")


def test_lines_go_in_small_steps_and_a_purge_that_was_stopped_is_finished_by_the_next(rj1, purge, monkeypatch):
    monkeypatch.setattr("app.releases.gathering.in_parts", _in_twos)
    monkeypatch.setattr(forgetting, "PARTS_AT_ONCE", 2)
    rj1.send([row(str(number)) for number in range(7)])
    first = leave(rj1, on="2026-11-22")
    leave(rj1, on="2026-11-23")
    steps: list[int] = []

    def stop(words: str, number: int) -> None:
        if words == LINES:
            steps.append(number)
            raise InterruptedError

    with at("2028-11-22"), pytest.raises(InterruptedError):
        service.purge(rj1.database, TEAM, stop)
    assert (steps, len(said(rj1, first))) == ([4], 3)
    assert purge("2028-11-22")[LINES] == 3


def _in_twos(found: Iterable[object]) -> Iterable[list[object]]:
    all_ = list(found)
    return (all_[start : start + 2] for start in range(0, len(all_), 2))


def test_a_line_of_a_debt_that_is_not_there_goes_in_time_even_if_it_told_somebody_last(rj1, purge):
    told = making.line()
    with rj1.database.writing() as db:
        with at("2026-11-22"):
            made = making.release(db, [told], state="released", released_at=clock.now())
        making.carried(db, made, [told])
        db.add(ReleaseLine(release_id=made.id, line=1, debt_id=told.debt_id, reference=told.reference, change="new",
                           organisation_code="RJ1", status_digest="s", particulars_digest="p"))  # fmt: skip
    assert purge("2028-11-22")[LINES] == 1
    assert said(rj1, made) == []
