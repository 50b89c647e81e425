"""Stand-in until the files of a release are written here: one file, in memory."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from app.core.db import Database
from app.releases import lines
from app.releases.models import ReleaseFile
from app.releases.outputs.consolidated import csv_lines


@dataclass(frozen=True)
class Written:
    """One file as written."""

    name: str
    path: Path
    rows: int
    size: int
    sha256: str


def write(store: Database, release_id: str, without: frozenset[int], folder: Path) -> list[Written]:
    path = folder / "consolidated.csv"
    with store.reading() as db:
        rows = [line.as_row() for line in lines.stream(db, release_id, without)]
        data = b"".join(csv_lines(rows))
    path.write_bytes(data)
    return [Written(path.name, path, len(rows), len(data), hashlib.sha256(data).hexdigest())]


def keep(db: Session, release_id: str, written: Sequence[Written]) -> None:
    db.add_all(
        ReleaseFile(release_id=release_id, name=each.name, rows=each.rows, size=each.size, sha256=each.sha256)
        for each in written
    )
    db.flush()
