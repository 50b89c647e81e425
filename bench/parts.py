"""THE list of what the bench measures: each part's name, its sizes, and the run to which it belongs."""

import atexit
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import (
    deadline,
    export,
    likeness,
    memory,
    pages,
    postgres,
    release_act,
    releases,
    reports,
    speed,
    starting,
    steady,
)
from bench.figures import Figure
from bench.million import measuring as million
from bench.peers import measuring as peers
from bench.upload import Ground

Say = Callable[[str], None]
RUNS = {
    "usual": "The usual run",
    "large": "The large run",
    "register": "The run of a large register",
    "far": "The far run, of a register that is larger than anybody expects",
}
Sizes = Mapping[str, int]


@dataclass(frozen=True)
class Place:
    """A folder for what a part makes, and whom it tells how far it is."""

    folder: Path
    say: Say

    @property
    def ground(self) -> Ground:
        return _ground()


@cache
def _ground() -> Ground:
    """One for all parts of a process: it takes a second to make, and each part gets a fresh copy."""
    folder = TemporaryDirectory(prefix="debtor-returns-bench-")
    atexit.register(folder.cleanup)
    return Ground(Path(folder.name))


@dataclass(frozen=True)
class Part:
    """`run` is the one of RUNS to which it belongs. `small` are the sizes of the quick run, which only shows that the bench
    works; a part without them is left out there.
    """

    name: str
    words: str
    measure: Callable[[Place, Sizes], Iterable[Figure]]
    sizes: Sizes = field(default_factory=dict)
    small: Sizes | None = None
    run: str = "usual"


def _upload(place: Place, sizes: Sizes) -> list[Figure]:
    found = speed.large(place.ground, sizes["rows"], sizes["rounds"])
    return found + speed.usual(place.ground, ((50, 25.0), (1_000, 120.0)), sizes["files"])


def _growth(place: Place, sizes: Sizes) -> list[Figure]:
    return speed.growth(place.ground, sizes["few"], sizes["many"])


def _postgres(place: Place, _sizes: Sizes) -> list[Figure]:
    return postgres.figures(place.say)


def _peers(place: Place, sizes: Sizes) -> list[Figure]:
    return peers.figures(place.ground, place.folder, sizes["rows"], sizes["rounds"], place.say)


def _likeness(place: Place, sizes: Sizes) -> list[Figure]:
    return [likeness.cost(place.ground, sizes["rows"]), *likeness.figures(sizes["people"])]


def _starting(place: Place, sizes: Sizes) -> list[Figure]:
    return starting.figures(place.folder, sizes["times"])


def _memory(place: Place, sizes: Sizes) -> list[Figure]:
    return memory.figures(place.folder, sizes["rows"])


def _steady(place: Place, sizes: Sizes) -> list[Figure]:
    return steady.figures(place.folder, sizes["uploads"], sizes["warming"])


def _pages(place: Place, sizes: Sizes) -> list[Figure]:
    return pages.of_the_demo(place.folder, sizes["trusts"], sizes["months"], sizes["times"], sizes["listed"])


def _reports(place: Place, sizes: Sizes) -> list[Figure]:
    return reports.figures(sizes["debts"], sizes["times"], place.say)


def _releases(place: Place, sizes: Sizes) -> list[Figure]:
    return releases.figures(place.ground, sizes["lines"], sizes["looks"])


def _releasing(_place: Place, sizes: Sizes) -> list[Figure]:
    return release_act.figures(sizes["debts"])


def _register(place: Place, sizes: Sizes) -> Iterable[Figure]:
    return million.figures(sizes["debts"], sizes["asked"], sizes["rows"], place.say)


def _far_register(place: Place, sizes: Sizes) -> list[Figure]:
    return million.only_told(sizes["debts"], sizes["asked"], place.say)


def _export(place: Place, sizes: Sizes) -> list[Figure]:
    return export.figures(place.folder, sizes["debts"], place.say)


def _deadline(place: Place, _sizes: Sizes) -> list[Figure]:
    return deadline.figures(deadline.SPAN, place.say)


PARTS: tuple[Part, ...] = (
    Part("upload", "An upload beside its floor, and returns of the usual sizes", _upload,
         {"rows": 10_000, "rounds": 5, "files": 13}, {"rows": 200, "rounds": 1, "files": 4}),
    Part("growth", "One row of a large file beside one of a small file", _growth,
         {"few": 1_000, "many": 100_000}, {"few": 50, "many": 200}),
    Part("postgresql", "The same uploads on PostgreSQL", _postgres),
    Part("peers", "What others would use, beside us", _peers, {"rows": 10_000, "rounds": 3}),
    Part("likeness", "How good likeness is on labelled people, and what it costs", _likeness,
         {"rows": 10_000, "people": 40_000}, {"rows": 200, "people": 1_000}),
    Part("memory", "Memory of each process, idle and while a large file is taken in", _memory,
         {"rows": 20_000}, {"rows": 200}),
    Part("starting", "How long the service takes to be ready", _starting, {"times": 5}, {"times": 1}),
    Part("pages", "Pages of the demo and of the largest grid", _pages,
         {"trusts": 160, "months": 12, "times": 15, "listed": 220},
         {"trusts": 1, "months": 2, "times": 1, "listed": 20}),
    Part("reports", "Reports of a large register", _reports,
         {"debts": 100_000, "times": 5}, {"debts": 400, "times": 1}),
    Part("releases", "Files of a large release, and pages meanwhile", _releases, {"lines": 100_000, "looks": 20},
         {"lines": 500, "looks": 1}),
    Part("releasing", "Preparing and releasing a large register, and who waits", _releasing,
         {"debts": 100_000}, {"debts": 400}),
    Part("register", "What people ask of a register of a million debts", _register,
         {"debts": 1_000_000, "asked": 60, "rows": 10_000}, run="register"),
    Part("far-register", "The same of thirteen million, told without budgets", _far_register,
         {"debts": 13_000_000, "asked": 20}, run="far"),
    Part("export", "The register of a million debts downloaded whole", _export, {"debts": 1_000_000}, run="large"),
    Part("million-lines", "Files of a release of a million lines, and pages meanwhile", _releases,
         {"lines": 1_000_000, "looks": 20}, run="large"),
    Part("steady", "Memory over two thousand uploads", _steady, {"uploads": 2_000, "warming": 400}, run="large"),
    Part("deadline", "The day on which returns are due", _deadline, run="large"),
)  # fmt: skip
