"""What the lines of a release say, frozen when it is prepared: packed in parts of some hundred lines, read one by one."""

import zlib
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import msgspec
from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from app.core.db import among
from app.core.spreadsheet.writing import DATE_FORMAT
from app.releases.models import ReleaseLine, ReleasePart
from app.releases.outputs.consolidated import LAYOUT, Row

A_PART = 500  # lines
Item = TypeVar("Item")
_DATES = frozenset(field.key for field in LAYOUT if field.number_format == DATE_FORMAT)


class Line(msgspec.Struct):
    """One line; without `values` when what it said is forgotten. `values` are the keys of the consolidated layout: dates as dates, money in pence, choices as stored.

    `return_id` and `row` name the return and its row that last said something new of the debt, or `import_id` the import.
    `shown`: at that instant the debt belonged on the Warnings Index. `flagged`: its flag was on.
    """

    line: int
    debt_id: str
    reference: str
    organisation: str
    change: str
    values: dict[str, Any]
    return_id: str | None = None
    row: int | None = None
    import_id: str | None = None
    shown: bool = False
    flagged: bool = False

    def as_row(self) -> Row:
        return self.values


_lines = msgspec.msgpack.Decoder(list[Line])


def pack(lines: Sequence[Line]) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(lines), 1)


def unpack(content: bytes) -> list[Line]:
    found = _lines.decode(zlib.decompress(content))
    for line in found:
        for key in _DATES:
            if isinstance(value := line.values.get(key), str):
                line.values[key] = date.fromisoformat(value)
    return found


def in_parts(lines: Iterable[Item]) -> Iterator[list[Item]]:
    """Lines in order, as many at once as one part holds."""
    part: list[Item] = []
    for line in lines:
        part.append(line)
        if len(part) == A_PART:
            yield part
            part = []
    if part:
        yield part


def stream(db: Session, release_id: str, without: frozenset[int] = frozenset()) -> Iterator[Line]:
    """Every line in order, but those of these numbers, in constant memory."""
    query = select(col(ReleasePart.content)).where(col(ReleasePart.release_id) == release_id)
    for content in db.execute(
        query.order_by(col(ReleasePart.first_line)), execution_options={"yield_per": 1}
    ).scalars():
        yield from (line for line in unpack(content) if line.line not in without)


def line(db: Session, release_id: str, number: int) -> Line | None:
    """One line by its number."""
    query = (
        select(col(ReleasePart.content))
        .where(col(ReleasePart.release_id) == release_id, col(ReleasePart.first_line) <= number)
        .order_by(col(ReleasePart.first_line).desc())
        .limit(1)
    )
    content = db.execute(query).scalar()
    return next((one for one in unpack(content) if one.line == number), None) if content else None


def several(db: Session, release_id: str, numbers: Collection[int]) -> dict[int, Line]:
    """These lines by their numbers; each part is unpacked once."""
    parts = _parts(db, release_id, numbers)
    return {line.line: line for _, content in parts for line in unpack(content) if line.line in numbers}


def take_away(db: Session, release_id: str, numbers: Collection[int]) -> None:
    """Writes the parts anew without what these lines say; a part that says nothing any more goes."""
    for first, content in list(_parts(db, release_id, numbers)):
        this = (col(ReleasePart.release_id) == release_id, col(ReleasePart.first_line) == first)
        left = [line for line in unpack(content) if line.line not in numbers]
        anew = update(ReleasePart).where(*this).values(content=pack(left)) if left else delete(ReleasePart).where(*this)
        db.execute(anew, execution_options={"synchronize_session": False})


def firsts(db: Session, release_id: str) -> list[int]:
    """The first lines of the parts that are there, in order."""
    starts = select(col(ReleasePart.first_line)).where(col(ReleasePart.release_id) == release_id)
    return sorted(db.execute(starts).scalars())


def part_of(firsts: Sequence[int], number: int) -> int:
    """Which of the parts that begin with these lines would hold a line; 0 for none."""
    place = bisect_right(firsts, number)
    return firsts[place - 1] if place else 0


def _parts(db: Session, release_id: str, numbers: Collection[int]) -> Iterable[tuple[int, bytes]]:
    """The parts that may hold these lines."""
    starts = firsts(db, release_id)
    wanted = {start for number in numbers if (start := part_of(starts, number))}
    if not wanted:
        return ()
    query = select(col(ReleasePart.first_line), col(ReleasePart.content)).where(
        col(ReleasePart.release_id) == release_id, among(db, col(ReleasePart.first_line), wanted)
    )
    return ((first, content) for first, content in db.execute(query))


def in_numbers(one: ReleaseLine) -> Line:
    """What is left of a line when what it said is forgotten."""
    return Line(one.line, one.debt_id, one.reference, one.organisation_code, one.change, {})


def taken_out(db: Session, release_id: str) -> Mapping[int, str]:
    """The numbers of the lines that do not leave, each with why."""
    query = select(col(ReleaseLine.line), col(ReleaseLine.taken_out)).where(
        col(ReleaseLine.release_id) == release_id, col(ReleaseLine.taken_out).is_not(None)
    )
    return {number: why for number, why in db.execute(query)}
