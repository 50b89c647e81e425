"""Where one organisation stands for one month: all eight states."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.periods.calendar import Period
from app.submissions.rules.spans import Span, covered, kept_of
from app.submissions.rules.state import Arrival, State, is_owed, state, submission


def on(day: int) -> datetime:
    return datetime(2026, 11, day, 12, tzinfo=UTC)


def stands(*arrivals: Arrival, owed: bool = True, excused: bool = False, due_passed: bool = True) -> State:
    """The state with a due date of 20 November."""
    arrived = submission(arrivals)
    return state(owed, excused, arrived, arrived is not None and arrived.at > on(20), due_passed)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (stands(owed=False), State.NOT_OWED),
        (stands(Arrival("a", on(1)), owed=False), State.NOT_OWED),
        (stands(due_passed=False), State.NOT_DUE),
        (stands(), State.MISSING),
        (stands(excused=True), State.EXCUSED),
        (stands(excused=True, due_passed=False), State.EXCUSED),
        (stands(Arrival("a", on(19))), State.SUBMITTED),
        (stands(Arrival("a", on(21))), State.SUBMITTED_LATE),
        (stands(Arrival("a", on(19), is_nil=True)), State.NIL),
        (stands(Arrival("a", on(21), is_nil=True)), State.NIL_LATE),
        (stands(Arrival("a", on(19)), excused=True), State.SUBMITTED),
        (stands(Arrival("a", on(19), withdrawn=True)), State.MISSING),
        (stands(Arrival("a", on(19), withdrawn=True), Arrival("b", on(22))), State.SUBMITTED_LATE),
        (stands(Arrival("b", on(22)), Arrival("a", on(19))), State.SUBMITTED),
    ],
)
def test_the_state_follows_the_earliest_qualifying_return_that_is_not_withdrawn(found: State, expected: State):
    assert found is expected


def test_a_return_that_replaces_a_nil_keeps_the_nils_time_and_lateness():
    nil = Arrival("nil", on(19), is_nil=True, withdrawn=True, superseded_by="real")
    real = Arrival("real", on(25))
    assert stands(nil, real) is State.SUBMITTED
    found = submission([real, nil])
    assert found is not None
    assert (found.return_id, found.at) == ("real", on(19))


def test_the_nil_stands_again_when_the_return_that_replaced_it_is_withdrawn():
    real = Arrival("real", on(25), withdrawn=True)
    assert stands(Arrival("nil", on(19), is_nil=True), real) is State.NIL


def test_a_nil_that_its_trust_withdrew_lends_nothing():
    assert stands(Arrival("nil", on(19), is_nil=True, withdrawn=True), Arrival("real", on(25))) is State.SUBMITTED_LATE


def test_a_month_is_owed_if_the_organisation_is_open_on_its_last_day():
    last_day = date(2026, 10, 31)
    assert is_owed(True, None, None, last_day)
    assert is_owed(True, date(2026, 10, 31), date(2026, 10, 31), last_day)
    assert not is_owed(True, None, date(2026, 10, 30), last_day)
    assert not is_owed(True, date(2026, 11, 1), None, last_day)
    assert not is_owed(False, None, None, last_day)


months = st.builds(Period, st.just(2026), st.integers(1, 12))
spans = st.builds(lambda first, length: Span(first, None if length is None else first.plus(length)),
                  months, st.none() | st.integers(0, 6))  # fmt: skip


@given(st.lists(spans, max_size=6))
def test_however_obligations_are_set_spans_never_overlap_and_the_last_word_holds(settings: list[Span]):
    held: list[Span] = []
    every = list(Period.span(Period(2026, 1), Period(2027, 12)))
    for new in settings:
        before = {period: covered(held, period) for period in every}
        held = [kept for span in held if (kept := kept_of(span, new))] + [new]
        for period in every:
            assert sum(span.covers(period) for span in held) <= 1
            if period < new.first:
                assert covered(held, period) == before[period]
        assert all(covered(held, period) for period in every if new.covers(period))
