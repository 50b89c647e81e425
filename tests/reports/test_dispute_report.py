"""The report of disputes: what was opened, answered and settled in each month, and what was open at its end."""

from datetime import date

import pytest

from app.disputes.rules.cases import Answer, Outcome
from tests.disputes.conftest import Desk, desk, team
from tests.reports.adding_up import report, table
from tests.returns.conftest import at, row

__all__ = ["desk", "team"]
COUNTED = ("opened", "answered", "settled", "upheld", "not_upheld", "open")


@pytest.fixture
def disputed(desk: Desk) -> Desk:
    """Four debts disputed: one in September, not upheld in October; two in October, one of which nobody has answered, and one
    that was opened by mistake.
    """
    desk.trust.send([row(str(number)) for number in range(1, 5)], "2026-08", "2026-09-01")
    told = {"received_on": date(2026, 9, 20)}
    first = desk.open("1", on="2026-09-20", **told)
    desk.answer(first, Answer.STANDS, "We have the file.", on="2026-10-04")
    desk.settle(first, Outcome.NOT_UPHELD, on="2026-10-06")
    second = desk.open("2", on="2026-10-10", **told)
    desk.open("3", on="2026-10-11", **told)
    desk.abandon(desk.open("4", on="2026-10-12", **told), on="2026-10-13")
    desk.answer(second, Answer.STANDS, "We have the file.", on="2026-11-02")
    desk.settle(second, Outcome.NOT_UPHELD, on="2026-11-03")
    return desk


def test_disputes_are_told_by_month_and_organisation_and_those_opened_by_mistake_nowhere(disputed: Desk):
    with at("2026-11-22"), disputed.trust.database.reading() as db:
        found = report(db, "disputes", "2026-11", 3)
    months = {row_.name: tuple(row_.values[key] for key in COUNTED) for row_ in table(found, "by_month").rows}
    assert months == {
        "September 2026": (1, 0, 0, 0, 0, 1),
        "October 2026": (2, 1, 1, 0, 1, 2),
        "November 2026": (0, 1, 1, 0, 1, 1),
    }
    total = table(found, "by_organisation").total
    assert total is not None and tuple(total.values[key] for key in COUNTED) == (3, 2, 2, 0, 2, 1)
    assert [row_.values["days"] for row_ in table(found, "by_month").rows] == [None, 14, 23]
