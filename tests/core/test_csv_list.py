"""Lists that people keep as CSV: whatever parts the cells, and every fault with its line."""

import pytest

from app.core.csv_list import Faults, Faulty, heading_of, read_list
from app.core.errors import Refused


def read(text: str, faults: Faults | None = None):
    return read_list(text, heading_of, lambda headings: None, faults or Faults("Nothing was taken."))


@pytest.mark.parametrize("comma", [",", ";", "\t"])
def test_a_list_may_come_from_a_spreadsheet_that_parts_cells_otherwise(comma: str):
    text = f"\ufeffcode{comma}Open Date\r\nAAA{comma}2026\r\n\r\n BBB {comma}\r\n"
    assert read(text) == (
        ["code", "open_date"],
        [(2, {"code": "AAA", "open_date": "2026"}), (4, {"code": "BBB", "open_date": ""})],
    )


def test_faults_are_told_in_the_order_of_the_lines_and_not_more_than_twenty():
    faults = Faults("Nothing was taken.")
    faults.add(30, "late.")
    read("a,b\n" + "x\n" * 25, faults)
    with pytest.raises(Faulty) as refused:
        faults.raise_any()
    assert refused.value.sentences[0] == "Line 2: it has 1 cells where the headings have 2."
    assert (len(refused.value.sentences), refused.value.sentences[-1]) == (21, "… and 6 more.")
    assert refused.value.detail.startswith("Nothing was taken.\nLine 2")


def test_what_is_no_csv_is_refused():
    with pytest.raises(Refused, match="not CSV"):
        read('a,b\n"x\n')
