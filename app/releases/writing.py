"""The four files of a release, written from its frozen lines in constant memory: the same bytes however often.

Started by `freezing` as a process of its own with a lower claim on the machine, so that pages stay quick meanwhile.
"""

import hashlib
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import msgspec
from sqlmodel import Session

from app.accounts import service as accounts
from app.core.db import Database
from app.releases import flags_before, lines
from app.releases.lines import Line
from app.releases.models import Change, Release, Scope
from app.releases.outputs import consolidated, midas, warnings_index
from app.releases.outputs.consolidated import Cover
from app.releases.told_before import held_since, with_before

WORKBOOK, TABLE, MIDAS, WARNINGS_INDEX = "consolidated.xlsx", "consolidated.csv", midas.NAME, warnings_index.NAME
NAMES = (WORKBOOK, TABLE, MIDAS, WARNINGS_INDEX)
SCOPES = {Scope.FULL: "Full: every open debt, and removals", Scope.CHANGES: "Changes since the release before"}
POLITE = 10  # steps behind the processes that answer people
_READ_AT_ONCE = 1 << 20


class Task(msgspec.Struct):
    """Which files of which release to write where. `without` are the lines that do not leave; `behind` are the steps by
    which the writing stands back.
    """

    url: str
    release_id: str
    without: frozenset[int]
    folder: str
    behind: int = POLITE


class Written(msgspec.Struct):
    """One file on disk. `rows` without its headings."""

    name: str
    path: str
    rows: int
    size: int
    sha256: str


class Files(msgspec.Struct):
    """The files on disk, and the debts whose flag the one for the Warnings Index takes off without a line: those that releases
    carried to this recipient and those that were flagged before this service.
    """

    written: list[Written]
    ended: list[str]
    ended_before: list[str]


def write_files(db: Session, release_id: str, without: frozenset[int], folder: Path) -> Files:
    """Writes them one after the other, each from one pass over the lines."""
    release = db.get_one(Release, release_id)
    changes: Counter[str] = Counter()
    ended: list[str] = []
    ended_before: list[str] = []

    def counted(found: Iterable[Line]) -> Iterator[Line]:
        for line in found:
            changes[line.change] += 1
            yield line

    def every() -> Iterator[Line]:
        return lines.stream(db, release_id, without)

    for_midas = _stored(folder / MIDAS, midas.csv_pieces(counted(every())))
    count, name = changes.total(), f"Release {release.number}"
    table = _stored(folder / TABLE, consolidated.csv_lines((line.as_row() for line in every()), name))
    flags = _Counted(
        chain(
            warnings_index.flags(Scope(release.scope), release.as_at, with_before(db, release, every())),
            warnings_index.ended(release.as_at, _noted(held_since(db, release, without), ended)),
            warnings_index.ended(release.as_at, _noted(flags_before.ended_now(db, release, without), ended_before)),
        )
    )
    for_the_index = _stored(folder / WARNINGS_INDEX, warnings_index.csv_pieces(flags))
    workbook = folder / WORKBOOK
    consolidated.write_workbook(
        (line.as_row() for line in every()), _cover(db, release, changes, len(without)), workbook
    )
    written = [
        _written(workbook, count, _sha256(workbook)),
        _written(folder / TABLE, count, table),
        _written(folder / MIDAS, count, for_midas),
        _written(folder / WARNINGS_INDEX, flags.count, for_the_index),
    ]
    return Files(written, ended, ended_before)


def _noted(found: Iterable[Line], debt_ids: list[str]) -> Iterator[Line]:
    """Keeps of which debts the lines are that go by."""
    for line in found:
        debt_ids.append(line.debt_id)
        yield line


class _Counted:
    """Counts what goes by."""

    def __init__(self, found: Iterable[warnings_index.Flag]) -> None:
        self._found, self.count = found, 0

    def __iter__(self) -> Iterator[warnings_index.Flag]:
        for each in self._found:
            self.count += 1
            yield each


def _cover(db: Session, release: Release, changes: Counter[str], taken_out: int) -> Cover:
    names = accounts.names(db, [release.prepared_by, release.approved_by])

    def name(id_: str | None) -> str:
        return names.get(id_ or "", id_ or "nobody yet")

    facts: dict[str, str | int] = {"Scope": SCOPES[Scope(release.scope)]}
    facts |= {f"Lines: {change.label}": changes[change] for change in Change if changes[change]}
    facts |= {"Lines taken out before the release": taken_out, "Debts left out because they are held": release.held}
    return Cover(
        release.as_at, name(release.prepared_by), release.recipient, release.purpose,
        release=f"Release {release.number}", approved_by=name(release.approved_by), facts=facts,
    )  # fmt: skip


def _stored(path: Path, pieces: Iterable[bytes]) -> str:
    """Writes a file that only this service can read, and gives the digest of its bytes."""
    path.touch(mode=0o600)
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for piece in pieces:
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_READ_AT_ONCE):
            digest.update(piece)
    return digest.hexdigest()


def _written(path: Path, rows: int, sha256: str) -> Written:
    return Written(path.name, str(path), rows, path.stat().st_size, sha256)


def main() -> None:
    """The task comes on standard input, what was written goes to a file beside the files: both hold names, no lines."""
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    os.nice(task.behind)
    folder = Path(task.folder)
    store = Database(task.url)
    try:
        with store.reading() as db:
            written = write_files(db, task.release_id, task.without, folder)
    except Exception as error:  # what it says may quote lines, so only its kind is told
        sys.exit(type(error).__name__)
    (folder / "written.json").write_bytes(msgspec.json.encode(written))


if __name__ == "__main__":
    main()
