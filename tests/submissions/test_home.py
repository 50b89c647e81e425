"""What the home pages ask: where a trust stands today, how often rules marked rows, and a month in numbers."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from app.accounts.access import COMMAND_LINE, Actor, Grant
from app.accounts.permissions import Role
from app.core import clock
from app.core.errors import NotFound
from app.debts.models import Debt, Debtor
from app.organisations.models import Organisation
from app.periods.calendar import Period
from app.returns.models import Lifecycle, Outcome, Return, RuleCount
from app.submissions import home, portfolio, service
from app.submissions.rules.due import in_words
from app.submissions.standings import standings
from tests.submissions.test_submissions import AFTER, BEFORE, NOVEMBER, OCTOBER, SEPTEMBER, World, world

__all__ = ["world"]

TODAY = date(2026, 11, 22)


def officer(*codes: str) -> Actor:
    return Actor("x", "An officer", (Grant(Role.TRUST, codes[0], frozenset(codes)),))


def debt(db: Session, code: str, number: str, pence: int = 100000, **more: object) -> None:
    debtor = Debtor(created_at=BEFORE)
    db.add(debtor)
    db.flush()
    told = {"as_at": TODAY, "particulars_on": TODAY, "confirmed_on": TODAY, "first_reported_on": TODAY}
    values = {"status": "outstanding", "family_name": "Example", "given_names": "Ada"} | told | more
    db.add(
        Debt(
            reference=f"ND-{number}",
            organisation_code=code,
            debtor_id=debtor.id,
            invoice_number=number,
            invoice_fold=number,
            invoice_date=date(2026, 6, 1),
            invoice_amount=pence,
            amount_outstanding=pence,
            changed_at=BEFORE,
            **values,
        )
    )
    db.flush()


def taken_over(db: Session, code: str, by: str) -> None:
    old = db.get(Organisation, code)
    assert old is not None
    old.successor_code, old.successor_from, old.close_date = by, date(2026, 11, 1), date(2026, 10, 31)
    db.add(old)
    db.flush()


@pytest.mark.parametrize(
    ("due", "said"),
    [(date(2026, 12, 20), "due in 28 days"), (date(2026, 11, 24), "due in 2 days"), (date(2026, 11, 23), "due tomorrow"),
     (TODAY, "due today"), (date(2026, 11, 21), "1 day late"), (date(2026, 11, 19), "3 days late")],
)  # fmt: skip
def test_a_due_date_is_told_as_people_say_it(due: date, said: str):
    assert in_words(due, TODAY) == said


def test_a_trust_sees_its_earliest_missing_return_first_and_all_that_are_late(world: World):
    at_home = home.standing(world.db, officer("AAA"), "AAA", TODAY)
    assert (at_home.this_month.period, at_home.due) == (SEPTEMBER, "33 days late")
    assert [cell.period for cell in at_home.late] == [SEPTEMBER, OCTOBER]
    assert [(lpm.name, lpm.email) for lpm in at_home.lpms] == [("pat", "pat@lpm.example")]
    world.sends("AAA", period=SEPTEMBER)
    world.sends("AAA")
    at_home = home.standing(world.db, officer("AAA"), "AAA", TODAY)
    assert (at_home.this_month.period, at_home.due, at_home.late) == (NOVEMBER, "due in 28 days", [])


def test_open_rows_and_open_debts_are_counted_with_their_sum_and_those_not_spoken_of(world: World):
    world.open_row(world.sends("AAA"))
    world.open_row(world.sends("AAA"), closed_at=AFTER)
    debt(world.db, "AAA", "1", 50000)
    debt(world.db, "AAA", "2", 70000, status="arrangement", confirmed_on=date(2025, 1, 1))
    debt(world.db, "AAA", "3", status="withdrawn")
    debt(world.db, "BBB", "4")
    at_home = home.standing(world.db, officer("AAA"), "AAA", TODAY)
    assert at_home.open_rows == 1
    assert at_home.debts == home.OpenDebts(number=2, outstanding=120000, unconfirmed=1)


def test_a_successor_sees_the_late_months_open_rows_and_debts_of_whom_it_took_over(world: World):
    world.open_row(world.sends("DDD", period=SEPTEMBER))
    debt(world.db, "DDD", "1")
    taken_over(world.db, "DDD", by="AAA")
    at_home = home.standing(world.db, officer("AAA", "DDD"), "AAA", TODAY)
    assert [(cell.organisation, cell.period) for cell in at_home.late] == [
        ("AAA", SEPTEMBER), ("AAA", OCTOBER), ("DDD", OCTOBER),
    ]  # fmt: skip
    assert (at_home.open_rows, at_home.debts.number) == (1, 1)


def test_whoever_answers_for_a_closed_organisation_still_has_a_home(world: World):
    world.sends("DDD", period=SEPTEMBER)
    world.sends("DDD", period=OCTOBER)
    taken_over(world.db, "DDD", by="AAA")
    at_home = home.standing(world.db, officer("DDD"), "DDD", TODAY)
    assert (at_home.name, at_home.this_month.period, at_home.this_month.state) == ("Trust DDD", NOVEMBER, "not_owed")
    assert at_home.late == []


@pytest.mark.parametrize("code", ["BBB", "NOPE"])
def test_another_trusts_home_is_not_found(world: World, code: str):
    with pytest.raises(NotFound):
        home.standing(world.db, officer("AAA"), code, TODAY)
    with pytest.raises(NotFound):
        home.standing(world.db, COMMAND_LINE, "NOPE", TODAY)


def counted(db: Session, sent: Return, **rows: int) -> None:
    db.add_all(RuleCount(return_id=sent.id, code=code, rows=number) for code, number in rows.items())
    db.flush()


def test_rules_are_counted_over_submitted_returns_of_the_scope_most_rows_first(world: World):
    counted(world.db, world.sends("AAA"), R01=3, W01=1)
    counted(world.db, world.sends("BBB"), R01=2, R06=9)
    counted(world.db, world.sends("BBB", lifecycle=Lifecycle.WITHDRAWN), R01=50)
    counted(world.db, world.sends("BBB", period=SEPTEMBER), R01=70)
    found = home.rule_counts(world.db, None, [OCTOBER])
    assert [(use.code, use.rows, use.returns) for use in found] == [("R06", 9, 1), ("R01", 5, 2), ("W01", 1, 1)]
    assert found[1].summary
    own = home.rule_counts(world.db, frozenset({"AAA"}), [OCTOBER])
    assert [(use.code, use.rows) for use in own] == [("R01", 3), ("W01", 1)]
    assert home.rule_counts(world.db, frozenset(), [OCTOBER]) == home.rule_counts(world.db, None, []) == []


def test_a_month_in_numbers_counts_what_is_owed_received_on_time_nil_missing_and_of_concern(world: World):
    world.sends("AAA", BEFORE)
    world.sends("BBB", AFTER, outcome=Outcome.NIL)
    world.refused("CCC", BEFORE)
    cells, concerned = standings(world.db, None, [OCTOBER]), service.concerns(world.db, None, OCTOBER)
    numbers = home.month_in_numbers(OCTOBER, cells, concerned)
    assert (numbers.owed, numbers.received, numbers.on_time) == (4, 2, 1)
    assert (numbers.nil, numbers.missing, numbers.not_due, numbers.concerns) == (1, 2, 0, 1)


def test_what_is_not_due_yet_is_not_owed_yet_as_in_the_rates(world: World):
    with clock.at(BEFORE):
        world.sends("AAA", BEFORE)
        numbers = home.month_in_numbers(OCTOBER, standings(world.db, None, [OCTOBER]), [])
    assert (numbers.owed, numbers.received, numbers.missing, numbers.not_due) == (1, 1, 0, 3)


def test_the_newest_returns_come_first_and_checks_are_none(world: World):
    first = world.sends("AAA", datetime(2026, 10, 1, tzinfo=UTC), period=SEPTEMBER)
    second = world.sends("AAA", BEFORE)
    world.sends("AAA", AFTER, lifecycle=Lifecycle.CHECKED)
    world.sends("BBB", AFTER)
    found = home.newest_returns(world.db, officer("AAA"), "AAA", 5)
    assert [sent.id for sent in found] == [second.id, first.id]
    assert len(home.newest_returns(world.db, officer("AAA"), None, 1)) == 1


def test_a_month_that_nobody_recorded_anything_for_is_none_in_every_number():
    assert home.month_in_numbers(Period(2026, 1), [], []) == home.MonthInNumbers(Period(2026, 1), 0, 0, 0, 0, 0, 0, 0)


def test_a_manager_sees_every_row_to_mend_of_the_portfolio_once_however_old_and_whoever_was_taken_over(world: World):
    gone = world.db.get_one(Organisation, "DDD")
    gone.successor_code, gone.successor_from, gone.close_date = "AAA", date(2026, 11, 1), date(2026, 10, 31)
    world.db.flush()
    for period in (OCTOBER, OCTOBER.plus(-30)):
        world.open_row(world.sends("DDD", period=period))
    world.open_row(world.sends("BBB"))
    with clock.at(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        for codes, rows in (
            ({"AAA", "BBB", "DDD"}, {"AAA": 2, "BBB": 1}),
            ({"AAA"}, {"AAA": 2}),
            ({"DDD"}, {"DDD": 2}),
        ):
            manager = Actor("m", "A manager", (Grant(Role.LPM, None, frozenset(codes)),))
            found = portfolio.my_month(world.db, manager, frozenset(codes), TODAY)
            assert ({one.code: one.rows for one in found.to_mend}, found.rows) == (rows, sum(rows.values()))
