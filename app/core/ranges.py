"""Numbers as people read many of them: runs of neighbours as one."""

from collections.abc import Iterable


def ranges(rows: Iterable[int], most: int = 30) -> str:
    """14, 15, 16, 22 become “14–16, 22”; after so many ranges “and more”."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    told = [str(first) if first == last else f"{first}–{last}" for first, last in runs[:most]]
    return ", ".join(told) + (" and more" if len(runs) > most else "")
