"""Judging a release's sample, approving, releasing and abandoning it."""

from typing import Annotated

from fastapi import Path

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.api.deps import Id, May, Store, Writing, router
from app.api.releases import whole
from app.api.shapes.release_sign_off import AbandonIn, JudgementIn, JudgementOut
from app.api.shapes.releases import OneReleaseOut
from app.api.shapes.values import Whole
from app.releases import releasing, sampling, sign_off

release_sign_off = router("releases")
Approver = Annotated[Actor, May(Permission.RELEASE_APPROVE)]
LineNumber = Annotated[Whole, Path(ge=1, le=2_147_483_647, description="The line's number in the release.")]


@release_sign_off.post("/releases/{release_id}/sample/{line}", summary="Mark a line of the sample right or wrong")
def post_judgement(
    release_id: Id, line: LineNumber, judgement: JudgementIn, actor: Annotated[Actor, May(Permission.RELEASE_SAMPLE)],
    db: Writing,
) -> JudgementOut:  # fmt: skip
    """A wrong line's debt is held at once; marked right again, that hold ends."""
    return JudgementOut.of(sampling.judge(db, actor, release_id, line, judgement.correct, judgement.reason))


@release_sign_off.post(
    "/releases/{release_id}/approve", summary="Approve a release that somebody else made and checked"
)
def post_approval(release_id: Id, actor: Approver, db: Writing) -> OneReleaseOut:
    return whole(db, sign_off.approve(db, actor, release_id))


@release_sign_off.post("/releases/{release_id}/release", summary="Release an approved release: its files are frozen")
def post_release(release_id: Id, actor: Approver, store: Store) -> OneReleaseOut:
    """Lines that were marked wrong, or whose debt moved on since, are taken out; nothing is added."""
    found = releasing.release(store, actor, release_id)
    with store.reading() as db:
        return whole(db, found)


@release_sign_off.post("/releases/{release_id}/abandon", summary="Give a release up, with a reason")
def post_abandon(
    release_id: Id, why: AbandonIn, actor: Annotated[Actor, May(Permission.RELEASE_PREPARE)], db: Writing
) -> OneReleaseOut:
    return whole(db, sign_off.abandon(db, actor, release_id, why.reason))
