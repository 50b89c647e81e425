"""What one step moves: named by what happened, and always leading from what was open to what is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.debts import posting
from app.reports.rules.movements import ADDING, PUTTING_RIGHT, TAKING, Moved, Movement, Stand, movements
from app.return_template.choices import OPEN_STATUSES, Status

OUTSTANDING, ARRANGED = Stand("outstanding", 50_000), Stand("arrangement", 50_000)
DEFAULTED, REPAID, WITHDRAWN = Stand("defaulted", 50_000), Stand("repaid", 0), Stand("withdrawn", 50_000)


@pytest.mark.parametrize(
    ("kind", "was", "now", "moved"),
    [
        ("reported", None, OUTSTANDING, [Moved(Movement.NEW, 1, 50_000)]),
        ("reported", None, REPAID, []),
        ("changed", OUTSTANDING, ARRANGED, [Moved(Movement.ARRANGED, 1, 50_000)]),
        ("changed", ARRANGED, DEFAULTED, [Moved(Movement.DEFAULTED, 1, 50_000)]),
        ("changed", OUTSTANDING, REPAID, [Moved(Movement.REPAID, 1, 50_000)]),
        ("changed", OUTSTANDING, WITHDRAWN, [Moved(Movement.WITHDRAWN, 1, 50_000)]),
        ("changed", REPAID, OUTSTANDING, [Moved(Movement.REINSTATED, 1, 50_000)]),
        ("updated", OUTSTANDING, Stand("outstanding", 20_000), [Moved(Movement.PART_PAID, 1, 30_000)]),
        ("updated", OUTSTANDING, Stand("outstanding", 60_000), [Moved(Movement.CORRECTED, 0, 10_000)]),
        ("updated", OUTSTANDING, OUTSTANDING, []),
        ("changed", OUTSTANDING, Stand("arrangement", 20_000),
         [Moved(Movement.ARRANGED, 1, 20_000), Moved(Movement.PART_PAID, 1, 30_000)]),
        ("corrected", REPAID, OUTSTANDING, [Moved(Movement.CORRECTED, 1, 50_000)]),
        ("corrected", ARRANGED, OUTSTANDING, []),
        ("undone", OUTSTANDING, WITHDRAWN, [Moved(Movement.CORRECTED, -1, -50_000)]),
    ],
)  # fmt: skip
def test_a_step_is_named_by_what_happened(kind, was, now, moved):
    assert movements(kind, was, now) == moved


def test_what_the_earlier_register_held_is_taken_over_and_not_new():
    assert movements("reported", None, OUTSTANDING, is_taken_over=True) == [Moved(Movement.TAKEN_OVER, 1, 50_000)]


def test_the_kinds_that_put_right_are_those_that_are_posted():
    assert frozenset({posting.CORRECTED, posting.UNDONE}) == PUTTING_RIGHT


KINDS = st.sampled_from(["changed", "updated", "corrected", "undone"])
STANDS = st.builds(Stand, st.sampled_from([status.value for status in Status]), st.integers(0, 10_000))


@given(STANDS, st.lists(st.tuples(KINDS, STANDS), max_size=8))
def test_movements_lead_from_what_was_open_to_what_is_whatever_was_recorded(first, later):
    debts = pence = 0
    was = None
    for kind, now in [("reported", first), *later]:
        for one in movements(kind, was, now):
            sign = 1 if one.movement in ADDING else -1 if one.movement in TAKING else 0
            debts += sign * one.debts if one.movement is not Movement.PART_PAID else 0
            pence += sign * one.pence
        was = now
    assert was is not None
    is_open = was.status in OPEN_STATUSES
    assert (debts, pence) == ((1, was.pence) if is_open else (0, 0))
