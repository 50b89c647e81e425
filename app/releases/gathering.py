"""The lines of a release on their way from a view of the register into the database, so that nobody waits while they are found."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import msgspec
from sqlalchemy import select
from sqlmodel import Session, col

from app.core.many_rows import insert_rows
from app.organisations.models import Organisation
from app.releases.counts import Tally
from app.releases.lines import Line, in_parts, pack
from app.releases.models import ReleaseLine, ReleasePart
from app.releases.selecting import Selected
from app.return_template.choices import OPEN_STATUSES

GoneOn = Callable[[int], object]
_LINES: Any = ReleaseLine.__table__  # type: ignore[attr-defined]  # SQLModel adds it
_PARTS: Any = ReleasePart.__table__  # type: ignore[attr-defined]
_IN_MEMORY = 8 << 20  # bytes; more waits on disk
_LENGTH = 4  # bytes, before each part


class _Part(msgspec.Struct):
    """Lines that stand in one part: their numbers, digests and so on as rows of the table, and what they say, packed."""

    rows: list[dict[str, Any]]
    content: bytes


_part = msgspec.msgpack.Decoder(_Part)


class Gathered:
    """Lines that wait in a scratch file without a name: nobody else can open it, and it goes with this process, however
    that ends. `lines_of` are the numbers of the lines of each organisation.
    """

    def __init__(self, scratch: IO[bytes]) -> None:
        self._scratch = scratch
        self.tally = Tally()
        self.lines_of: dict[str, array[int]] = defaultdict(lambda: array("l"))

    def add(self, part: Sequence[Selected], nations: Mapping[str, str | None]) -> None:
        lines = [each.line for each in part]
        for line in lines:
            self.tally.add(line, str(nations[line.organisation]), _owed(line))
            self.lines_of[line.organisation].append(line.line)
        packed = msgspec.msgpack.encode(_Part([_row(each) for each in part], pack(lines)))
        self._scratch.write(len(packed).to_bytes(_LENGTH, "big") + packed)

    def keep(self, db: Session, release_id: str) -> None:
        """Stores them as the lines of this release."""
        for part in self._parts():
            insert_rows(db, _LINES, [{"release_id": release_id, **row} for row in part.rows])
            first = part.rows[0]["line"]
            insert_rows(db, _PARTS, [{"release_id": release_id, "first_line": first, "content": part.content}])

    def _parts(self) -> Iterator[_Part]:
        self._scratch.seek(0)
        while length := self._scratch.read(_LENGTH):
            yield _part.decode(self._scratch.read(int.from_bytes(length, "big")))


@contextmanager
def gathered(db: Session, selection: Iterable[Selected], gone_on: GoneOn) -> Iterator[Gathered]:
    """All lines of a selection, in constant memory. `gone_on` hears of each part's number of lines."""
    nations = {code: nation for code, nation in db.execute(select(col(Organisation.code), col(Organisation.nation)))}
    with SpooledTemporaryFile(_IN_MEMORY) as scratch:
        found = Gathered(scratch)
        for part in in_parts(selection):
            found.add(part, nations)
            gone_on(len(part))
        yield found


def _row(selected: Selected) -> dict[str, Any]:
    line = selected.line
    return {
        "line": line.line, "debt_id": line.debt_id, "reference": line.reference,
        "organisation_code": line.organisation, "change": line.change, "status_digest": selected.digests.status,
        "particulars_digest": selected.digests.particulars,
    }  # fmt: skip


def _owed(line: Line) -> int:
    return int(line.values["amount_outstanding"]) if line.values["status"] in OPEN_STATUSES else 0
