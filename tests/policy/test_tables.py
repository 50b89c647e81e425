"""The tables as data: the version, a deployment's own folder, and what is said of a broken one."""

from pathlib import Path

import pytest

from app.policy.reading import SHIPPED, BrokenTable
from app.policy.tables import TABLES, load


def test_the_version_is_short_and_the_same_for_the_same_tables(tmp_path: Path):
    for name in TABLES:
        (tmp_path / name).write_bytes((SHIPPED / name).read_bytes())
    assert load(tmp_path).version == load().version
    assert load().version.startswith("p-")
    assert len(load().version) == 10


def test_the_shipped_numbers_are_those_that_were_decided():
    numbers = load().numbers
    assert (numbers.unconfirmed_after_months, numbers.open_row_months, numbers.old_debt_years) == (3, 6, 6)
    assert (numbers.correction_days, numbers.largest_amount_pence, numbers.oldest_birth_year) == (30, 500_000_000, 1900)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("thresholds.csv", "from,threshold_pence,clock,wait\n06/04/2016,50000,days,56\n", r"thresholds.csv, line 2: from “06/04/2016” is not a date"),
        ("thresholds.csv", "from,threshold_pence,clock,wait\n2016-04-06,500.00,days,56\n", r"line 2: threshold_pence “500.00” is not a whole number"),
        ("thresholds.csv", "from,threshold_pence,clock,wait\n2016-04-06,50000,weeks,8\n", r"line 2: clock “weeks” is not one of calendar_months, days"),
        ("thresholds.csv", "from,threshold_pence,clock\n2016-04-06,50000,days\n", r"line 1: the heading row lacks wait"),
        ("thresholds.csv", "from,threshold_pence,clock,wait\n", r"thresholds.csv: it has no lines"),
        ("thresholds.csv", "from,threshold_pence,clock,wait\n\n2016-04-06,50000,days\n", r"line 3: it has 3 cells"),
        ("thresholds.csv", "from,threshold_pence,clock,wait\n2016-04-06,1,days,1\n2016-04-06,2,days,1\n", r"line 3: a second row"),
        ("membership.csv", "alpha3,bloc,member_from,member_to\nfra,EU,1958-01-01,\n", r"membership.csv, line 2: alpha3 “fra”"),
        ("membership.csv", "alpha3,bloc,member_from,member_to\nFRA,EU,1958-01-01,1957-01-01\n", r"line 2: member_to"),
        ("nationality_scope.csv", "name,from,rests_on,out_of_scope,in_force\na,2011-11-01,invoice_date,EUU,yes\n", r"line 2: no country of membership.csv is in EUU"),
        ("nationality_scope.csv", "name,from,rests_on,out_of_scope,in_force\na,2011-11-01,treatment_date,EU,yes\n", r"line 2: the first row in force must rest on invoice_date"),
        ("numbers.csv", "name,value\nnames_alike_percent,80\n", r"numbers.csv: it lacks checked_return_hours"),
        ("numbers.csv", "name,value\nnames_alike,80\n", r"line 2: name “names_alike” is not one of"),
        ("treshold.csv", "from\n", r"treshold.csv: it is not one of the tables"),
    ],
)  # fmt: skip
def test_a_broken_table_is_named_with_its_line_and_what_is_wrong(tmp_path: Path, file: str, text: str, said: str):
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(BrokenTable, match=said):
        load(tmp_path)


def test_a_table_that_is_no_text_or_a_folder_that_is_not_there_is_said_in_words(tmp_path: Path):
    (tmp_path / "numbers.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BrokenTable, match="not UTF-8"):
        load(tmp_path)
    with pytest.raises(BrokenTable, match="no such folder"):
        load(tmp_path / "absent")
