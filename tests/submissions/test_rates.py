"""Rates: what each figure counts, who may read them added up by what, and that they equal an independent count in SQL."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import Date, bindparam, text
from sqlmodel import Session

from app.accounts.access import COMMAND_LINE, Actor, Grant
from app.accounts.permissions import Role
from app.core.db import Instant
from app.core.errors import Forbidden
from app.organisations.models import Organisation
from app.periods.calendar import Period
from app.returns.models import Lifecycle, Outcome, Return
from app.returns.open_rows import ACCEPTED, REPLACED
from app.submissions import home, rates, service
from app.submissions.not_submitted import not_submitted
from app.submissions.rates import DEFINITIONS, By, Rate
from app.submissions.standings import standings
from tests.submissions.test_submissions import AFTER, BEFORE, NOVEMBER, OCTOBER, SEPTEMBER, World, world

__all__ = ["world"]


def of(db: Session, first: Period = OCTOBER, last: Period = OCTOBER, by: By = By.ORGANISATION) -> dict[str, Rate]:
    return {one.key: one for one in rates.rates(db, None, first, last, by)}


def test_first_time_right_looks_at_the_first_file_alone_even_if_it_was_withdrawn(world: World):
    world.sends("AAA", BEFORE, read=10, accepted=5, unchanged=2, rejected=3, lifecycle=Lifecycle.WITHDRAWN)
    world.sends("AAA", AFTER, read=10, accepted=10)
    world.sends("AAA", BEFORE - timedelta(days=9), read=99, lifecycle=Lifecycle.CHECKED)
    one = of(world.db)["AAA"]
    assert (one.received, one.rows_read, one.rows_right, one.first_time_right) == (1, 10, 7, 0.7)


def test_a_file_of_which_every_row_went_back_is_not_received_but_its_rows_count_as_a_first_try(world: World):
    world.sends("AAA", BEFORE, read=8, rejected=8, outcome=Outcome.REJECTED)
    world.sends("BBB", BEFORE, read=8, accepted=8)
    found = of(world.db, by=By.NATION)["England"]
    assert (found.owed, found.received, found.rows_read, found.first_time_right) == (3, 1, 16, 0.5)


def test_a_nil_is_no_file_and_what_was_refused_is_counted_beside(world: World):
    world.sends("AAA", BEFORE, outcome=Outcome.NIL)
    world.refused("BBB", BEFORE)
    world.refused("BBB", AFTER)
    found = of(world.db)
    assert (found["AAA"].received, found["AAA"].first_time_right) == (1, None)
    assert (found["BBB"].received, found["BBB"].first_time_right, found["BBB"].refused_files) == (0, None, 2)


def test_rows_of_months_that_are_not_owed_yet_or_were_excused_are_left_out(world: World):
    world.sends("AAA", BEFORE, period=NOVEMBER, read=8, rejected=8, outcome=Outcome.REJECTED)
    world.excused("BBB")
    world.sends("BBB", BEFORE, read=8, rejected=8, outcome=Outcome.REJECTED)
    found = of(world.db, OCTOBER, NOVEMBER, By.NATION)["England"]
    assert (found.owed, found.rows_read) == (2, 0)


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def test_days_to_mend_is_the_median_from_going_back_to_acceptance_with_the_open_ones_beside(world: World):
    first = world.sends("AAA", at(1))
    closed = {"closed_reason": ACCEPTED}
    world.open_row(first, opened_at=at(1, 23), closed_at=at(3, 1), **closed)
    world.open_row(first, opened_at=at(1), closed_at=at(5), **closed)
    world.open_row(first, opened_at=at(1), closed_at=at(12), **closed)
    world.open_row(first, opened_at=at(1), closed_at=at(20), closed_reason="not ours")
    world.open_row(first, opened_at=at(1))
    one = of(world.db)["AAA"]
    assert (one.days_to_mend, one.still_open) == (4.0, 1)
    assert of(world.db)["BBB"].days_to_mend is None


def test_a_row_that_went_back_again_keeps_its_first_day(world: World):
    september, second, third = (
        world.sends("AAA", at(1), SEPTEMBER),
        world.sends("AAA", at(8)),
        world.sends("AAA", at(15)),
    )
    again = {"invoice_number": "INV1", "closed_reason": REPLACED}
    world.open_row(september, opened_at=at(1), closed_at=at(8), closed_by_return=second.id, **again)
    world.open_row(second, opened_at=at(8), closed_at=at(15), closed_by_return=third.id, **again)
    world.open_row(third, opened_at=at(15), closed_at=at(21), invoice_number="INV1", closed_reason=ACCEPTED)
    assert of(world.db)["AAA"].days_to_mend == 20.0


def test_the_trend_is_all_organisations_together_by_month(world: World):
    world.sends("AAA", BEFORE)
    world.sends("BBB", AFTER, period=SEPTEMBER)
    months = rates.counted(world.db, None, SEPTEMBER, NOVEMBER)
    found = [(one.key, one.name, one.owed, one.received, one.on_time) for one in rates.by_month(months)]
    assert found == [("2026-09", "September 2026", 4, 1, 0), ("2026-10", "October 2026", 4, 1, 1)]
    together = rates.altogether(months)
    assert (together.owed, together.received, together.rate) == (8, 2, 0.25)
    assert (rates.altogether([]).owed, rates.altogether([]).rate) == (0, 0.0)


def test_a_board_reads_no_single_organisation_not_even_beside_another_role():
    board, trust = Grant(Role.BOARD), Grant(Role.TRUST, "AAA", frozenset({"AAA"}))
    alone, both = Actor("x", "X", (board,)), Actor("y", "Y", (board, trust))
    for by in (By.ORGANISATION, By.LPM):
        with pytest.raises(Forbidden, match="by nation or by region"):
            rates.reach(alone, by)
        assert rates.reach(both, by) == {"AAA"}
    assert rates.reach(alone, By.REGION) is None


def test_every_figure_of_a_rate_is_defined_once():
    keys = [one.key for one in DEFINITIONS]
    told = {field.name for field in fields(Rate)} | {"rate", "on_time_rate", "first_time_right"}
    assert set(keys) | {"key", "name", "rows_right"} == told
    assert len(keys) == len(set(keys))


# What an independent counter would ask of the tables, without a line of ours.
COUNT = """
WITH owing AS (
    SELECT o.code FROM organisations o
    WHERE (o.open_date IS NULL OR o.open_date <= :last_day) AND (o.close_date IS NULL OR o.close_date >= :last_day)
      AND EXISTS (SELECT 1 FROM obligations b WHERE b.organisation_code = o.code AND b.from_period <= '2026-10'
                  AND (b.to_period IS NULL OR b.to_period >= '2026-10'))
), good AS (
    SELECT r.organisation_code AS code, r.submitted_at AS arrived FROM returns r
    WHERE r.period = '2026-10' AND r.lifecycle = 'submitted' AND r.qualifies
    UNION ALL
    SELECT nil.organisation_code, nil.submitted_at FROM returns nil JOIN returns real_one ON real_one.id = nil.superseded_by
    WHERE nil.period = '2026-10' AND nil.lifecycle = 'withdrawn' AND nil.qualifies AND real_one.lifecycle = 'submitted'
), came AS (
    SELECT code, MIN(arrived) AS arrived FROM good GROUP BY code
), counted AS (
    SELECT owing.code, came.arrived FROM owing LEFT JOIN came ON came.code = owing.code
    WHERE came.code IS NOT NULL OR NOT EXISTS
          (SELECT 1 FROM excusals e WHERE e.organisation_code = owing.code AND e.period = '2026-10')
), files AS (
    SELECT r.* FROM returns r JOIN counted ON counted.code = r.organisation_code
    WHERE r.period = '2026-10' AND r.lifecycle <> 'checked' AND r.outcome <> 'nil'
), firsts AS (
    SELECT * FROM files f WHERE NOT EXISTS (SELECT 1 FROM files e WHERE e.organisation_code = f.organisation_code
        AND (e.submitted_at < f.submitted_at OR (e.submitted_at = f.submitted_at AND e.id < f.id)))
)
SELECT COUNT(*), COUNT(arrived), COUNT(CASE WHEN arrived < :after_due THEN 1 END),
       COUNT(CASE WHEN arrived IS NULL THEN 1 END),
       (SELECT COALESCE(SUM(read), 0) FROM firsts), (SELECT COALESCE(SUM(accepted + unchanged), 0) FROM firsts)
FROM counted
"""
REPLACED_BY_FIRST: dict[str, object] = {"superseded_by": "the first"}
EARLY, REPLACES = datetime(2026, 10, 30, 12, tzinfo=UTC), AFTER + timedelta(days=1)
GONE, ONLY_CHECKED = {"lifecycle": Lifecycle.WITHDRAWN}, {"lifecycle": Lifecycle.CHECKED}
SENT: dict[str, tuple[tuple[datetime, Outcome, dict[str, object]], ...]] = {
    "nothing": (),
    "on time": ((BEFORE, Outcome.ACCEPTED, {}),),
    "late": ((AFTER, Outcome.ACCEPTED, {}),),
    "nil": ((BEFORE, Outcome.NIL, {}),),
    "nil replaced late": ((REPLACES, Outcome.ACCEPTED, {}), (BEFORE, Outcome.NIL, GONE | REPLACED_BY_FIRST)),
    "nil back again": ((AFTER, Outcome.ACCEPTED, GONE), (BEFORE, Outcome.NIL, {})),
    "nil and return gone": ((AFTER, Outcome.ACCEPTED, GONE), (BEFORE, Outcome.NIL, GONE | REPLACED_BY_FIRST)),
    "withdrawn": ((BEFORE, Outcome.ACCEPTED, GONE),),
    "wholly rejected": ((BEFORE, Outcome.REJECTED, {}),),
    "rejected, then mended": ((BEFORE, Outcome.REJECTED, {}), (AFTER, Outcome.ACCEPTED, {})),
    "only early": ((EARLY, Outcome.ACCEPTED, {"qualifies": False}),),
    "early, then again": ((EARLY, Outcome.ACCEPTED, {"qualifies": False}), (BEFORE, Outcome.ACCEPTED, {})),
    "only checked": ((BEFORE, Outcome.ACCEPTED, ONLY_CHECKED),),
    "twice": ((AFTER, Outcome.ACCEPTED, {}), (BEFORE, Outcome.ACCEPTED, {})),
}
ROWS = {
    Outcome.ACCEPTED: {"read": 7, "accepted": 3, "unchanged": 2, "rejected": 2},
    Outcome.REJECTED: {"read": 4, "rejected": 4},
    Outcome.NIL: {},
}
OPEN = {
    "open": {},
    "closes before the end": {"close_date": date(2026, 10, 30), "successor_code": "ZZZ", "successor_from": date(2026, 10, 31)},
    "closes on the last day": {"close_date": date(2026, 10, 31), "successor_code": "ZZZ", "successor_from": date(2026, 11, 1)},
    "opens after": {"open_date": date(2026, 11, 1)},
}  # fmt: skip
OWES = {"owes": (SEPTEMBER, None), "owed until September": (SEPTEMBER, SEPTEMBER), "never owed": None}


def sends(world: World, code: str, what: str) -> None:
    sent: list[Return] = []
    for at_, outcome, more in SENT[what]:
        by = {"superseded_by": sent[0].id} if "superseded_by" in more else {}
        sent.append(world.sends(code, at_, outcome=outcome, **(ROWS[outcome] | more | by)))
    if not sent:
        world.refused(code, BEFORE)


def test_the_figures_equal_an_independent_count_in_sql(world: World):
    """Every mix of owing, being open, being excused and sending, for October; with it, the list and the month in numbers."""
    db, owing = world.db, {name: [] for name in OWES}
    world.organisation("ZZZ")
    for number, (owes, is_open, excused, sent) in enumerate(product(OWES, OPEN, (False, True), SENT)):
        code = f"M{number}"
        db.add(
            Organisation(
                code=code, name=code, nation="England", region="London", organisation_type="x", **OPEN[is_open]
            )
        )
        db.flush()
        owing[owes].append(code)
        sends(world, code, sent)
        if excused:
            world.excused(code)
    for name, span in OWES.items():
        if span:
            service.set_obligation(db, COMMAND_LINE, owing[name], *span)
    asked = text(COUNT).bindparams(bindparam("last_day", type_=Date), bindparam("after_due", type_=Instant))
    counted = db.execute(asked, {"last_day": OCTOBER.last_day, "after_due": AFTER}).one()
    found = rates.altogether(rates.counted(db, None, OCTOBER, OCTOBER))
    missing = found.owed - found.received
    assert (found.owed, found.received, found.on_time, missing, found.rows_read, found.rows_right) == tuple(counted)
    assert min(counted) > 10
    assert len(not_submitted(db, None, OCTOBER)) == missing
    numbers = home.month_in_numbers(OCTOBER, standings(db, None, [OCTOBER]), [])
    assert (numbers.owed, numbers.received, numbers.on_time, numbers.missing) == tuple(counted)[:4]
    for by in By:
        parts = of(db, by=by).values()
        assert sum(one.owed for one in parts) == found.owed
