"""What releases keep of persons: their files, and what their lines said, each for its time."""

from sqlmodel import Session

from app.core import clock
from app.policy.retention import Kept
from app.releases import forgetting, old_files
from app.releases.forgetting import Before
from app.retention.limits import Limits
from app.retention.stage import Due, Stage


def _look_at_files(db: Session, limits: Limits) -> Due:
    number, oldest = old_files.count(db, limits.instant(Kept.RELEASE_FILE))
    return Due(number, clock.uk_date(oldest) if oldest else None)


def _delete_files(db: Session, limits: Limits) -> int:
    return old_files.delete_some(db, limits.instant(Kept.RELEASE_FILE), limits.now)


def _before(limits: Limits) -> Before:
    return Before(limits.instant(Kept.RELEASE_LINE), limits.instant(Kept.ABANDONED_RELEASE))


def _look_at_lines(db: Session, limits: Limits) -> Due:
    number, oldest = forgetting.count(db, _before(limits))
    return Due(number, clock.uk_date(oldest) if oldest else None)


def _forget_lines(db: Session, limits: Limits) -> int:
    return forgetting.forget_some(db, _before(limits), limits.now)


FILES = Stage("release-files", "files of releases", ("release_file_parts",), _look_at_files, _delete_files)
LINES = Stage(
    "release-lines", "lines of releases, of what they said", ("release_parts",), _look_at_lines, _forget_lines
)
