"""The sample of a release: stand-in until the sample's own module lands."""

from random import Random

from sqlmodel import Session

from app.releases.models import Release, SampleLine


def draw(db: Session, release: Release) -> None:
    """Ten lines, or all."""
    chance = Random(release.seed)  # noqa: S311 - to be drawn again by whoever checks it, not to be secret
    db.add_all(
        SampleLine(release_id=release.id, line=number)
        for number in sorted(chance.sample(range(1, release.lines + 1), min(10, release.lines)))
    )
    db.flush()
