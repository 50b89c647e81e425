"""What stands in a backup: a head, the rows of each table in compressed blocks, and an end with counts and digests.

It is the same from either kind of database: values are numbers, texts and bytes, as app/backup/rows.py reads them.
"""

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import BinaryIO

import msgspec

from app.backup import sealed
from app.backup.rows import Columns, Row
from app.core.errors import Refused

BLOCK = 1 << 20  # bytes of rows, before they are compressed
LEVEL, SAMPLE = 3, 1 << 14
_AS_IT_IS, _SMALLER = b"-", b"z"
_ALL = 1 << 256


class Head(msgspec.Struct, tag="head", frozen=True):
    """When the view was opened that the backup shows, at which revision, from which kind of database, and what is in it."""

    taken_at: datetime
    revision: str
    kind: str
    tables: dict[str, Columns]


class Block(msgspec.Struct, tag="rows", frozen=True):
    """Some rows of one table, each packed."""

    table: str
    rows: list[msgspec.Raw]


class Sum(msgspec.Struct, frozen=True):
    """How many rows a table has, and the sum of their SHA-256, which does not depend on their order."""

    rows: int = 0
    sha256: str = f"{0:064x}"


class End(msgspec.Struct, tag="end", frozen=True):
    """What was written, by table."""

    tables: dict[str, Sum]


_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Head | Block | End).decode
_unpack_row = msgspec.msgpack.Decoder(list[object]).decode


class Tally:
    """Sums the rows of one table as they go by."""

    def __init__(self) -> None:
        self._rows, self._digest = 0, 0

    def add(self, packed: bytes | msgspec.Raw) -> None:
        self._rows += 1
        self._digest += int.from_bytes(hashlib.sha256(packed).digest())

    def sum(self) -> Sum:
        return Sum(self._rows, f"{self._digest % _ALL:064x}")


def summed(rows: Iterable[Row]) -> Sum:
    tally = Tally()
    for row in rows:
        tally.add(_pack(row))
    return tally.sum()


class Writer:
    """Writes a backup: `rows` once for each table of the head, then `finish`."""

    def __init__(self, file: BinaryIO, key: str | None, head: Head) -> None:
        self._out = sealed.Writer(file, key)
        self._sums: dict[str, Sum] = {}
        self._out.write(_compressed(head))

    def rows(self, table: str, rows: Iterable[Row]) -> Iterator[int]:
        """Writes them block by block and tells how many were in each."""
        tally, some, size = Tally(), list[msgspec.Raw](), 0
        for row in rows:
            packed = _pack(row)
            tally.add(packed)
            some.append(msgspec.Raw(packed))
            size += len(packed)
            if size >= BLOCK:
                self._out.write(_compressed(Block(table, some)))
                yield len(some)
                some, size = [], 0
        if some:
            self._out.write(_compressed(Block(table, some)))
            yield len(some)
        self._sums[table] = tally.sum()

    def finish(self) -> dict[str, Sum]:
        self._out.finish(_compressed(End(self._sums)))
        return self._sums


class Reader:
    """Reads a backup from its beginning to its end, once. Raises Refused (422) as soon as something is not right."""

    def __init__(self, file: BinaryIO, key: str | None) -> None:
        self._blocks = (_read(block) for block in sealed.blocks(file, key))
        head = next(self._blocks)
        if not isinstance(head, Head):
            raise Refused(sealed.DAMAGED)
        self.head = head
        self._end: End | None = None

    def tables(self) -> Iterator[tuple[str, Iterator[Sequence[object]]]]:
        """Each table that has rows, with them. They are to be used up before the next table is asked for."""
        for table, blocks in groupby(self._until_the_end(), lambda block: block.table):
            yield table, (_unpack_row(row) for block in blocks for row in block.rows)

    def _until_the_end(self) -> Iterator[Block]:
        for block in self._blocks:
            if isinstance(block, Block):
                yield block
            elif isinstance(block, End):
                self._end = block

    def sums(self) -> dict[str, Sum]:
        """What the end says was written, once everything is read."""
        if self._end is None:
            raise Refused(sealed.CUT_OFF)
        return self._end.tables


def _compressed(block: Head | Block | End) -> bytes:
    """Its first byte tells whether it is. What does not get smaller is left: originals and parts are compressed already."""
    packed = _pack(block)
    sample = packed[len(packed) // 2 :][:SAMPLE]
    if len(zlib.compress(sample, LEVEL)) > 0.95 * len(sample):
        return _AS_IT_IS + packed
    return _SMALLER + zlib.compress(packed, LEVEL)


def _read(block: bytes) -> Head | Block | End:
    try:
        found: Head | Block | End = _unpack(block[1:] if block[:1] == _AS_IT_IS else zlib.decompress(block[1:]))
    except (zlib.error, msgspec.DecodeError) as error:
        raise Refused(sealed.DAMAGED) from error
    return found
