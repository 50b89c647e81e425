"""Who hangs together: joins make persons, exact agreement makes debtors, whatever came first."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.debts.rules.persons import Known, agree, clusters, settled

DEBTORS = [f"{number:02d}" for number in range(8)]
PAIRS = list(combinations(DEBTORS, 2))
DIGESTS = st.lists(st.tuples(st.sampled_from([None, "ada", "ben"]), st.sampled_from([None, "A1", "B2"])), max_size=8)


def test_a_person_is_known_by_the_oldest_and_each_knows_the_neighbour_on_the_way_there():
    found = settled(["1", "2", "3", "4"], [("2", "3"), ("1", "3")])
    assert found == {"1": ("1", None), "3": ("1", "1"), "2": ("1", "3"), "4": ("4", None)}


@given(st.lists(st.sampled_from(PAIRS)), st.sampled_from(PAIRS))
def test_a_join_that_is_parted_again_leaves_everybody_as_before(joins, one_more):
    joins = [pair for pair in joins if pair != one_more]
    before = settled(DEBTORS, joins)
    settled(DEBTORS, [*joins, one_more])
    assert settled(DEBTORS, joins) == before


@given(st.lists(st.sampled_from(PAIRS)))
def test_who_is_joined_has_one_root_and_nobody_else_has_it(joins):
    root_of = {debtor: root for debtor, (root, _) in settled(DEBTORS, joins).items()}
    assert all(root_of[one] == root_of[other] for one, other in joins)
    for root in set(root_of.values()):
        members = {debtor for debtor in DEBTORS if root_of[debtor] == root}
        assert root == min(members)
        reached, grown = {root}, True
        while grown:
            more = {each for pair in joins if set(pair) & reached for each in pair} - reached
            reached, grown = reached | more, bool(more)
        assert reached == members


def test_a_debt_without_a_passport_number_proves_nothing_of_two_with_different_ones():
    known = Known()
    known.add("ada", "A1", "older")
    known.add("ada", "B2", "younger")
    found = known.same_person("ada", None)
    assert (found, known.bridged("ada", None, "older", found)) == (["older", "younger"], [])


def test_a_name_here_and_a_passport_there_prove_two_to_be_one():
    known = Known()
    known.add("ada", None, "older")
    known.add("adah", "A1", "younger")
    found = known.same_person("ada", "A1")
    assert known.bridged("ada", "A1", "older", found) == [("older", "younger")]


@given(DIGESTS)
def test_every_debt_stands_in_one_cluster_and_who_agrees_with_nobody_stands_alone(digests):
    found = clusters(digests)
    assert sorted(place for cluster in found for place in cluster) == list(range(len(digests)))
    for cluster in found:
        for place in cluster if len(cluster) > 1 else ():
            assert any(agree(digests[place], digests[other]) for other in cluster if other != place)
