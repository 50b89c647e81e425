"""The cover of a release's workbook agrees with its page: lines by change in the same words, and what is outstanding."""

import io
from typing import Any

import openpyxl

from app.releases import freezing
from app.releases.models import Change, Release
from app.return_template.choices import Status
from tests.releases.leaving import leaves
from tests.releases.test_mended_elsewhere import record
from tests.returns.conftest import Trust, hospital, rj1, row

__all__ = ["hospital", "rj1"]


def cover(trust: Trust, of: Release) -> dict[str, Any]:
    with trust.database.reading() as db:
        book = openpyxl.load_workbook(io.BytesIO(b"".join(freezing.pieces(db, of.id, "consolidated.xlsx"))))
    return {one[0]: one[1] for one in book["About this output"].iter_rows(values_only=True)}


def test_the_cover_counts_what_the_page_counts(rj1: Trust):
    rj1.send([row("1"), row("2"), row("3")])
    first = leaves(rj1.database, "full")
    record(rj1, "1", Status.WITHDRAWN, 255000, on="2026-11-24")
    record(rj1, "2", Status.OUTSTANDING, 100000, on="2026-11-24")
    for of in (first, leaves(rj1.database, "full", on="2026-11-25")):
        told, counts = cover(rj1, of), of.counts["by_change"]
        by_change = {change.label: counts[change]["lines"] for change in Change if change in counts}
        assert {name[7:]: number for name, number in told.items() if name.startswith("Lines: ")} == by_change
        assert round(told["Amount outstanding (£)"] * 100) == sum(each["pence"] for each in counts.values())
    assert by_change == {"Status or amount changed": 1, "Removed": 1, "Not changed": 1}
