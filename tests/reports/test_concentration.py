"""Concentration: the ten that hold most, the others, and how their share went."""

import pytest

from app.return_template.choices import Status
from tests.reports.adding_up import figures, owed, report, table
from tests.reports.conftest import Year
from tests.returns.conftest import at, row

TRUSTS = ("RJ1", "RYJ", "RM1", "RWE", "RTH", "RR8", "RA7", "RHQ", "R0A", "RRK", "RXH", "7A4")


@pytest.fixture
def read(database, hospital):
    """Twelve trusts with a debt each, of £1,100, £1,200 and so on. The person of the smallest owes the largest too, £550
    of which is paid in November.
    """
    year = Year(database, {code: hospital(code) for code in TRUSTS})
    for number, code in enumerate(TRUSTS, start=1):
        person = {"given_names": "Ada", "passport_number": "P55555"} if number in (1, len(TRUSTS)) else {}
        amounts = dict.fromkeys(("invoice_amount", "amount_outstanding"), f"{1000 + 100 * number}.00")
        year.trusts[code].send([row(f"{code}-0", **amounts, **person)], "2026-08", "2026-10-10")
    year.move("7A4-0", Status.OUTSTANDING, 165_000, "2026-11-05", None)
    with at("2026-11-22"), database.reading() as db:
        yield report(db, "concentration", "2026-11", 3), owed(db)


def test_those_that_hold_most_come_first_and_the_others_together(read):
    found, register = read
    *ten, others = table(found, "organisations").rows
    assert [line.code for line in ten][:6] == ["RXH", "RRK", "R0A", "RHQ", "RA7", "7A4"]
    assert (others.name, figures(others)) == ("The other 2", (2, 2, 230_000))
    assert figures(table(found, "organisations").total) == register == (12, 11, 1_925_000)


def test_the_share_of_the_ten_largest_is_followed_over_the_months(read):
    found, _ = read
    september, october, november = table(found, "months").rows
    assert figures(september, "ten", "money", "share") == (0, 0, None)
    assert figures(october, "ten", "others", "money") == (1_750_000, 230_000, 1_980_000)
    assert figures(november, "ten", "others", "money", "share") == (1_695_000, 230_000, 1_925_000, 1_695 / 1_925)
