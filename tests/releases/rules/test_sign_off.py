"""The states of a release, pair by pair, and who is not a second pair of eyes."""

import pytest

from app.core.errors import Conflict, Forbidden
from app.releases.rules.sign_off import IN_WORDS, MoveNotAllowed, check_approver, check_move, check_samples
from app.releases.rules.words import State

ALLOWED = {
    ("draft", "checking"), ("draft", "abandoned"), ("checking", "approved"), ("checking", "abandoned"),
    ("approved", "released"), ("approved", "abandoned"),
}  # fmt: skip


@pytest.mark.parametrize("was", State)
@pytest.mark.parametrize("wanted", State)
def test_every_pair_of_states_is_allowed_or_refused_in_words(was: State, wanted: State):
    if (was.value, wanted.value) in ALLOWED:
        check_move(3, was, wanted)
        return
    with pytest.raises(MoveNotAllowed, match=f"Release 3 is {IN_WORDS[was]}, so it cannot become {IN_WORDS[wanted]}"):
        check_move(3, was, wanted)


def test_what_is_allowed_instead_is_said():
    with pytest.raises(MoveNotAllowed, match="It can only become approved or abandoned"):
        check_move(3, State.CHECKING, State.RELEASED)
    with pytest.raises(MoveNotAllowed, match="prepare a new one"):
        check_move(3, State.ABANDONED, State.RELEASED)


@pytest.mark.parametrize("state", State)
def test_lines_are_judged_only_while_it_is_checked(state: State):
    if state is State.CHECKING:
        check_samples(3, state)
        return
    with pytest.raises(Conflict, match=IN_WORDS[state]):
        check_samples(3, state)


def test_who_made_it_and_who_looked_through_it_may_not_approve_it():
    check_approver(3, "two", "one", {"three"})
    with pytest.raises(Forbidden, match="You prepared release 3"):
        check_approver(3, "one", "one", {"one"})
    with pytest.raises(Forbidden, match="You checked lines of release 3"):
        check_approver(3, "three", "one", {"three"})
