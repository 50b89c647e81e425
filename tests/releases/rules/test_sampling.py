"""How many lines are looked at, from whom, and that anybody can draw the same sample again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.sampling import Sampling
from app.releases.rules.sampling import places, size, too_many_wrong

SQUARE_ROOT = Sampling(date(2026, 11, 1), "square_root", 10, 5, 1)
FIXED = Sampling(date(2026, 11, 1), "fixed", 25, 5, 1)
COUNTS = st.dictionaries(st.sampled_from([f"R{n:02}" for n in range(30)]), st.integers(0, 400), max_size=30)


@pytest.mark.parametrize(("lines", "looked_at"), [(0, 0), (1, 1), (9, 9), (30, 10), (101, 11), (10_000, 100), (1_000_000, 1000)])  # fmt: skip
def test_the_square_root_of_the_lines_is_looked_at_and_at_least_ten(lines: int, looked_at: int):
    assert size(lines, SQUARE_ROOT) == looked_at


@pytest.mark.parametrize(("lines", "looked_at"), [(0, 0), (24, 24), (25, 25), (1_000_000, 25)])
def test_a_fixed_number_is_that_or_every_line(lines: int, looked_at: int):
    assert size(lines, FIXED) == looked_at


@given(COUNTS, st.integers(0, 500), st.text("0123456789abcdef", min_size=32, max_size=32))
def test_the_same_seed_and_lines_give_the_same_sample_of_the_size_that_was_asked(
    counts: dict[str, int], wanted: int, seed: str
):
    found = places(counts, wanted, seed)
    assert found == places(dict(reversed(counts.items())), wanted, seed)
    assert sum(map(len, found.values())) == min(wanted, sum(counts.values()))
    assert all(set(chosen) <= set(range(counts[code])) for code, chosen in found.items())


def test_another_seed_gives_another_sample():
    assert places({"RJ1": 1000}, 20, "a") != places({"RJ1": 1000}, 20, "b")


def test_a_large_trust_does_not_swallow_the_sample():
    found = places({"BIG": 9_900, **{f"R{n}": 11 for n in range(9)}}, 100, "seed")
    assert len(found["BIG"]) < 80
    assert all(len(found[f"R{n}"]) >= 2 for n in range(9))


def test_where_places_are_fewer_than_trusts_chance_says_whose_turn_it_is():
    seen = {code for seed in range(40) for code in places(dict.fromkeys("ABCDEFGH", 5), 3, str(seed))}
    assert seen == set("ABCDEFGH")


@pytest.mark.parametrize(
    ("looked_at", "wrong", "stops"),
    [(10, 0, False), (10, 1, False), (10, 2, True), (40, 2, False), (39, 2, True), (100, 5, False), (100, 6, True)],
)
def test_a_release_stops_above_one_line_and_five_in_a_hundred(looked_at: int, wrong: int, stops: bool):
    assert too_many_wrong(looked_at, wrong, SQUARE_ROOT) is stops
