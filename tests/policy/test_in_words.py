"""The policy in words, also where a deployment brings its own tables."""

from datetime import date
from pathlib import Path

from app.policy import in_words
from app.policy.tables import load


def policy(folder: Path, **tables: str):
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    return load(folder)


def test_a_threshold_says_until_when_it_held_and_how_long_to_wait(tmp_path: Path):
    found = policy(
        tmp_path,
        thresholds="from,threshold_pence,clock,wait,source\n2011-11-01,100000,calendar_months,1,x\n2016-04-06,50000,days,56,x\n",
    )
    newest, oldest = in_words.thresholds(found)
    assert (newest.begins, newest.ends, newest.words) == (date(2016, 4, 6), None, "56 days")
    assert (oldest.ends, oldest.words) == (date(2016, 4, 5), "1 calendar month")


def test_a_scope_says_whose_nationals_are_outside_and_by_which_day(tmp_path: Path):
    found = policy(
        tmp_path,
        nationality_scope="name,from,rests_on,out_of_scope,in_force,source\n"
        "a,2011-11-01,invoice_date,EU;Swiss,yes,x\nb,2021-07-01,treatment_date,Swiss,yes,x\n",
    )
    newest, oldest = in_words.scopes(found)
    assert newest.words == "Nationals of Switzerland, by membership on the day of treatment"
    assert oldest.words.startswith("Nationals of member states of the European Union and Switzerland, by")
    assert oldest.ends == date(2021, 6, 30)
