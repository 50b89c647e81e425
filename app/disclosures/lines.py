"""The ids of a file's debts, packed: 16 bytes a line while a file is written, and parts in which one id is found quickly."""

import zlib
from collections.abc import Collection, Iterable, Iterator

WHOLE = -1
LARGEST_WHOLE = 8_192  # ids in one part; a larger file is divided by the last byte of the ids, which is random
_SIZE = 16


class Lines:
    """Gathers ids while a file of any length goes by."""

    def __init__(self, debt_ids: Iterable[str] = ()) -> None:
        self._shards = [bytearray() for _ in range(256)]
        self.count = 0
        for debt_id in debt_ids:
            self.add(debt_id)

    def add(self, debt_id: str) -> None:
        raw = bytes.fromhex(debt_id)
        self._shards[raw[-1]] += raw
        self.count += 1

    def parts(self) -> Iterator[tuple[int, bytes]]:
        """The shard and the packed ids of each part that is not empty."""
        if self.count <= LARGEST_WHOLE:
            yield WHOLE, _packed(b"".join(self._shards))
            return
        for shard, ids in enumerate(self._shards):
            if ids:
                yield shard, _packed(bytes(ids))


def shards_of(debt_ids: Collection[str]) -> list[int]:
    """The parts in which these ids may stand."""
    return [WHOLE, *sorted({int(debt_id[-2:], 16) for debt_id in debt_ids})]


def found_in(part: bytes, debt_ids: Collection[str]) -> set[str]:
    """Those of these ids that stand in a part."""
    ids = zlib.decompress(part)
    held = {ids[start : start + _SIZE] for start in range(0, len(ids), _SIZE)}
    return {debt_id for debt_id in debt_ids if bytes.fromhex(debt_id) in held}


def _packed(ids: bytes) -> bytes:
    """In order: neighbours share their first bytes, which are the time at which they were made."""
    return zlib.compress(b"".join(sorted(ids[start : start + _SIZE] for start in range(0, len(ids), _SIZE))))
