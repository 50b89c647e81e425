"""An attacker with all tables of a report: every sum is an equation, and none of them gives away a few people.

As if nothing were rounded. The attacker here knows only what is shown, and works on people by trust and status; it shares no
code with what protects the tables.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.reports.rules.suppression import FEWEST, protected_together
from app.reports.table import Across, Column, Hidden, Row, Table

# Three, because with two each sum alone could be looked after: it takes three for sums to give away a figure together.
STATUSES = ("outstanding", "arrangement", "defaulted")
COLUMNS = tuple(Column(key, key, behind=key) for key in (*STATUSES, "all"))
ACROSS = (Across(STATUSES, "all"),)
REGIONS = {"North": "England", "South": "England", "Wales": "Wales"}

World = list[tuple[str, tuple[int, ...]]]  # each trust's region, and its people by status
Vector = list[Fraction]
few = st.one_of(st.integers(0, 6), st.sampled_from([1, 2, 30]))
worlds = st.lists(st.tuples(st.sampled_from(list(REGIONS)), st.tuples(few, few, few)), min_size=1, max_size=5)


def figures(counts: Sequence[Sequence[int]]) -> dict[str, int]:
    sums = [sum(column) for column in zip(*counts, strict=True)] or [0] * len(STATUSES)
    return {**dict(zip(STATUSES, sums, strict=True)), "all": sum(sums)}


def report(world: World) -> list[Table]:
    """By trust, by region, by nation, and a month's line of a trend that repeats the sum of all."""
    trusts = tuple(Row(f"Trust {n}", figures([counts]), region) for n, (region, counts) in enumerate(world))
    regions = tuple(
        Row(name, figures([counts for region, counts in world if region == name]), nation)
        for name, nation in REGIONS.items()
    )
    nations = tuple(
        Row(name, figures([counts for region, counts in world if REGIONS[region] == name]))
        for name in ("England", "Wales")
    )
    everything = figures([counts for _, counts in world])
    months = (Row("October 2026", everything, same={column.key: ("All", column.key) for column in COLUMNS}),)
    total = Row("All", everything)
    return [
        Table("trusts", "By trust", "Trust", COLUMNS, trusts, total, ACROSS),
        Table("regions", "By region", "Region", COLUMNS, regions, total, ACROSS),
        Table("nations", "By nation", "Nation", COLUMNS, nations, total, ACROSS),
        Table("months", "By month", "Month", COLUMNS, months),
    ]


def atoms(world: World) -> list[tuple[int, int]]:
    return [(trust, status) for trust in range(len(world)) for status in range(len(STATUSES))]


def meant(world: World, name: str, key: str) -> Vector:
    """Which people a figure is about: by trust and status."""
    there = {
        "All": lambda n: True,
        "October 2026": lambda n: True,
        **{f"Trust {n}": lambda each, n=n: each == n for n in range(len(world))},
        **{one: lambda n, one=one: one in (world[n][0], REGIONS[world[n][0]]) for one in (*REGIONS, *REGIONS.values())},
    }[name]
    return [Fraction(there(trust) and key in (STATUSES[status], "all")) for trust, status in atoms(world)]


def published(world: World) -> Iterator[Vector]:
    for table in protected_together(report(world)):
        for row in (*table.rows, *filter(None, [table.total])):
            for key, value in row.values.items():
                if not isinstance(value, Hidden):
                    yield meant(world, row.name, key)


class Known:
    """Everything that follows from the figures: their span, as rows of which each begins where no other does."""

    def __init__(self, vectors: Iterator[Vector]) -> None:
        self.rows: dict[int, Vector] = {}
        for vector in vectors:
            left = self.reduced(vector)
            lead = next((at for at, factor in enumerate(left) if factor), None)
            if lead is not None:
                self.rows[lead] = [factor / left[lead] for factor in left]

    def reduced(self, vector: Vector) -> Vector:
        for at in range(len(vector)):
            if vector[at] and (row := self.rows.get(at)):
                factor = vector[at]
                vector = [one - factor * other for one, other in zip(vector, row, strict=True)]
        return vector

    def tells(self, vector: Vector) -> bool:
        return not any(self.reduced(vector))


def told(world: World) -> list[list[tuple[int, int]]]:
    """Groups of fewer than five people, by trust and status, whose number the attacker works out."""
    known = Known(published(world))
    all_ = atoms(world)
    people = [world[trust][1][status] for trust, status in all_]
    small = [at for at, count in enumerate(people) if 0 < count < FEWEST]
    return [
        [all_[at] for at in group]
        for size in range(1, FEWEST)
        for group in combinations(small, size)
        if sum(people[at] for at in group) < FEWEST and known.tells([Fraction(at in group) for at in range(len(all_))])
    ]


@settings(max_examples=60)
@given(worlds)
@example([("North", (30, 2, 0)), ("South", (30, 2, 0)), ("Wales", (30, 0, 0))])
@example(
    [("South", (30, 30, 2)), ("Wales", (9, 9, 1)), ("South", (30, 0, 9)), ("South", (1, 9, 2)), ("South", (0, 0, 1))]
)
def test_no_sum_or_difference_of_a_reports_figures_is_about_fewer_than_five_people(world):
    assert told(world) == []


def test_the_attacker_does_find_a_figure_that_is_hidden_alone():
    world: World = [("North", (3, 0, 0)), ("South", (30, 0, 0)), ("Wales", (40, 0, 0))]
    alone = [meant(world, name, "all") for name in ("Trust 1", "Trust 2", "All")]
    assert Known(iter(alone)).tells([Fraction(trust == 0) for trust, _ in atoms(world)])


@given(worlds)
def test_what_many_people_stand_behind_is_not_hidden_without_need(world):
    """Where nobody is alone, nothing is hidden."""
    if all(count == 0 or count >= FEWEST for _, counts in world for count in counts):
        tables = protected_together(report(world))
        assert not any(
            isinstance(value, Hidden) for table in tables for row in table.rows for value in row.values.values()
        )
