"""What can be worked out from sums: whether figures that are not shown follow, alone or few together, from those shown.

Every published sum is an equation, and the hidden figures are its unknowns. As if nothing were rounded: rounding comes on top.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import comb
from typing import TypeVar

Unknown = TypeVar("Unknown", bound=Hashable)
Equation = Mapping[Unknown, int]  # the factor of each hidden figure: together they come to something that is shown
MOST_TRIED = 20_000  # combinations of equations between the same few figures


def told(
    equations: Sequence[Equation[Unknown]], people: Mapping[Unknown, int], sums: Collection[Unknown], fewest: int
) -> set[Unknown] | None:
    """Figures about fewer than `fewest` people together whose sum follows from the equations; None if there are none.

    `sums` are the hidden figures that are sums of other hidden ones: whatever is told of them is told of their parts. A sum
    in which one figure alone is about enough people tells about enough people, so such figures are eliminated first: what
    remains are equations between small figures only, and each sum that follows is a sum of some of these.
    """
    small = {each for each, count in people.items() if count < fewest and each not in sums}
    for together in _connected(_between(equations, small)):
        for chosen in _combined(together, fewest):
            added = _added(chosen)
            if all(factor == 1 for factor in added.values()) and _few(added, people, fewest):
                return set(added)
    return None


def _combined(together: Sequence["_Row[Unknown]"], fewest: int) -> Iterator[Sequence["_Row[Unknown]"]]:
    """Fewer than `fewest` at a time: each brings a figure of its own, about somebody. Without a minus each stands alone."""
    cancels = any(factor < 0 for row in together for factor in row.values())
    for number in range(1, fewest if cancels else 2):
        if comb(len(together), number) <= MOST_TRIED:
            yield from combinations(together, number)


def _few(cells: Collection[Unknown], people: Mapping[Unknown, int], fewest: int) -> bool:
    return bool(cells) and (len(cells) == 1 or sum(people[each] for each in cells) < fewest)


_Row = dict[Unknown, Fraction]


def _between(equations: Sequence[Equation[Unknown]], small: set[Unknown]) -> list[_Row[Unknown]]:
    """Equations between small figures alone, in reduced form: each has one figure that no other of them has."""
    pivots: dict[Unknown, _Row[Unknown]] = {}
    names = dict.fromkeys(each for equation in equations for each in equation)
    place = {each: number for number, each in enumerate(sorted(names, key=lambda each: each in small))}
    for equation in equations:
        row = {each: Fraction(factor) for each, factor in equation.items() if factor}
        while row:
            lead = min(row, key=place.__getitem__)
            if lead not in pivots:
                pivots[lead] = {each: factor / row[lead] for each, factor in row.items()}
                break
            _take(row, row[lead], pivots[lead])
    found = {lead: row for lead, row in pivots.items() if lead in small}
    for lead, row in found.items():
        for other, reduced in found.items():
            if other != lead and lead in reduced:
                _take(reduced, reduced[lead], row)
    return list(found.values())


def _take(row: _Row[Unknown], factor: Fraction, other: _Row[Unknown]) -> None:
    for each, value in other.items():
        if left := row.get(each, Fraction()) - factor * value:
            row[each] = left
        else:
            row.pop(each, None)


def _connected(rows: Sequence[_Row[Unknown]]) -> list[list[_Row[Unknown]]]:
    """Rows that share figures, also through others, together."""
    of_figure: dict[Unknown, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        for each in row:
            of_figure[each].append(number)
    left, found = set(range(len(rows))), []
    while left:
        reached, waiting = set[int](), [min(left)]
        while waiting:
            if (number := waiting.pop()) not in reached:
                reached.add(number)
                waiting += [other for each in rows[number] for other in of_figure[each]]
        left -= reached
        found.append([rows[number] for number in sorted(reached)])
    return found


def _added(rows: Iterable[_Row[Unknown]]) -> _Row[Unknown]:
    total: _Row[Unknown] = {}
    for row in rows:
        _take(total, Fraction(-1), row)
    return total
