"""What a run found, as JSON: the newest beside the bench, and one for each commit that is worth keeping in bench/results."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.figures import Figure

HERE = Path(__file__).parent
NEWEST, KEPT = HERE / "results.json", HERE / "results"


@dataclass
class Measured:
    """One part: its figures, or why there are none; seconds by the clock and of the processors."""

    name: str
    figures: list[Figure] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    processor: float = 0.0
    load: float = 0.0
    trouble: str = ""


@dataclass
class Run:
    """One run of the bench on one machine. `is_changed` says that the code was not quite that of the commit."""

    kind: str
    at: str
    commit: str
    is_changed: bool
    machine: dict[str, str | int]
    load_before: float
    load_after: float
    seconds: float
    parts: list[Measured]

    @property
    def file(self) -> Path:
        """`usual` runs carry no word for it."""
        return KEPT / f"{self.at[:10]}-{self.commit}{'' if self.kind == 'usual' else f'-{self.kind}'}.json"


def to_json(run: Run) -> str:
    return json.dumps(asdict(run), indent=1, ensure_ascii=False) + "\n"


def from_json(text: str) -> Run:
    held: dict[str, Any] = json.loads(text)
    parts = [Measured(**part | {"figures": [Figure(**one) for one in part["figures"]]}) for part in held.pop("parts")]
    return Run(**held, parts=parts)


def keep(run: Run) -> Path:
    KEPT.mkdir(exist_ok=True)
    for file in (NEWEST, run.file):
        file.write_text(to_json(run), encoding="utf-8")
    return run.file


def newest(kind: str) -> Run | None:
    """The newest kept run of a kind. Runs of two kinds are never mixed: they were not made side by side."""
    runs = [from_json(file.read_text(encoding="utf-8")) for file in KEPT.glob("*.json")]
    return max((run for run in runs if run.kind == kind), key=lambda run: run.at, default=None)
