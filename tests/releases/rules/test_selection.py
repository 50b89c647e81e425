"""What a line says, from what its recipient was told and what the register says now."""

from datetime import date

import pytest

from app.releases.rules.selection import Carried, Digests, change, differing, digests
from app.releases.rules.words import Change, Scope
from app.return_template.columns import KEYS

NOW = Digests("owes 100", "Ada Example")
OTHER_STATUS, OTHER_PERSON = Digests("owes 200", "Ada Example"), Digests("owes 100", "Ida Example")
VALUES = dict.fromkeys(KEYS) | {
    "status": "outstanding", "amount_outstanding": 1000, "family_name": "Example", "given_names": "Ada",
    "date_of_birth": date(1985, 3, 27), "site": "North", "your_reference": "a",
}  # fmt: skip


def says(before: Carried | None, status: str = "outstanding", scope: Scope = Scope.CHANGES, lacks_flag: bool = False):
    return change(scope, status, NOW, before, lacks_flag=lacks_flag)


@pytest.mark.parametrize("status", ["outstanding", "arrangement", "defaulted"])
def test_an_open_debt_of_which_nobody_was_told_is_new(status: str):
    assert says(None, status) is Change.NEW


@pytest.mark.parametrize("status", ["repaid", "withdrawn"])
@pytest.mark.parametrize("scope", Scope)
def test_an_ended_debt_is_removed_once_and_only_where_it_was_told(status: str, scope: Scope):
    assert says(None, status, scope) is None
    assert says(Carried(OTHER_STATUS, removed=False), status, scope) is Change.REMOVED
    assert says(Carried(NOW, removed=True), status, scope) is None


def test_another_status_is_an_update_and_other_particulars_are_a_correction_which_says_more():
    assert says(Carried(OTHER_STATUS, removed=False)) is Change.UPDATED
    assert says(Carried(OTHER_PERSON, removed=False)) is Change.CORRECTED
    assert says(Carried(Digests("owes 200", "Ida Example"), removed=False)) is Change.CORRECTED


def test_what_has_not_changed_is_said_again_only_by_a_full_release():
    assert says(Carried(NOW, removed=False)) is None
    assert says(Carried(NOW, removed=False), scope=Scope.FULL) is Change.SAME


def test_a_flag_that_must_be_set_again_counts_as_a_change():
    assert says(Carried(NOW, removed=False), lacks_flag=True) is Change.UPDATED
    assert says(Carried(NOW, removed=False), scope=Scope.FULL, lacks_flag=True) is Change.UPDATED


def test_what_was_rejected_and_is_mended_is_sent_again():
    assert says(Carried(NOW, removed=False, again=True)) is Change.CORRECTED
    assert says(Carried(NOW, removed=True, again=True), "repaid") is Change.REMOVED


def test_a_debt_that_is_owed_again_is_an_update_of_what_was_told():
    assert says(Carried(OTHER_STATUS, removed=True)) is Change.UPDATED


@pytest.mark.parametrize(
    ("key", "value"),
    [("family_name", "Sample"), ("date_of_birth", date(1985, 3, 28)), ("invoice_amount", 1), ("ni_number", "QQ123456C"),
     ("overseas_address", "1 Example Road")],
)  # fmt: skip
def test_every_particular_that_leaves_is_told_apart(key: str, value: object):
    now = digests(VALUES | {key: value})
    assert now.particulars != digests(VALUES).particulars and now.status == digests(VALUES).status
    assert differing(VALUES, VALUES | {key: value}) == [key]


def test_a_status_its_day_and_the_amount_are_told_apart():
    for key, value in {"status": "defaulted", "status_date": date(2026, 1, 1), "amount_outstanding": 999}.items():
        now = digests(VALUES | {key: value})
        assert now.status != digests(VALUES).status and now.particulars == digests(VALUES).particulars


def test_what_never_leaves_and_what_nobody_sees_makes_no_difference():
    assert digests(VALUES | {"site": "South", "your_reference": "b", "other_names": ""}) == digests(VALUES)
    assert differing(VALUES, VALUES | {"site": "South", "other_names": ""}) == []


def test_a_value_does_not_slip_into_the_next_column():
    one = digests(VALUES | {"uk_address": "a", "uk_postcode": ""})
    assert one != digests(VALUES | {"uk_address": "", "uk_postcode": "a"})
