"""Tables as CSV for people."""

import csv
import io
from datetime import date

from app.core.spreadsheet.csv_writing import csv_table


def test_a_table_comes_back_with_guarded_texts_plain_numbers_and_days_as_people_write_them():
    content = csv_table(
        ["Name", "Number", "Day"], [["=1+1", -3, date(2026, 4, 3)], ['a "b", c', 0.25, None], ["\0é", 0, ""]]
    )
    assert content.startswith(b"\xef\xbb\xbf") and b"\r\n" in content
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [
        ["Name", "Number", "Day"], ["'=1+1", "-3", "03/04/2026"], ['a "b", c', "0.25", ""], ["é", "0", ""],
    ]  # fmt: skip
