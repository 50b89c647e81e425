"""The lines of the Warnings Index feed of the large register, numbered without a gap in the order of their time."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from heapq import heappop, heappush

from bench.million.shapes import Row, instant

ADD, REMOVE = "add", "remove"
ACKNOWLEDGED_AFTER = timedelta(days=1)


class Feed:
    """Takes lines of the future and gives them when their time has come."""

    def __init__(self, unacknowledged_since: datetime) -> None:
        self._waiting: list[tuple[datetime, int, Row]] = []
        self._number = self._given = 0
        self._since = unacknowledged_since

    def say(self, at: datetime, action: str, debt_id: str, carried: Row) -> None:
        self._number += 1
        heappush(self._waiting, (at, self._number, (debt_id, action, instant(at), *carried)))

    def due(self, until: datetime) -> Iterator[Row]:
        while self._waiting and self._waiting[0][0] <= until:
            at, _, line = heappop(self._waiting)
            self._given += 1
            taken = instant(at + ACKNOWLEDGED_AFTER) if at < self._since else None
            yield (self._given, *line, taken)
