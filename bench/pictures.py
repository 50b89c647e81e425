"""Which figures of a run are drawn: a picture for each part that gains by one, and one of all budgets together."""

from collections.abc import Callable, Iterator, Sequence

from bench.figures import Figure, short
from bench.plots import Bar, bars
from bench.results import Measured, Run

OURS = "our whole path"


def of(run: Run) -> dict[str, str]:
    """SVG texts by the name of their file, such as `usual-peers`, for `docs/performance`."""
    found = {f"{run.kind}-budgets": _budgets(run)}
    for part in run.parts:
        for name, draw in DRAWN.get(part.name, ()):
            if part.figures:
                found[f"{run.kind}-{name}"] = draw(part)
    return found


def _budgets(run: Run) -> str:
    """How much of its tightest budget each part uses."""
    shown = []
    for part in run.parts:
        used = [(share, one) for one in part.figures if (share := _share(one)) is not None]
        if used:
            share, one = max(used, key=lambda each: each[0])
            shown.append(Bar(f"{part.name}: {one.name.strip()}", share * 100, f"{share:.0%}", _look(one), 100))
    return bars("How much of its budget each part uses, at its tightest", _said(shown), shown)


def _share(one: Figure) -> float | None:
    """1 is the budget itself; what must be at least so much uses the more, the less it is."""
    if one.least is not None and one.ratio:
        return one.least / one.ratio
    if one.most and one.ratio is not None:
        return one.ratio / one.most
    return one.value / one.most_itself if one.most_itself else None


def _peers_time(part: Measured) -> str:
    own = [one for one in part.figures if one.unit == "s" and not one.name.startswith("processor")]
    return _beside_us("The same workbook: seconds from file to result", own)


def _peers_memory(part: Measured) -> str:
    return _beside_us("The same workbook: most memory, in megabytes", [one for one in part.figures if one.unit == "MB"])


def _beside_us(title: str, figures: Sequence[Figure]) -> str:
    """Ours in its own colour; where somebody is to take so many times as long, the mark is there."""
    shown = [
        Bar(
            one.name, one.value, f"{short(one.value)} {one.unit}", "ours" if OURS in one.name else "bar",
            one.least * one.other if one.least and one.other else None,
        )
        for one in figures
    ]  # fmt: skip
    return bars(title, _said(shown), shown)


def _stages(part: Measured) -> str:
    whole = next(one for one in part.figures if one.unit == "s")
    stages = [one for one in part.figures if one.name.startswith("  ") and one.beside == "of the whole"]
    rest = whole.value - sum(one.value for one in stages)
    floor = Figure("its floor", whole.other or 0, "s")
    return _drawn(
        "Where the time of an upload goes, in seconds", [whole, floor, *stages, Figure("  the rest", rest, "s")]
    )


def _times(part: Measured) -> str:
    timed = [one for one in part.figures if one.unit == "ms" and one.most_itself]
    slowest = sorted(timed, key=lambda one: one.value / (one.most_itself or 1), reverse=True)[:20]
    return _drawn("The twenty nearest to their budget, in milliseconds", slowest)


def _megabytes(part: Measured) -> str:
    return _drawn("Memory, in megabytes", [one for one in part.figures if one.unit == "MB" and one.most_itself])


DRAWN: dict[str, Sequence[tuple[str, Callable[[Measured], str]]]] = {
    "peers": (("peers", _peers_time), ("peers-memory", _peers_memory)),
    "upload": (("upload", _stages),),
    "pages": (("pages", _times),),
    "memory": (("memory", _megabytes),),
    "register": (("register", _times),),
}


def _drawn(title: str, figures: Sequence[Figure]) -> str:
    shown = list(_bars(figures))
    return bars(title, _said(shown), shown)


def _bars(figures: Sequence[Figure]) -> Iterator[Bar]:
    for one in figures:
        yield Bar(one.name.strip(), one.value, f"{short(one.value)} {one.unit}", _look(one), one.most_itself)


def _look(one: Figure) -> str:
    if one.is_within is False:
        return "missed"
    return "ours" if one.is_within else "bar"


def _said(shown: Sequence[Bar]) -> str:
    return "; ".join(f"{bar.name}: {bar.label}" for bar in shown)
