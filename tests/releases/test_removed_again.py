"""A removal that the recipient rejected, of a debt of which its trust has nothing to mend: it is told until it arrives."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.core import clock
from app.debts.models import Debt
from app.releases.awaited import removal_due
from app.releases.models import Release
from app.return_template.choices import Status
from tests.releases.leaving import answered, leaves, said
from tests.releases.released import references
from tests.releases.test_mended_elsewhere import record
from tests.returns.conftest import Trust, at, hospital, rj1, row

__all__ = ["hospital", "rj1"]

REMOVED = [("1", "removed")]


def is_kept(trust: Trust) -> bool:
    """The debt is not purged: somebody does not know yet that it ended."""
    with at("2026-11-29"), trust.database.reading() as db:
        due = db.exec(select(Debt.invoice_number).where(removal_due(clock.now() - timedelta(days=30))))
        return "1" in list(due)


@pytest.fixture
def removal(rj1: Trust) -> tuple[str, Release]:
    """The reference of a withdrawn debt, and the release that told of its removal."""
    rj1.send([row("1"), row("2")])
    leaves(rj1.database, "full")
    record(rj1, "1", Status.WITHDRAWN, 255000, on="2026-11-23")
    made = leaves(rj1.database, on="2026-11-24")
    assert said(rj1.database, made) == REMOVED and not is_kept(rj1)
    return references(rj1.database)["1"], made


def test_it_is_told_by_every_release_until_it_is_loaded(rj1: Trust, removal: tuple[str, Release]):
    reference, told = removal
    for day, scope in ((25, "changes"), (26, "full")):
        answered(rj1.database, told, (reference, "rejected", "record locked"), on=f"2026-11-{day}")
        assert rj1.open_rows() == [] and is_kept(rj1)
        told = leaves(rj1.database, scope, on=f"2026-11-{day}T15:00")
        assert ("1", "removed") in said(rj1.database, told)
    answered(rj1.database, told, (reference, "loaded", ""), on="2026-11-27")
    assert said(rj1.database, leaves(rj1.database, on="2026-11-28")) == [] and not is_kept(rj1)


def test_it_is_told_once_more_only_while_nobody_answers(rj1: Trust, removal: tuple[str, Release]):
    reference, told = removal
    answered(rj1.database, told, (reference, "rejected", "record locked"), on="2026-11-25")
    assert said(rj1.database, leaves(rj1.database, on="2026-11-26")) == REMOVED
    assert said(rj1.database, leaves(rj1.database, on="2026-11-27")) == [] and not is_kept(rj1)


def test_of_a_repaid_debt_the_trust_is_asked_first(rj1: Trust):
    rj1.send([row("1"), row("2")])
    leaves(rj1.database, "full")
    record(rj1, "1", Status.REPAID, 0, on="2026-11-23")
    told = leaves(rj1.database, on="2026-11-24")
    answered(rj1.database, told, (references(rj1.database)["1"], "rejected", "record locked"), on="2026-11-25")
    assert len(rj1.open_rows()) == 1 and is_kept(rj1)
    assert said(rj1.database, leaves(rj1.database, on="2026-11-26")) == []
