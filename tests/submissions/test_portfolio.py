"""A manager's month: who has not sent, who never does, and what there is to do. Today is 22 November 2026."""

from datetime import date

import pytest
from sqlalchemy import event

from app.accounts import service as accounts
from app.accounts.access import Actor
from app.accounts.models import User
from app.contact_log import service as contact_log
from app.contact_log.rules.entry import Details
from app.periods.calendar import Period
from app.returns.models import Outcome
from app.submissions import portfolio
from app.submissions.portfolio import MyMonth
from app.submissions.rules.silence import months_of_silence
from app.submissions.rules.state import State
from tests.submissions.test_submissions import AFTER, BEFORE, OCTOBER, SEPTEMBER, World, world

__all__ = ["world"]

TODAY = date(2026, 11, 22)
M, S, N, E = State.MISSING, State.SUBMITTED, State.NIL_LATE, State.EXCUSED


@pytest.fixture
def pat(world: World) -> Actor:
    """Looks after AAA and BBB."""
    return accounts.actor_for_user(world.db, _of(world, "pat@lpm.example"))


def _of(world: World, email: str) -> User:
    user = accounts.user_by_email(world.db, email)
    assert user is not None
    return user


def month(world: World, actor: Actor, *codes: str) -> MyMonth:
    return portfolio.my_month(world.db, actor, frozenset(codes or ("AAA", "BBB")), TODAY)


@pytest.mark.parametrize(
    ("states", "months"),
    [
        ([M] * 12, 12),
        ([S, *[M] * 12], 12),
        ([S, *[M] * 11], 0),
        ([M] * 12 + [E, State.NOT_DUE, State.NOT_OWED], 12),
        ([E] * 20, 0),
        ([M, M, M], 3),
        ([M, M], 0),
        ([M, N, M], 0),
        ([], 0),
    ],
)
def test_silence_is_nothing_received_in_the_last_twelve_owed_months(states, months):
    assert months_of_silence(states) == months


def test_who_has_not_sent_comes_with_the_due_date_in_words_and_the_last_contact(world: World, pat: Actor):
    world.sends("AAA")
    entry = contact_log.log(world.db, pat, "BBB", Details("call", TODAY, "left_word"))
    my = month(world, pat)
    assert [(one.cell.organisation, one.due, one.contact) for one in my.waiting] == [("BBB", "2 days late", entry)]
    assert (my.missing, my.numbers.received, my.month) == (1, 1, OCTOBER)
    assert [one.organisation_code for one in my.contacts] == ["BBB"]


def test_who_never_sends_is_listed_until_one_return_arrives(world: World, pat: Actor):
    world.owes("AAA", "BBB", begins=Period(2025, 1))
    world.sends("AAA", period=SEPTEMBER, outcome=Outcome.NIL)
    assert [(one.code, one.owed) for one in month(world, pat).silent] == [("BBB", 12)]
    world.sends("BBB", AFTER, period=SEPTEMBER)
    assert month(world, pat).silent == []


def test_rows_to_mend_concerns_steps_and_rules_are_of_the_portfolio_alone(world: World, pat: Actor):
    for code in ("AAA", "CCC"):
        sent = world.sends(code)
        world.open_row(sent)
        world.open_row(sent)
    world.refused("BBB", BEFORE)
    world.refused("DDD", BEFORE)
    contact_log.log(
        world.db, pat, "AAA", Details("mail", date(2026, 11, 1), "left_word", "", "Call", date(2026, 11, 20))
    )
    contact_log.log(world.db, pat, "BBB", Details("mail", date(2026, 11, 1), "left_word", "", "Visit", None))
    my = month(world, pat)
    assert [(one.code, one.rows) for one in my.to_mend] == [("AAA", 2)]
    assert (my.rows, [one.organisation for one in my.concerns]) == (2, ["BBB"])
    assert [(step.entry.next_step, step.due, step.is_overdue) for step in my.steps] == [
        ("Call", "2 days late", True), ("Visit", "", False),
    ]  # fmt: skip
    assert my.overdue == 1


def test_an_empty_portfolio_has_a_month_too(world: World, pat: Actor):
    my = portfolio.my_month(world.db, pat, frozenset(), TODAY)
    assert (my.number, my.waiting, my.silent, my.contacts, my.steps, my.rules) == (0, [], [], [], [], [])


def test_a_large_portfolio_asks_no_more_questions_than_a_small_one(world: World, pat: Actor):
    def questions(*codes: str) -> int:
        asked: list[str] = []
        count = lambda *given: asked.append(given[2])  # noqa: E731
        event.listen(world.db.get_bind(), "before_cursor_execute", count)
        month(world, pat, *codes)
        event.remove(world.db.get_bind(), "before_cursor_execute", count)
        return len(asked)

    assert questions("AAA") == questions("AAA", "BBB", "CCC", "DDD", "EEE")
