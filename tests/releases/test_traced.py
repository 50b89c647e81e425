"""Every line of a release can be traced to the cells that a trust sent: read and judged again, they say what the line says."""

import pytest

from app.releases.lines import Line
from app.returns import parts
from app.returns.models import Return
from tests.releases.carrying import lines_of, prepared
from tests.releases.tracing import LEAVING, said_by
from tests.returns.conftest import MakeTrust, Trust, at, hospital, row

__all__ = ["hospital"]

WRITTEN_ODDLY = {
    "invoice_date": "14 June 2026", "invoice_amount": "£2,550.00", "amount_outstanding": " 2550 ", "nationality": "nigerian",
    "status": "debt OUTSTANDING", "passport_number": " a 0123 4567 ", "family_name": "  O’Example ", "sex": "F",
}  # fmt: skip


@pytest.fixture
def trusts(hospital: MakeTrust) -> list[Trust]:
    """Two trusts: one writes oddly, then brings a status and a passport up to date; the other sends a row that goes back."""
    one, other = hospital("RJ1"), hospital("RYJ")
    one.send([row("1"), row("2", **WRITTEN_ODDLY), row("3"), row("4")])
    other.send([row("5"), row("6", date_of_birth="?")])
    one.send(
        [row("4", passport_number="C7654321"),
         row("3", status="Repayment arrangement", status_date="01/11/2026", amount_outstanding="1,000")],
        period="2026-11", on="2026-11-23",
    )  # fmt: skip
    return [one, other]


def said_by_the_source(trust: Trust, line: Line) -> dict[str, object]:
    """What the kept cells of the line's row say, of all columns that may leave."""
    with trust.database.reading() as db, at("2026-11-24"):
        sent = db.get(Return, line.return_id)
        assert sent is not None and sent.reference == line.values["return_reference"]
        (kept,) = [each for each in parts.rows(db, sent.id, parts.ACCEPTED).rows if each.number == line.row]
        assert kept.debt_id in {line.debt_id, None}
        return said_by(sent, [kept])[0]


def test_every_line_says_what_the_cells_of_its_row_say(trusts: list[Trust]):
    release = prepared(trusts[0], on="2026-11-24")
    lines = lines_of(trusts[0], release)
    assert [line.values["invoice_number"] for line in lines] == ["1", "2", "3", "4", "5"]
    for line in lines:
        assert line.return_id is not None and line.row == line.values["row"]
        assert {key: line.values[key] for key in LEAVING} == said_by_the_source(trusts[0], line), line.reference


def test_a_line_names_the_return_that_last_said_something_new(trusts: list[Trust]):
    lines = lines_of(trusts[0], prepared(trusts[0], on="2026-11-24"))
    named = {line.values["invoice_number"]: (line.values["return_reference"], line.row) for line in lines}
    assert named["3"] == ("DR-2026-11-RJ1-01", 3) and named["4"] == ("DR-2026-11-RJ1-01", 2)
    assert named["2"] == ("DR-2026-10-RJ1-01", 3)
