"""One figure of the table, its ratio and whether it is within its target; and the table itself."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """A measured value beside what it is compared with. `most` and `least` bound the ratio, `most_itself` the value."""

    name: str
    value: float
    unit: str
    beside: str = ""
    other: float | None = None
    most: float | None = None
    most_itself: float | None = None
    least: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.other if self.other else None

    @property
    def is_within(self) -> bool | None:
        """None for a figure without a target."""
        if self.ratio is not None and (self.most is not None or self.least is not None):
            return (self.least or 0) <= self.ratio <= (self.most or math.inf)
        return None if self.most_itself is None else self.value <= self.most_itself

    @property
    def target(self) -> str:
        """In words: a bare number bounds the ratio. Empty for a figure without a target."""
        if self.most is not None or self.least is not None:
            return f"≤ {self.most:g}" if self.most is not None else f"≥ {self.least:g}"
        return f"≤ {self.most_itself:g} {self.unit}".strip() if self.most_itself is not None else ""

    @property
    def verdict(self) -> str:
        if self.is_within is not False:
            return "" if self.is_within is None else "yes"
        return "UNDER" if self.least is not None and (self.ratio or 0) < self.least else "OVER"

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "ratio": self.ratio, "is_within": self.is_within}


def cells(one: Figure) -> tuple[str, ...]:
    """A line of the table."""
    return (
        one.name, f"{short(one.value)} {one.unit}", one.beside,
        "" if one.other is None else f"{short(one.other)} {one.unit}",
        "" if one.ratio is None else f"{one.ratio:.2f}", one.target, one.verdict,
    )  # fmt: skip


def table(figures: Sequence[Figure]) -> str:
    lines = [("what", "measured", "beside", "that", "ratio", "target", ""), *map(cells, figures)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    ruled = [lines[0], tuple("-" * width for width in widths), *lines[1:]]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in ruled
    )


def short(value: float) -> str:
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 10 else f"{value:,.0f}"
