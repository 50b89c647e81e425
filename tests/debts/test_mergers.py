"""On the day on which a successor begins, what a person owes both is one sum: without anybody sending anything."""

from pathlib import Path

import pytest

from app.accounts.access import COMMAND_LINE
from app.backup import restoring, taking
from app.core.db import Database
from app.debts import thresholds
from app.organisations import service as organisations
from tests.returns.conftest import Trust, at, hospital, rj1, row
from tests.verifying.conftest import differences

__all__ = ["differences", "hospital", "rj1"]
PERSON = {"given_names": "Ada", "passport_number": "A0000001", "invoice_amount": "600.00"}


@pytest.fixture
def both(database: Database, rj1: Trust, hospital) -> list[Trust]:
    """One person owes each £300 of what was £600, and RJ1 takes RYJ over from December."""
    trusts = [rj1, hospital("RYJ")]
    for trust, number in zip(trusts, ("A1", "B1"), strict=True):
        for left, day in (("600.00", "2026-11-20"), ("300.00", "2026-11-21")):
            trust.send([row(number, **PERSON, amount_outstanding=left)], on=day)
    with at("2026-11-22"), database.writing() as db:
        told(db, "RYJ,RJ1,2026-12-01,2026-11-30")
    return trusts


def told(db, line: str) -> None:
    organisations.import_csv(db, COMMAND_LINE, f"code,successor_code,successor_from,close_date\n{line}\n")


def marked(trusts: list[Trust]) -> list[bool]:
    return [debt.below_threshold for debt in trusts[0].debts()]


def test_small_debts_of_one_person_are_large_together_from_the_first_day_of_the_successor(database, both, differences):
    with at("2026-11-30"):
        assert thresholds.mergers_begun(database) == []
    assert (marked(both), differences("2026-11-30")) == ([True, True], [])
    with at("2026-12-01"):
        assert differences("2026-12-01") == []  # not counted yet, and not said otherwise
        assert thresholds.mergers_begun(database) == ["RYJ"]
        assert thresholds.mergers_begun(database) == []
    assert (marked(both), differences("2026-12-01")) == ([False, False], [])


def test_a_merger_that_is_taken_back_is_counted_apart_again(database, both, differences):
    with at("2026-12-01"):
        thresholds.mergers_begun(database)
        with database.writing() as db:
            told(db, "RYJ,,,")
        assert thresholds.mergers_begun(database) == ["RYJ"]
    assert (marked(both), differences("2026-12-01")) == ([True, True], [])


def test_what_is_paid_to_the_one_counts_at_the_other_too(database, both, differences):
    with at("2026-12-01"):
        thresholds.mergers_begun(database)
    both[0].send([row("A1", **PERSON, amount_outstanding="100.00")], on="2026-12-02")
    assert (marked(both), differences("2026-12-02")) == ([True, True], [])


def test_a_backup_from_before_a_merger_is_restored_after_it(database, both, tmp_path: Path):
    with at("2026-11-30"):
        taking.take(database, COMMAND_LINE, tmp_path / "register.backup", None)
    with at("2026-12-02"):
        assert restoring.restore(database, COMMAND_LINE, tmp_path / "register.backup", None).wrong == []
        assert thresholds.mergers_begun(database) == ["RYJ"]
    assert marked(both) == [False, False]
