"""Debts of persons who owe so much altogether: a filter for those who look across organisations, and for nobody else."""

import pytest

from app.accounts.access import COMMAND_LINE, Actor, Grant
from app.accounts.permissions import Role
from app.core.errors import Forbidden
from app.debts import queries
from app.debts.filters import DebtFilter
from app.debts.matches import State
from app.debts.queries import Sort
from tests.debts.test_joins import decide
from tests.returns.conftest import MakeTrust, Trust, at, hospital, rj1, row

__all__ = ["hospital", "rj1"]

SAME = {"given_names": "Ada", "passport_number": "A99999999"}


@pytest.fixture
def filled(rj1: Trust, hospital: MakeTrust) -> Trust:
    """Ada owes £1,500 at two trusts together and has repaid £900; another person owes £1,400 at one."""
    rj1.send([row("A1", invoice_amount="700.00", amount_outstanding="700.00", **SAME),
              row("A2", invoice_amount="1400.00", amount_outstanding="1400.00")])  # fmt: skip
    other = hospital("RYJ")
    other.send([row("B1", invoice_amount="800.00", amount_outstanding="800.00", **SAME)])
    other.send(
        [row("B2", invoice_amount="900.00", amount_outstanding="900.00", **SAME)], period="2026-09", on="2026-10-10"
    )
    other.send([row("B2", invoice_amount="900.00", amount_outstanding="0.00", status="Debt repaid",
                    status_date="01/11/2026", **SAME)])  # fmt: skip
    return rj1


def found(trust: Trust, actor: Actor, **wanted: object) -> list[str]:
    asked = DebtFilter(**wanted)  # type: ignore[arg-type]
    with at("2026-11-22"), trust.database.reading() as db:
        numbers = sorted(debt.invoice_number for debt in queries.list_debts(db, actor, asked, 100, None).items)
        for sort in (Sort.NEWEST, Sort.AMOUNT):
            listing = queries.listing(db, actor, asked, sort, 1)
            assert sorted(debt.invoice_number for debt in listing.page.items) == numbers
            assert listing.totals is not None and listing.totals.count == len(numbers)
        if actor.may(queries.Permission.REGISTER_EXPORT):
            assert sorted(debt.invoice_number for debt, _ in queries.stream(db, actor, asked)) == numbers
    return numbers


@pytest.mark.parametrize(
    ("pence", "numbers"),
    [
        (0, ["A1", "A2", "B1", "B2"]),
        (140_000, ["A1", "A2", "B1", "B2"]),
        (140_001, ["A1", "B1", "B2"]),
        (150_000, ["A1", "B1", "B2"]),
        (150_001, []),
    ],
)
def test_open_debts_of_one_person_are_added_up_across_organisations(filled: Trust, team: Actor, pence, numbers):
    assert found(filled, team, min_total=pence) == numbers


def test_a_person_is_everybody_who_was_joined(filled: Trust, team: Actor):
    decide(filled, team, ("A1", "A2"), State.SAME)
    assert found(filled, team, min_total=290_000) == ["A1", "A2", "B1", "B2"]
    assert found(filled, team, min_total=290_001) == []
    decide(filled, team, ("A1", "A2"), State.DIFFERENT, was=State.SAME)
    assert found(filled, team, min_total=150_000) == ["A1", "B1", "B2"]


def test_it_goes_with_the_other_filters(filled: Trust, team: Actor):
    assert found(filled, team, min_total=150_000, organisation="RJ1") == ["A1"]
    assert found(filled, team, min_total=150_000, statuses=("repaid",)) == ["B2"]
    assert found(filled, team, min_total=150_000, q="example", max_amount=70_000) == ["A1", "B2"]
    assert found(filled, COMMAND_LINE, min_total=150_000, region="Nowhere") == []


@pytest.mark.parametrize("more", [{}, {"organisation": "RJ1"}, {"q": "example"}])
def test_whoever_sees_only_some_organisations_may_not_ask(filled: Trust, more: dict[str, str]):
    lpm = Actor("l" * 32, "Manager", (Grant(Role.LPM), *filled.officer.grants))
    for actor in (filled.officer, lpm):
        for ask in (lambda db, a=actor: queries.list_debts(db, a, DebtFilter(min_total=1, **more), 10, None),
                    lambda db, a=actor: queries.listing(db, a, DebtFilter(min_total=1, **more), Sort.NEWEST, 1),
                    lambda db, a=actor: queries.totals(db, a, DebtFilter(min_total=1, **more))):  # fmt: skip
            with pytest.raises(Forbidden, match="Only the Debtors Team"), filled.database.reading() as db:
                ask(db)
