"""Day-to-day changes on a debt's page: the same table of moves as for returns."""

from datetime import date

import pytest

from app.core.errors import Conflict, NotFound, Refused
from app.debts import queries, service
from app.debts.rules.status import MOVES, MoveNotAllowed
from app.debts.service import Move
from app.return_template.choices import Status
from app.returns import amending
from tests.returns.conftest import MakeTrust, Trust, at, hospital, rj1, row

__all__ = ["hospital", "rj1"]

TODAY = date(2026, 11, 22)


def move(trust: Trust, status: str, amount: int = 100000, on: date | None = TODAY, day: str = "2026-11-22", **more):
    with at(day), trust.database.writing() as db:
        return service.change_status(db, trust.officer, trust.debt("1").id, Move(Status(status), on, amount, **more))


def history(trust: Trust):
    with trust.database.reading() as db:
        return [(event.kind, event.status_from, event.status) for event in queries.history(db, trust.debt("1"))]


def test_a_payment_may_be_reported_any_day(rj1: Trust):
    rj1.send([row("1")])
    assert move(rj1, "repaid", 0, date(2026, 11, 20)).status == "repaid"
    assert history(rj1) == [("reported", None, "outstanding"), ("changed", "outstanding", "repaid")]


@pytest.mark.parametrize("was", [Status.ARRANGEMENT, Status.DEFAULTED, Status.REPAID, Status.WITHDRAWN])
def test_only_the_moves_of_the_table_are_taken(rj1: Trust, was: Status):
    rj1.send([row("1")])
    move(rj1, was.value, 0 if was is Status.REPAID else 100000)
    for wanted in set(Status) - {was} - MOVES[was]:
        with pytest.raises(MoveNotAllowed) as refused:
            move(rj1, wanted.value, 0 if wanted is Status.REPAID else 100000)
        assert was.label in refused.value.detail and wanted.label in refused.value.detail


def test_a_status_from_before_the_newest_change_is_not_taken(rj1: Trust):
    rj1.send([row("1")])
    move(rj1, "arrangement", on=date(2026, 11, 20))
    with pytest.raises(Conflict):
        move(rj1, "repaid", 0, on=date(2026, 11, 10))


@pytest.mark.parametrize(
    ("status", "amount", "on"),
    [("repaid", 5000, TODAY), ("arrangement", 0, TODAY), ("arrangement", 999999999, TODAY),
     ("arrangement", 100, date(2026, 11, 23)), ("arrangement", 100, date(2026, 1, 1))],
)  # fmt: skip
def test_figures_that_contradict_are_refused(rj1: Trust, status: str, amount: int, on: date):
    rj1.send([row("1")])
    with pytest.raises(Refused):
        move(rj1, status, amount, on)


def test_a_mistake_on_the_page_is_corrected_within_thirty_days(rj1: Trust):
    rj1.send([row("1")])
    move(rj1, "repaid", 0)
    assert move(rj1, "outstanding", 255000, correction=True).status == "outstanding"
    assert history(rj1)[-1] == ("corrected", "outstanding", "outstanding")


def test_after_thirty_days_a_mistake_is_for_the_debtors_team(rj1: Trust):
    rj1.send([row("1")])
    move(rj1, "repaid", 0)
    with pytest.raises(Conflict):
        move(rj1, "outstanding", 255000, on=date(2026, 12, 30), day="2026-12-30", correction=True)


def test_what_was_recorded_on_the_page_is_not_corrected_by_a_return(rj1: Trust):
    rj1.send([row("1")], on="2026-11-01")
    move(rj1, "repaid", 0, date(2026, 11, 20))
    got = rj1.send([row("1", other_names="New")], period="2026-10").return_
    assert "W09" in rj1.codes(got)
    assert rj1.debt("1").status == "repaid"


def test_another_trusts_debt_does_not_exist(hospital: MakeTrust):
    one, other = hospital("RJ1"), hospital("RYJ")
    one.send([row("1")])
    with pytest.raises(NotFound), other.database.writing() as db:
        service.change_status(db, other.officer, one.debt("1").id, Move(Status.REPAID, TODAY, 0))


def test_a_kept_value_is_cleared_by_an_amendment(rj1: Trust):
    rj1.send([row("1")])
    with at("2026-11-22"), rj1.database.writing() as db:
        service.amend(db, rj1.officer, rj1.debt("1").id, {"passport_number": None})
    assert rj1.debt("1").passport_number is None and rj1.debt("1").passport_match is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"nationality": "FRA"}, "R07"), ({"date_of_birth": date(2030, 1, 1)}, "R03"),
     ({"uk_address": "HIV clinic, chemotherapy"}, "R17"), ({"invoice_date": date(2010, 1, 1)}, "R11"),
     ({"family_name": "Other", "given_names": "One", "date_of_birth": date(1950, 1, 1), "passport_number": "Z1234567"},
      "R16")],
)  # fmt: skip
def test_an_amendment_is_judged_by_the_rules_of_a_return(rj1: Trust, changes, code):
    rj1.send([row("1")])
    with pytest.raises(Refused) as refused, at("2026-11-22"), rj1.database.writing() as db:
        amending.amend(db, rj1.officer, rj1.debt("1").id, changes)
    assert refused.value.code == code
    assert not refused.value.detail.startswith("Row")


def test_an_amended_invoice_date_is_held_against_the_threshold_of_that_day(rj1: Trust):
    ada = {"given_names": "Ada", "passport_number": "A0123"}
    rj1.send([row("1", **ada, invoice_amount="600", amount_outstanding="600")])
    earlier = {"invoice_date": date(2016, 3, 14)}
    with pytest.raises(amending.NotAmended) as refused, at("2026-11-22"), rj1.database.writing() as db:
        amending.amend(db, rj1.officer, rj1.debt("1").id, earlier)
    assert [(each.code, each.field) for each in refused.value.findings if each.code[0] == "R"] == [
        ("R09", "invoice_date")
    ]
    assert '"£600.00" in all, which is less than the £1,000' in refused.value.detail
    assert refused.value.detail.endswith("If this debt should not have been reported, withdraw it.")
    assert rj1.debt("1").invoice_date == date(2026, 6, 14)
    rj1.send([row("2", **ada | {"given_names": "Adaa"}, invoice_amount="500", amount_outstanding="400")])
    with at("2026-11-22"), rj1.database.writing() as db:
        assert amending.amend(db, rj1.officer, rj1.debt("1").id, earlier).invoice_date == date(2016, 3, 14)


def test_an_amendment_of_another_particular_is_not_held_against_the_threshold(rj1: Trust):
    rj1.send([row("1")])
    move(rj1, "outstanding", 9000, on=None)
    with at("2026-11-22"), rj1.database.writing() as db:
        amending.amend(db, rj1.officer, rj1.debt("1").id, {"uk_address": "2 New Street", "given_names": "Adah 1"})
    assert rj1.debt("1").uk_address == "2 New Street"


def test_an_amendment_that_clears_the_passport_does_not_make_another_person_the_same_one(rj1: Trust):
    rj1.send([row("1")])
    another = {"family_name": "Other", "given_names": "One", "date_of_birth": date(1950, 2, 1), "passport_number": None}
    with pytest.raises(amending.NotAmended) as refused, at("2026-11-22"), rj1.database.writing() as db:
        amending.amend(db, rj1.officer, rj1.debt("1").id, another)
    assert refused.value.code == "R16"


def test_a_change_by_a_person_keeps_where_the_debt_comes_from(rj1: Trust):
    sent = rj1.send([row("1")]).return_
    move(rj1, "arrangement")
    assert (rj1.debt("1").return_id, rj1.debt("1").return_row) == (sent.id, 2)


def test_an_amount_alone_moves_no_day_of_the_status(rj1: Trust):
    rj1.send([row("1")])
    paid = move(rj1, "outstanding", 90000, on=None)
    assert (paid.status, paid.status_date, paid.amount_outstanding) == ("outstanding", None, 90000)
    with pytest.raises(Refused):
        move(rj1, "arrangement", on=None)


def test_a_withdrawn_debt_keeps_its_reason_in_its_history_when_only_the_day_is_put_right(rj1: Trust):
    rj1.send([row("1")])
    move(rj1, "withdrawn", on=date(2026, 11, 20), reason="duplicate")
    assert move(rj1, "withdrawn", on=date(2026, 11, 21)).withdrawal_reason == "duplicate"
    with rj1.database.reading() as db:
        assert queries.history(db, rj1.debt("1"))[-1].reason == "duplicate"


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"patient_informed": "no"}, "R18"), ({"invoice_amount": 500_000_001}, "R05"), ({"invoice_amount": 0}, "R05"),
     ({"uk_address": "Ward 7, cancer"}, "R17")],
)  # fmt: skip
def test_what_a_cell_may_not_say_a_person_may_not_say_either(rj1: Trust, changes, code):
    rj1.send([row("1")])
    with pytest.raises(amending.NotAmended) as refused, at("2026-11-22"), rj1.database.writing() as db:
        amending.amend(db, rj1.officer, rj1.debt("1").id, changes)
    assert [finding.code for finding in refused.value.findings] == [code]


def test_a_withdrawn_debt_whose_number_was_reported_anew_is_not_reopened_beside_it(rj1: Trust, team):
    rj1.send([row("1")], period="2026-09")
    first = rj1.debt("1")
    move(rj1, "withdrawn", reason="wrong_person")
    rj1.send([row("1", family_name="Other")])
    reopened = Move(Status.OUTSTANDING, TODAY, 100, "still_owed")
    with pytest.raises(Conflict) as refused, at("2026-11-22"), rj1.database.writing() as db:
        service.change_status(db, team, first.id, reopened)
    assert rj1.debt("1").reference in refused.value.detail
