"""What stands in a cell, all the way: sent, kept, shown, given out in every form, and sent again."""

import csv
import io
import re

import openpyxl
import pytest

from app.core.spreadsheet.guard import unguard
from app.return_template.columns import COLUMNS
from tests.api.conftest import PERIOD, Person, row
from tests.core.spreadsheet.builders import xlsx

NAMES = [
    "O'Brien", "O’Brien", "de la Cruz", "Jose\u0301", "José", "Nguye\u0302\u0303n", "أحمد", "abc\u202edef", "a\u200bb", "𐐷𠮷",
    "🙂", "X", "n" * 80, "_x0041_", "_x0000", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0", "@SUM(A1)", "+1", "-1", "＝1+1",
    "'=1", "<script>alert(1)</script>", "{{7*7}}", "%s%n", "NULL", "ﬁ", "\\", "a;b,c\"d",
]  # fmt: skip
OUT = {"purpose": "a test", "recipient": "Home Office"}


def sent(*rows: dict[str, object]) -> bytes:
    """A workbook in which every text is a text, whatever it looks like."""
    lines = [[_cell(each.get(column.key)) for column in COLUMNS] for each in rows]
    return xlsx({"Return": [[column.heading for column in COLUMNS], *lines]})


def _cell(value: object) -> object:
    """As Excel writes it: dates as texts here, and the underscore of a text that looks like an escape is escaped."""
    if isinstance(value, str) and not value.startswith("<c"):
        return re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", value)
    return value if value is None or isinstance(value, str | float | int) else f"{value:%d/%m/%Y}"


def debts(person: Person) -> dict[str, dict[str, str]]:
    return {debt["invoice_number"]: debt for debt in person.get("/debts", limit=500).json()["items"]}


def test_every_text_comes_out_as_it_went_in_by_every_way_out(ovm: Person, team: Person):
    rows = [row(n, family_name=name, site=name, your_reference=None) for n, name in enumerate(NAMES, 1)]
    answer = ovm.upload(sent(*rows))
    assert answer.json()["counts"]["new"] == len(NAMES), ovm.get(f"/returns/{answer.json()['id']}/findings").text
    expected = {f"INV{n:05d}": name for n, name in enumerate(NAMES, 1)}
    assert {number: debt["family_name"] for number, debt in debts(ovm).items()} == expected
    text = team.get("/consolidated.csv", **OUT).content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline="")))
    (headings,) = [line for line in lines if "Family name" in line]
    number, name = headings.index("Invoice number"), headings.index("Family name")
    given = {line[number]: line[name] for line in lines[lines.index(headings) + 1 :] if len(line) == len(headings)}
    assert {number: unguard(name) for number, name in given.items()} == expected
    assert not [name for name in given.values() if name[:1] in set("=+-@\t\r＝＋－＠")]
    book = openpyxl.load_workbook(io.BytesIO(team.get("/consolidated.xlsx", **OUT).content))
    assert not [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    again = ovm.get("/template", organisation="RJ1", period=PERIOD)
    counts = ovm.upload(again.content).json()["counts"]
    assert (counts["read"], counts["unchanged"]) == (len(NAMES), len(NAMES))


AMOUNTS: dict[object, str | None] = {
    "-5": None, "0": None, "0.005": None, "1e12": None, "inf": None, "nan": None, "1,234.50": "1234.50", "1.234,50": None,
    "GBP 12": None, "(120.00)": None, "12-": None, "١٢٣٤": None, "1_000": None, "£600.10": "600.10", 1250.1: "1250.10",
    '<c t="e"><v>#REF!</v></c>': None, "<c><f>1+1</f></c>": None, "<c><v>1E+12</v></c>": None, "<c><v>NaN</v></c>": None,
    "<c><v>-5</v></c>": None, "<c><v>1250.1000000000001</v></c>": "1250.10", "<c><v>4999999.99</v></c>": "4999999.99",
}  # fmt: skip
DATES: dict[object, str | None] = {
    "03/04/2026": "2026-04-03", "13/02": None, "02/13/2026": None, "2026-02-30": None, "1.4.26": None, "1.4.2026": "2026-04-01",
    "03/04/2026 14:30": "2026-04-03", "3\u00a0April\u00a02026": "2026-04-03", "0": None,
    **{f'<c s="1"><v>{serial}</v></c>': None for serial in ("0", "59", "60", "61", "2958466", "-1", "NaN", "0.5")},
    '<c s="1"><v>46115</v></c>': "2026-04-03", '<c s="1"><v>46115.75</v></c>': "2026-04-03",
}  # fmt: skip


@pytest.mark.parametrize(
    ("key", "cells"), [("amount_outstanding", AMOUNTS), ("invoice_date", DATES)], ids=["amounts", "dates"]
)
def test_what_a_cell_says_is_taken_exactly_or_sent_back_and_the_numbers_add_up(
    ovm: Person, key: str, cells: dict[object, str | None]
):
    rows = [row(n, invoice_amount=5_000_000, **{key: cell}) for n, cell in enumerate(cells, 1)]
    counts = ovm.upload(sent(*rows)).json()["counts"]
    kept = debts(ovm)
    found = {cell: kept[f"INV{n:05d}"][key] if f"INV{n:05d}" in kept else None for n, cell in enumerate(cells, 1)}
    assert found == cells
    assert counts["read"] == len(cells) == counts["accepted"] + counts["unchanged"] + counts["rejected"]
    assert counts["accepted"] == len([value for value in cells.values() if value is not None])


def test_dates_of_the_1904_system_are_told_by_the_workbook(ovm: Person):
    cells = [_cell({**row(1), "invoice_date": '<c s="1"><v>44653</v></c>'}.get(column.key)) for column in COLUMNS]
    data = xlsx({"Return": [[column.heading for column in COLUMNS], cells]}, date1904=True)
    assert ovm.upload(data).json()["counts"]["new"] == 1
    assert debts(ovm)["INV00001"]["invoice_date"] == "2026-04-03"


def test_an_invoice_number_is_the_same_typed_as_a_number_or_as_a_text(ovm: Person):
    assert ovm.upload(sent(row(1, invoice_number="9123001"))).json()["counts"]["new"] == 1
    counts = ovm.upload(sent(row(1, invoice_number=9123001), row(2, invoice_number="009123001"))).json()["counts"]
    assert (counts["unchanged"], counts["new"]) == (1, 1)
    assert sorted(debts(ovm)) == ["009123001", "9123001"]


@pytest.mark.parametrize("words", ["HIV clinic", "c/o cardiology department", "A&E"])
def test_clinical_words_are_kept_nowhere(ovm: Person, words: str):
    answer = ovm.upload(sent(row(1, uk_address=words)))
    assert answer.json()["outcome"] == "rejected"
    id_ = answer.json()["id"]
    for path in (f"/returns/{id_}", f"/returns/{id_}/findings", f"/returns/{id_}/rejections.csv", "/open-rows"):
        assert words not in ovm.get(path).text
    assert ovm.get(f"/returns/{id_}/original").status_code == 404
