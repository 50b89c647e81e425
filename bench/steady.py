"""Whether a service's memory grows with the uploads that it has taken, one small file after the other."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench.figures import Figure
from bench.processes import children, resident
from bench.serving import PROGRAM, send, served
from bench.workbooks import new_debts

ROWS = 20
MOST_GROWN = 10.0  # megabytes from the first uploads after the warming to the last: less than what one upload may take


def figures(folder: Path, uploads: int, warming: int) -> list[Figure]:
    held = taking(folder / "steady.db", uploads, warming)
    first, last = ends(held)
    return [
        Figure(f"grows over {uploads:,} uploads of {ROWS} rows", last - first, "MB", "held after the warming", first,
               most_itself=MOST_GROWN)
    ]  # fmt: skip


def taking(file: Path, uploads: int, warming: int, program: str = PROGRAM) -> list[float]:
    """Megabytes of the server and its reading processes after each upload that follows the warming."""
    held = []
    with served(file, program) as (pid, client):
        for number in range(warming + uploads):
            send(client, new_debts.__wrapped__(ROWS, number * ROWS))
            if number >= warming:
                held.append(sum(map(resident, (pid, *children(pid)))))
    return held


def ends(held: Sequence[float]) -> tuple[float, float]:
    """What was held at the beginning and at the end: the median of a tenth of all each, so that no moment decides."""
    tenth = max(1, len(held) // 10)
    return median(held[:tenth]), median(held[-tenth:])


def grown(held: Sequence[float]) -> float:
    first, last = ends(held)
    return last - first
