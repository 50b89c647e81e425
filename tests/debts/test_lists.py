"""Lists of debts for people: filters, numbered pages in a fixed order, and totals that match them."""

import pytest

from app.accounts.access import COMMAND_LINE, Actor
from app.core.errors import NotFound, Refused
from app.debts import queries
from app.debts.filters import DebtFilter
from app.debts.queries import Sort, Totals
from app.returns import queries as returns
from tests.returns.conftest import MakeTrust, Trust, at, hospital, rj1, row

__all__ = ["hospital", "rj1"]


@pytest.fixture
def filled(rj1: Trust) -> Trust:
    """Four debts of different size, age, status, nationality and name."""
    rj1.send([
        row("A4", family_name="okoro", amount_outstanding="500.00", invoice_amount="900.00", status="Repayment arrangement",
            status_date="20/06/2026"),
        row("A3", family_name="Zulu", invoice_date="14/08/2026", nationality="Ghana", amount_outstanding="2550.00"),
        row("A1", family_name="Adeyemi", amount_outstanding="2100.00"),
        row("A2", family_name="Okoro", given_names="Zoe", amount_outstanding="2000.00"),
    ])  # fmt: skip
    return rj1


def numbers(trust: Trust, actor: Actor | None = None, sort: Sort = Sort.INVOICE_NUMBER, **wanted: object) -> list[str]:
    asked = DebtFilter(**wanted)  # type: ignore[arg-type]
    with at("2026-11-22"), trust.database.reading() as db:
        found = queries.listing(db, actor or trust.officer, asked, sort, 1).page
        totals = queries.totals(db, actor or trust.officer, asked)
    debts = found.items
    assert (totals.count, totals.outstanding) == (len(debts), sum(debt.amount_outstanding for debt in debts))
    assert sum(each.count for each in totals.by_status.values()) == found.total == len(debts)
    return [debt.invoice_number for debt in debts]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["A1", "A2", "A3", "A4"]),
        ({"nationality": "GHA"}, ["A3"]),
        ({"max_amount": 200000}, ["A2", "A4"]),
        ({"min_amount": 200000, "max_amount": 200000}, ["A2"]),
        ({"statuses": ("arrangement", "repaid")}, ["A4"]),
        ({"statuses": ("arrangement", "outstanding")}, ["A1", "A2", "A3", "A4"]),
        ({"newer_than_days": 100}, ["A3"]),
        ({"newer_than_days": 99}, []),
        ({"older_than_days": 101}, ["A1", "A2", "A4"]),
        ({"older_than_days": 100, "q": "zulu"}, ["A3"]),
        ({"q": "okoro"}, ["A2", "A4"]),
        ({"organisation": "RJ1", "held": True}, []),
        ({"region": "Nowhere"}, []),
    ],
)
def test_filters_find_the_same_debts_for_the_page_and_for_its_totals(filled: Trust, wanted, found):
    assert numbers(filled, **wanted) == found


@pytest.mark.parametrize(
    ("sort", "first_to_last"),
    [
        (Sort.INVOICE_NUMBER, ["A1", "A2", "A3", "A4"]),
        (Sort.FAMILY_NAME, ["A1", "A4", "A2", "A3"]),
        (Sort.AMOUNT, ["A3", "A1", "A2", "A4"]),
        (Sort.OLDEST_INVOICE, ["A4", "A1", "A2", "A3"]),
    ],
)
def test_a_page_stands_in_the_order_that_was_asked_for(filled: Trust, sort: Sort, first_to_last: list[str]):
    assert numbers(filled, sort=sort) == first_to_last


@pytest.mark.parametrize("sort", Sort)
def test_pages_cut_every_order_without_gap_or_repetition(filled: Trust, sort: Sort):
    with at("2026-11-22"), filled.database.reading() as db:
        pages = [queries.listing(db, filled.officer, DebtFilter(), sort, number, 1).page for number in range(1, 6)]
        whole = queries.listing(db, filled.officer, DebtFilter(), sort, 1).page
    assert [debt.id for page in pages for debt in page.items] == [debt.id for debt in whole.items]
    assert (pages[4].items, pages[4].total, pages[4].pages) == ([], 4, 4)


@pytest.mark.parametrize(("number", "size"), [(0, 50), (-1, 50), (10**9, 50), (1, 0), (1, 501)])
def test_a_page_that_cannot_be_is_refused_in_words(rj1: Trust, number: int, size: int):
    with at("2026-11-22"), rj1.database.reading() as db:
        with pytest.raises(Refused):
            queries.listing(db, rj1.officer, DebtFilter(), Sort.NEWEST, number, size)
        with pytest.raises(Refused):
            returns.history(db, rj1.officer, "RJ1", number, size)


@pytest.mark.parametrize("wanted", [{"older_than_days": -1}, {"newer_than_days": 10**12}])
def test_an_age_that_no_debt_can_have_is_refused(rj1: Trust, wanted):
    with pytest.raises(Refused):
        numbers(rj1, **wanted)


def test_an_empty_list_adds_up_to_nothing(rj1: Trust):
    with at("2026-11-22"), rj1.database.reading() as db:
        assert queries.totals(db, rj1.officer, DebtFilter()) == Totals(0, 0, {})


def test_lists_and_totals_reach_as_far_as_the_reader_and_no_further(filled: Trust, hospital: MakeTrust):
    other = hospital("RYJ")
    other.send([row("B1")])
    assert numbers(other) == ["B1"]
    assert numbers(filled, COMMAND_LINE) == ["A1", "A2", "A3", "A4", "B1"]
    for ask in (lambda db: queries.listing(db, other.officer, DebtFilter(organisation="RJ1"), Sort.NEWEST, 1),
                lambda db: queries.totals(db, other.officer, DebtFilter(organisation="RJ1"))):  # fmt: skip
        with pytest.raises(NotFound), at("2026-11-22"), other.database.reading() as db:
            ask(db)
