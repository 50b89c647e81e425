"""Answers to an older release, after a newer one has left: what the recipient loaded last stands, and what is mended leaves."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.core import clock
from app.debts.models import Debt
from app.releases.awaited import removal_due
from app.releases.models import Release
from app.return_template.choices import Status
from app.returns import answering
from app.returns.answering import Answer
from tests.releases.leaving import answered, leaves, said
from tests.releases.released import references
from tests.releases.test_acknowledgement import steps
from tests.releases.test_mended_elsewhere import record
from tests.returns.conftest import Trust, at, hospital, rj1, row

__all__ = ["hospital", "rj1"]


@pytest.fixture
def two(rj1: Trust) -> tuple[str, Release, Release]:
    """A debt that a release carried, and another one with the payment that came in between: its reference and both."""
    rj1.send([row("1")])
    first = leaves(rj1.database, "full")
    record(rj1, "1", Status.OUTSTANDING, 200000, on="2026-11-24")
    return references(rj1.database)["1"], first, leaves(rj1.database, on="2026-11-25")


def facts_stand(trust: Trust, on: str) -> None:
    with at(on), trust.database.writing() as db:
        answering.answer(db, trust.officer, trust.open_rows()[0].id, Answer.EARLIER_FACTS_STAND)


def test_a_debt_that_a_later_release_loaded_leaves_nothing_to_mend_of_the_earlier_one(
    rj1: Trust, two: tuple[str, Release, Release]
):  # fmt: skip
    reference, first, second = two
    answered(rj1.database, first, (reference, "rejected", "system busy"), on="2026-11-26")
    answered(rj1.database, second, (reference, "loaded", ""), on="2026-11-27")
    assert rj1.open_rows() == [] and steps(rj1, first).whole.ended == 1
    assert said(rj1.database, leaves(rj1.database, on="2026-11-28")) == []


def test_nor_when_the_answer_to_the_earlier_release_comes_last(rj1: Trust, two: tuple[str, Release, Release]):
    reference, first, second = two
    answered(rj1.database, second, (reference, "loaded", ""), on="2026-11-26")
    answered(rj1.database, first, (reference, "rejected", "system busy"), on="2026-11-27")
    assert rj1.open_rows() == [] and steps(rj1, first).whole.ended == 1


def test_a_row_stays_when_what_was_loaded_is_older_than_its_rejection(rj1: Trust, two: tuple[str, Release, Release]):
    reference, first, second = two
    answered(rj1.database, second, (reference, "rejected", "no match"), on="2026-11-26")
    answered(rj1.database, first, (reference, "loaded", ""), on="2026-11-27")
    assert [open_.origin_id for open_ in rj1.open_rows()] == [second.id]


def test_what_is_mended_after_a_later_release_left_is_carried_by_the_next_one_alone(
    rj1: Trust, two: tuple[str, Release, Release]
):  # fmt: skip
    reference, first, _ = two
    answered(rj1.database, first, (reference, "rejected", "no match"), on="2026-11-26")
    assert said(rj1.database, leaves(rj1.database, on="2026-11-27T09:00")) == []
    facts_stand(rj1, "2026-11-27")
    assert said(rj1.database, leaves(rj1.database, on="2026-11-28")) == [("1", "corrected")]
    assert said(rj1.database, leaves(rj1.database, on="2026-11-29")) == []
    assert steps(rj1, first).whole.sent_again == 1


def test_a_removal_is_told_again_when_its_debt_was_mended_after_it_and_the_debt_is_kept_until_then(rj1: Trust):
    rj1.send([row("1")])
    first = leaves(rj1.database, "full")
    record(rj1, "1", Status.REPAID, 0, on="2026-11-24")
    leaves(rj1.database, on="2026-11-25")
    answered(rj1.database, first, (references(rj1.database)["1"], "rejected", "no match"), on="2026-11-26")
    facts_stand(rj1, "2026-11-27")
    with at("2026-11-28"), rj1.database.reading() as db:
        due = select(Debt.invoice_number).where(removal_due(clock.now() - timedelta(days=30)))
        assert list(db.exec(due)) == ["1"]
    assert said(rj1.database, leaves(rj1.database, on="2026-11-28")) == [("1", "removed")]
    with at("2026-11-29"), rj1.database.reading() as db:
        assert list(db.exec(due)) == []
