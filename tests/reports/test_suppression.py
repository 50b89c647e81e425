"""Small numbers: whatever a table says, nobody can tell from it how few people stand behind a figure that is not shown."""

from hypothesis import given
from hypothesis import strategies as st

from app.reports.rules.suppression import FEWEST, protected, protected_together
from app.reports.table import Across, Column, Hidden, Row, Table, Unit

MONEY = Column("money", "Outstanding", Unit.MONEY, behind="people")
PEOPLE = Column("people", "People", behind="people")
GROUPS = ("", "North", "South")


def table(*counts: int, total: bool = True, groups: tuple[str, ...] = ()) -> Table:
    """One row for each number of people, who owe £2,000 each."""
    names = groups or ("",) * len(counts)
    rows = tuple(
        Row(f"Trust {number}", {"people": count, "money": count * 200_000}, group)
        for number, (count, group) in enumerate(zip(counts, names, strict=True))
    )
    whole = Row("All", {"people": sum(counts), "money": sum(counts) * 200_000})
    return Table("made", "Made up", "Trust", (PEOPLE, MONEY), rows, whole if total else None)


def shown(made: Table, key: str = "people") -> list[object]:
    return [row.values[key] for row in protected(made).rows]


def away(made: Table) -> list[int]:
    return [number for number, value in enumerate(shown(made, "money")) if isinstance(value, Hidden)]


def test_figures_about_fewer_than_five_people_are_not_shown_and_money_neither():
    made = table(3, 4, 50)
    assert shown(made) == [Hidden.FEW, Hidden.FEW, 50]
    assert shown(made, "money") == [Hidden.WITHHELD, Hidden.WITHHELD, 10_000_000]


def test_a_single_hidden_figure_takes_the_smallest_other_with_it():
    assert shown(table(3, 40, 20)) == [Hidden.FEW, 40, Hidden.WITHHELD]


def test_two_hidden_figures_of_one_person_each_take_a_third_with_them():
    assert away(table(1, 1, 40, 20)) == [0, 1, 3]


def test_when_nothing_is_left_to_hide_the_sum_is_hidden():
    made = protected(table(3))
    assert made.total is not None and isinstance(made.total.values["money"], Hidden)


def test_without_a_sum_nothing_more_is_hidden_than_must_be():
    assert away(table(3, 40, 20, total=False)) == [0]


def test_the_rows_of_one_region_are_covered_within_it_because_the_region_has_its_own_figure():
    assert away(table(3, 40, 20, 9, total=False, groups=("North", "North", "South", "South"))) == [0, 1]


def test_what_is_shown_is_rounded_so_that_two_reports_cannot_be_subtracted():
    assert shown(table(52, 57, 61)) == [50, 55, 60]
    assert shown(table(52, 57, 61), "money") == [10_500_000, 11_500_000, 12_000_000]


def test_figures_of_single_organisations_are_rounded_more_because_few_people_move_them():
    values = {"people": 54, "money": 12_400_000}
    rows = (Row("One", values, code="RJ1"), Row("Its region", values, is_of_one=True), Row("Two regions", values))
    found = [row.values for row in protected(Table("m", "Made up", "Place", (PEOPLE, MONEY), rows)).rows]
    assert found[0] == found[1] == {"people": 50, "money": 10_000_000}
    assert found[2] == {"people": 55, "money": 12_500_000}


def test_what_would_round_to_nothing_is_told_in_words_and_nothing_as_nothing():
    amounts = {"One": 249_999, "Two": -249_999, "Three": 250_000, "Four": 0}
    rows = tuple(Row(name, {"people": 50, "money": pence}) for name, pence in amounts.items())
    rows += (Row("Five", {"people": 50, "money": 2_499_999}, code="RJ1"),)
    found = [row.values["money"] for row in protected(Table("m", "Made up", "Place", (MONEY,), rows)).rows]
    assert found == ["under £5,000", "under £5,000", 500_000, 0, "under £50,000"]
    changed = Column("changed", "Net change of debts", behind="people")
    made = Table("m", "Made up", "Month", (changed,), (Row("May", {"people": 50, "changed": -2}),))
    assert protected(made).rows[0].values["changed"] == "under 5"


def test_nobody_is_a_figure_that_may_be_shown():
    assert shown(table(0, 50)) == [0, 50]


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from(GROUPS)), min_size=1, max_size=12))
def test_no_sum_ever_tells_about_fewer_than_five_people(cells):
    made = table(*(count for count, _ in cells), groups=tuple(group for _, group in cells))
    hidden, total = set(away(made)), protected(made).total
    lines = [[n for n, (_, group) in enumerate(cells) if group == wanted] for wanted in GROUPS[1:]]
    if total is not None and not isinstance(total.values["money"], Hidden):
        lines.append(list(range(len(cells))))
        gone = [cells[number][0] for number in hidden]
        assert not gone or (len(gone) > 1 and sum(gone) >= FEWEST)
    for line in lines:
        left = [number for number in line if number not in hidden and cells[number][0]]
        gone = [cells[number][0] for number in line if number in hidden]
        assert not gone or not left or (len(gone) > 1 and sum(gone) >= FEWEST)


def test_debts_of_few_people_do_not_even_tell_whether_they_are_few():
    debts = Column("debts", "Debts", behind="people")
    rows = (Row("One", {"people": 2, "debts": 3}), Row("Two", {"people": 2, "debts": 9}))
    found = protected(Table("m", "Made up", "Trust", (PEOPLE, debts), rows)).rows
    assert [row.values["debts"] for row in found] == [Hidden.WITHHELD, Hidden.WITHHELD]


def test_people_who_stand_in_two_hidden_figures_are_counted_once():
    """Three people who owe two trusts: of All, 50 are at the third. What the two trusts hold is about three people."""
    rows = tuple(Row(name, {"people": count}) for name, count in (("One", 3), ("Two", 3), ("Three", 50), ("Four", 60)))
    made = Table("m", "Made up", "Trust", (PEOPLE,), rows, Row("All", {"people": 113}))
    assert away_of(made) == ["One", "Two", "Three"]


def test_the_place_of_a_row_among_the_largest_does_not_tell_what_it_holds():
    rows = tuple(Row(name, {"people": count, "money": money * 100_00}) for name, count, money in (
        ("Zeta", 60, 9000), ("Beta", 2, 8000), ("Alpha", 2, 7000), ("Gamma", 70, 6000), ("Delta", 3, 1000)))  # fmt: skip
    made = Table("m", "Made up", "Trust", (PEOPLE, MONEY), rows, ranked=True)
    assert [row.name for row in protected(made).rows] == ["Zeta", "Gamma", "Alpha", "Beta", "Delta"]


def test_what_is_hidden_in_one_table_is_hidden_in_the_others_of_the_report():
    by_trust = tuple(
        Row(name, {"people": count}, group)
        for name, count, group in (("A", 3, "North"), ("B", 7, "South"), ("C", 40, "South"), ("D", 20, "East"), ("E", 30, "East"))
    )  # fmt: skip
    by_region = tuple(Row(name, {"people": count}) for name, count in (("North", 3), ("South", 47), ("East", 50)))
    total = Row("All", {"people": 100})
    trusts, regions = protected_together(
        [
            Table("trusts", "By trust", "Trust", (PEOPLE,), by_trust, total),
            Table("regions", "By region", "Region", (PEOPLE,), by_region, total),
        ]
    )
    gone = {row.name for table in (trusts, regions) for row in table.rows if isinstance(row.values["people"], Hidden)}
    assert gone == {"A", "B", "C", "North", "South"}


def test_a_sum_that_is_hidden_for_another_sums_sake_takes_a_part_of_its_own_with_it():
    """Few are defaulted at all, so the sum of those outstanding goes too; it would follow from its parts."""
    columns = tuple(Column(key, key, behind=key) for key in ("outstanding", "defaulted", "all"))
    rows = tuple(
        Row(name, {"outstanding": some, "defaulted": few, "all": some + few})
        for name, some, few in (("One", 30, 2), ("Two", 40, 0), ("Three", 50, 1))
    )
    total = Row("All", {"outstanding": 120, "defaulted": 3, "all": 123})
    made = Table("m", "Made up", "Trust", columns, rows, total, across=(Across(("outstanding", "defaulted"), "all"),))
    found = protected(made)
    assert found.total is not None
    assert all(isinstance(found.total.values[key], Hidden) for key in ("outstanding", "defaulted"))
    assert sum(isinstance(row.values["outstanding"], Hidden) for row in found.rows) >= 1


def away_of(made: Table) -> list[str]:
    return [row.name for row in protected(made).rows if isinstance(row.values["people"], Hidden)]


def test_columns_that_add_up_to_another_are_covered_along_the_row_too():
    columns = tuple(Column(key, key, behind=key) for key in ("outstanding", "defaulted", "all"))
    rows = (Row("One", {"outstanding": 30, "defaulted": 2, "all": 32}),)
    made = Table("m", "Made up", "Trust", columns, rows, across=(Across(("outstanding", "defaulted"), "all"),))
    values = protected(made).rows[0].values
    assert [isinstance(values[key], Hidden) for key in ("outstanding", "defaulted", "all")] == [True, True, False]


def split(outstanding: int, defaulted: int, name: str = "One") -> Row:
    values = {"outstanding": outstanding, "defaulted": defaulted, "all": outstanding + defaulted}
    return Row(name, values)


SPLIT = tuple(Column(key, key, behind=key) for key in ("outstanding", "defaulted", "all"))
ACROSS = (Across(("outstanding", "defaulted"), "all"),)


def hidden(made: Table) -> set[tuple[str, str]]:
    rows = [*made.rows, *([made.total] if made.total else [])]
    return {(row.name, key) for row in rows for key, value in row.values.items() if isinstance(value, Hidden)}


def test_a_hidden_sum_is_not_told_by_its_parts():
    rows = (Row("Small", {"outstanding": 3, "defaulted": 0, "all": 3}), split(40, 30, "Large"), split(90, 80, "Larger"))
    total = Row("All", {"outstanding": 133, "defaulted": 110, "all": 243})
    made = protected(Table("m", "Made up", "Trust", SPLIT, rows, total, ACROSS))
    assert {("Small", "all"), ("Large", "all")} <= hidden(made)
    assert hidden(made) & {("Large", "outstanding"), ("Large", "defaulted")}


def test_what_one_table_hides_another_table_of_the_report_does_not_tell():
    people = (Column("people", "People", behind="people"),)
    regions = (Row("North", {"people": 3}), Row("South", {"people": 40}), Row("East", {"people": 90}))
    trusts = tuple(Row(f"{region} {n}", {"people": 20}, region) for region in ("South",) for n in range(2))
    trusts += (Row("North 0", {"people": 3}, "North"), Row("East 0", {"people": 90}, "East"))
    first, second = protected_together([
        Table("regions", "Regions", "Region", people, regions, Row("All", {"people": 133})),
        Table("trusts", "Trusts", "Trust", people, trusts),
    ])  # fmt: skip
    assert hidden(first) == {("North", "people"), ("South", "people")}
    assert len(hidden(second) & {("South 0", "people"), ("South 1", "people")}) > 0


def test_a_figure_that_stands_in_two_tables_is_hidden_in_both():
    people = (Column("people", "People", behind="people"),)
    ages = (Row("Young", {"people": 3}, same={"people": ("One", "outstanding")}), Row("Old", {"people": 60}))
    first, second = protected_together([
        Table("ages", "Ages", "Age", people, ages),
        Table("split", "Split", "Trust", SPLIT, (split(10, 60),), across=ACROSS),
    ])  # fmt: skip
    assert ("Young", "people") in hidden(first) and ("One", "outstanding") in hidden(second)


def test_a_share_is_hidden_when_what_it_is_a_part_of_is():
    columns = (PEOPLE, Column("share", "Share", Unit.SHARE, behind="payers", out_of="people"))
    rows = tuple(Row(name, {"people": people, "payers": 0, "share": 0.0}) for name, people in (("One", 4), ("Two", 50)))
    assert hidden(protected(Table("m", "Made up", "Trust", columns, rows))) == {("One", "people"), ("One", "share")}


def test_numbers_of_people_that_only_stand_behind_figures_do_not_leave():
    made = Table("m", "Made up", "Trust", (MONEY,), (Row("One", {"people": 52, "money": 1_000_000}),))
    assert protected(made).rows[0].values == {"money": 1_000_000}


def test_what_adds_up_to_a_figure_of_another_report_is_covered_among_itself():
    columns = tuple(Column(key, key, behind=key) for key in ("start", "new", "repaid"))
    rows = (Row("May", {"start": 90, "new": 20, "repaid": 2}),)
    made = Table("m", "Made up", "Month", columns, rows, across=(Across(("new", "repaid")),))
    assert hidden(protected(made)) == {("May", "new"), ("May", "repaid")}
