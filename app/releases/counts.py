"""What the lines of a release add up to: numbers and pence by status, organisation, nation and change."""

from collections import defaultdict
from typing import Any

from app.releases.lines import Line

BY = ("status", "organisation", "nation", "change")


class Tally:
    """Gathers while the lines go by. Pence are what is outstanding on the lines' debts; of ended debts nothing is owed."""

    def __init__(self) -> None:
        self.lines = 0
        self._by: dict[str, dict[str, list[int]]] = {by: defaultdict(lambda: [0, 0]) for by in BY}

    def add(self, line: Line, nation: str, pence: int) -> None:
        self.lines += 1
        keys = (str(line.values["status"]), line.organisation, nation, line.change)
        for by, key in zip(BY, keys, strict=True):
            sums = self._by[by][key]
            sums[0] += 1
            sums[1] += pence

    def told(self) -> dict[str, Any]:
        """{"by_status": {"outstanding": {"lines": 2, "pence": 125000}}, …}"""
        return {
            f"by_{by}": {key: {"lines": lines, "pence": pence} for key, (lines, pence) in sorted(found.items())}
            for by, found in self._by.items()
        }
