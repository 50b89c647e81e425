"""Nations: one list for who passes returns on, whose holidays count, and in which order they are offered."""

from app.organisations import service
from app.organisations.nations import NATIONS, holidays_of, in_order, passing_body


def test_each_nation_of_the_shipped_organisations_has_a_body_that_passes_its_returns_on(db):
    service.load_shipped(db, object())
    nations = {one.nation for one in service.everyone(db, None)}
    assert nations == {one.name for one in NATIONS}
    assert all(passing_body(one) for one in nations)
    assert {holidays_of(one) for one in nations} == {"ENG", "SCT", "WLS", "NIR"}


def test_a_nation_that_nobody_knows_is_passed_on_by_nobody_and_keeps_the_holidays_of_england():
    assert passing_body("Atlantis") is None
    assert holidays_of("Atlantis") == "ENG"


def test_nations_stand_in_the_order_of_the_list_and_unknown_ones_behind():
    assert in_order(["Wales", "Atlantis", "England", "Wales"]) == ["England", "Wales", "Atlantis"]
