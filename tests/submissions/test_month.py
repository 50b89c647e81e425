"""One organisation's month: what arrived and did not count, when it was due, and who excused it."""

from datetime import UTC, date, datetime

import pytest

from app.accounts.access import COMMAND_LINE, Actor, Grant
from app.accounts.permissions import Role
from app.accounts.service import user_by_email
from app.core.errors import NotFound
from app.organisations import service as organisations
from app.periods import service as periods
from app.returns.models import Lifecycle, Outcome
from app.submissions.models import Excusal
from app.submissions.month import NotCounted, month
from tests.submissions.test_submissions import AFTER, BEFORE, OCTOBER, World, world

__all__ = ["world"]

LPM = Actor("x", "A manager", (Grant(Role.LPM, "AAA", frozenset({"AAA"})),))
OFFICER = Actor("y", "An officer", (Grant(Role.TRUST, "BBB", frozenset({"BBB"})),))


def test_what_arrived_and_does_not_count_is_told_with_its_reason_the_newest_first(world: World):
    real = world.sends("AAA", AFTER, reference="DR-2026-10-AAA-03")
    nil = world.sends(
        "AAA", BEFORE, outcome=Outcome.NIL, lifecycle=Lifecycle.WITHDRAWN, superseded_by=real.id, reference="N"
    )
    back = world.sends("AAA", BEFORE.replace(day=19), outcome=Outcome.REJECTED, reference="B")
    world.refused("AAA", BEFORE.replace(day=18))
    early = world.sends("AAA", datetime(2026, 10, 30, 12, tzinfo=UTC), qualifies=False, reference="E")
    taken = world.sends("AAA", BEFORE.replace(day=17), lifecycle=Lifecycle.WITHDRAWN, reference="T")
    world.sends("AAA", BEFORE, qualifies=False, lifecycle=Lifecycle.CHECKED)
    found = month(world.db, LPM, "AAA", "2026-10")
    assert (found.cell.state, found.cell.return_id, found.reference) == ("submitted", real.id, "DR-2026-10-AAA-03")
    told = [(one.why, one.return_id, one.reference, one.is_nil) for one in found.not_counted]
    assert told == [
        ("replaced", nil.id, "N", True),
        ("rejected", back.id, "B", False),
        ("refused", None, None, False),
        ("withdrawn", taken.id, "T", False),
        ("early", early.id, "E", False),
    ]
    assert found.not_counted[2] == NotCounted(
        BEFORE.replace(day=18), found.not_counted[2].why, code="F05",
        rule="Mandatory headings are not there, or a heading stands twice.",
    )  # fmt: skip


def test_a_month_without_anything_is_told_too(world: World):
    found = month(world.db, LPM, "BBB", "2026-10")
    assert (found.cell.state, found.not_counted, found.moved, found.excusal) == ("missing", [], None, None)


def test_a_due_date_that_was_moved_has_its_reason(world: World):
    periods.set_due_on(world.db, COMMAND_LINE, OCTOBER, date(2026, 11, 27), "The accounts closed late.")
    found = month(world.db, LPM, "AAA", "2026-10")
    assert found.moved is not None
    assert (found.cell.state, found.cell.due_on, found.moved.reason) == (
        "not_due", date(2026, 11, 27), "The accounts closed late.",
    )  # fmt: skip


def test_an_excused_month_names_who_excused_it_and_why(world: World):
    world.excused("AAA")
    found = month(world.db, LPM, "AAA", "2026-10")
    assert found.excusal is not None
    assert (found.cell.state, found.excusal.reason, found.excused_by) == ("excused", "flood", "the service")
    pat = next(lpm for lpm in found.cell.lpms)
    world.db.add(
        Excusal(organisation_code="BBB", period="2026-10", reason="fire", excused_by=_id(world, pat.email),
                excused_at=BEFORE)
    )  # fmt: skip
    world.db.flush()
    assert month(world.db, LPM, "BBB", "2026-10").excused_by == "pat"


def _id(world: World, email: str) -> str:
    user = user_by_email(world.db, email)
    assert user is not None
    return user.id


@pytest.mark.parametrize(
    ("code", "period"),
    [
        ("AAA", "2026-10"),
        ("ZZZ", "2026-10"),
        ("BBB", "2026-13"),
        ("BBB", "2026-12"),
        ("BBB", "grid"),
        ("\0", "2026-10"),
    ],
)
def test_what_is_out_of_sight_or_no_month_yet_is_not_there(world: World, code: str, period: str):
    with pytest.raises(NotFound):
        month(world.db, OFFICER, code, period)


def test_a_month_in_which_the_organisation_was_closed_is_not_there(world: World):
    organisations.import_csv(world.db, COMMAND_LINE, "code,close_date\nAAA,2026-08-31\n")
    with pytest.raises(NotFound):
        month(world.db, LPM, "AAA", "2026-10")
    assert month(world.db, LPM, "AAA", "2026-08").cell.state == "not_owed"
