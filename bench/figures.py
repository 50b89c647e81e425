"""One figure of the table, its ratio and whether it is within its target; and the table itself."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """A measured value beside what it is compared with. `most` bounds the ratio, `most_itself` the value."""

    name: str
    value: float
    unit: str
    beside: str = ""
    other: float | None = None
    most: float | None = None
    most_itself: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.other if self.other else None

    @property
    def is_within(self) -> bool | None:
        """None for a figure without a target."""
        if self.most is not None and self.ratio is not None:
            return self.ratio <= self.most
        return None if self.most_itself is None else self.value <= self.most_itself

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "ratio": self.ratio, "is_within": self.is_within}


def table(figures: Sequence[Figure]) -> str:
    lines = [("what", "measured", "beside", "that", "ratio", "target", "")]
    for one in figures:
        target = (
            f"≤ {one.most:g}"
            if one.most
            else f"≤ {one.most_itself:g} {one.unit}"
            if one.most_itself is not None
            else ""
        )
        lines.append((
            one.name, f"{_short(one.value)} {one.unit}", one.beside,
            "" if one.other is None else f"{_short(one.other)} {one.unit}",
            "" if one.ratio is None else f"{one.ratio:.2f}", target,
            {True: "yes", False: "OVER", None: ""}[one.is_within],
        ))  # fmt: skip
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    ruled = [lines[0], tuple("-" * width for width in widths), *lines[1:]]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in ruled
    )


def _short(value: float) -> str:
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 10 else f"{value:,.0f}"
