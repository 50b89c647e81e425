"""Ids sort by time and cannot be guessed; references can be read out over the telephone."""

import re

from app.core.ids import new_id, reference


def test_ids_sort_in_the_order_in_which_they_were_made():
    made = [new_id() for _ in range(1000)]
    assert sorted(made) == made
    assert len(set(made)) == 1000


def test_ids_made_in_the_same_moment_differ_in_many_places():
    first, second = new_id(), new_id()
    assert sum(a != b for a, b in zip(first[16:], second[16:], strict=True)) >= 6


def test_a_reference_is_short_steady_and_free_of_digits_that_look_like_letters():
    id_ = new_id()
    assert reference(id_, "ND") == reference(id_, "ND")
    assert re.fullmatch(r"ND(-[A-Z2-7]{4}){3}", reference(id_, "ND"))


def test_references_of_many_ids_are_all_different():
    assert len({reference(new_id(), "ND") for _ in range(5000)}) == 5000
