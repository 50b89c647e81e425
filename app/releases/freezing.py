"""The files of a release: written before the register's turn is taken, kept in the database in parts, given out in parts."""

import logging
import subprocess
import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import insert, select
from sqlmodel import Session, col

from app.core.clock import UK
from app.core.db import Database
from app.core.errors import Gone, NotFound, Unavailable
from app.releases.models import Release, ReleaseFile, ReleaseFilePart
from app.releases.writing import NAMES, POLITE, Files, Task, Written, write_files
from app.settings import PROJECT

__all__ = [
    "NAMES",
    "POLITE",
    "Files",
    "Written",
    "file_of",
    "files_of",
    "keep",
    "kept_file_of",
    "piece",
    "pieces",
    "write",
]
A_PART = 256 * 1024
SMALL = 1_000  # lines
_log = logging.getLogger(__name__)


def write(store: Database, release_id: str, without: Collection[int], folder: Path, behind: int = POLITE) -> Files:
    """Writes the files into the folder without any lock: a large release in a process of its own, since here pages would
    become slow, and so many steps behind the processes that answer people; a small one is written sooner than a process
    starts. Raises Unavailable (503).
    """
    with store.reading() as db:
        if (release := db.get(Release, release_id)) is not None and release.lines <= SMALL:
            return write_files(db, release_id, frozenset(without), folder)
    task = Task(_address(store), release_id, frozenset(without), str(folder.resolve()), behind)
    # No shell, our own interpreter and module; the database's address, which holds a password, goes by a pipe.
    done = subprocess.run(  # nosec B603
        [sys.executable, "-m", "app.releases.writing"],
        input=msgspec.json.encode(task), cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    told = folder / "written.json"
    if done.returncode or not told.exists():
        _log.error("Writing the files of a release ended with %s: %s", done.returncode, _kind(done.stderr))
        raise Unavailable("The files of this release could not be written. Nothing was changed: try again in a minute.")
    files = msgspec.json.decode(told.read_bytes(), type=Files)
    told.unlink()
    return files


def keep(db: Session, release_id: str, written: Sequence[Written]) -> list[ReleaseFile]:
    """Stores the files, in the transaction of whoever releases."""
    return [_keep(db, release_id, each) for each in written]


def files_of(db: Session, release_id: str) -> Sequence[ReleaseFile]:
    """The files of a released release, by name."""
    query = select(ReleaseFile).where(col(ReleaseFile.release_id) == release_id).order_by(col(ReleaseFile.name))
    return db.execute(query).scalars().all()


def file_of(db: Session, release_id: str, name: str) -> ReleaseFile:
    """What is known of one file. Raises NotFound."""
    query = select(ReleaseFile).where(col(ReleaseFile.release_id) == release_id, col(ReleaseFile.name) == name)
    found: ReleaseFile | None = db.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def kept_file_of(db: Session, release: Release, name: str) -> ReleaseFile:
    """One file that can still be given out. Raises NotFound, Gone (410) for one whose time was over."""
    found = file_of(db, release.id, name)
    if found.deleted_at is not None:
        raise Gone(
            f"{name} of release {release.number} was deleted on {found.deleted_at.astimezone(UK):%-d %B %Y}, when its time "
            f"was over. Ask {release.recipient} for its copy: the SHA-256 on the release’s page tells whether it is the same."
        )
    return found


def pieces(db: Session, release_id: str, name: str) -> Iterator[bytes]:
    """The file's bytes, part by part: none of a deleted one. Raises NotFound."""
    file_id, number = file_of(db, release_id, name).id, 0
    while content := piece(db, file_id, number):
        yield content
        number += 1


def piece(db: Session, file_id: str, number: int) -> bytes | None:
    """One part of a file, None after the last: who sends it slowly need not hold a session meanwhile."""
    content: bytes | None = db.execute(
        select(col(ReleaseFilePart.content)).where(
            col(ReleaseFilePart.file_id) == file_id, col(ReleaseFilePart.number) == number
        )
    ).scalar()
    return content


def _keep(db: Session, release_id: str, written: Written) -> ReleaseFile:
    kept = ReleaseFile(
        release_id=release_id, name=written.name, rows=written.rows, size=written.size, sha256=written.sha256
    )
    db.add(kept)
    db.flush()
    with Path(written.path).open("rb") as file:
        number = 0
        while content := file.read(A_PART):
            db.execute(insert(ReleaseFilePart).values(file_id=kept.id, number=number, content=content))
            number += 1
    return kept


def _address(store: Database) -> str:
    """As another process finds it, which stands in another folder."""
    url = store.url
    if store.is_sqlite and url.database:
        url = url.set(database=str(Path(url.database).resolve()))
    return url.render_as_string(hide_password=False)


def _kind(stderr: bytes) -> str:
    """The last line alone, cut short."""
    return stderr.decode(errors="replace").strip().rpartition("\n")[2][:80]
