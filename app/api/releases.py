"""Releases: prepare one, list them, one with its sample and files, its lines with what differs."""

from typing import Annotated

from fastapi import Query

from app.accounts import service as accounts
from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.api.deps import PAGE, Cursor, Id, Limit, May, Reading, Store, router
from app.api.shapes.releases import WHO, LineOut, OneReleaseOut, ReleaseIn, ReleaseOut
from app.api.shapes.values import Listing
from app.core.db import Session
from app.releases import preparing, preview, queries
from app.releases.models import Release
from app.releases.rules.words import Change

releases = router("releases")
Reader = Annotated[Actor, May(Permission.RELEASE_READ)]
Preparer = Annotated[Actor, May(Permission.RELEASE_PREPARE)]
Changed = Annotated[Change | None, Query(description="Only the lines that say this.")]


@releases.post("/releases", summary="Prepare a release; its sample is drawn at once", status_code=201)
def post_release(wanted: ReleaseIn, actor: Preparer, store: Store) -> OneReleaseOut:
    """409 while another release is open, or while the register contradicts itself."""
    made = preparing.prepare(store, actor, wanted.scope, wanted.recipient, wanted.purpose)
    with store.reading() as db:
        return whole(db, made)


@releases.get("/releases", summary="Releases, newest first")
def get_releases(actor: Reader, db: Reading, limit: Limit = PAGE, cursor: Cursor = None) -> Listing[ReleaseOut]:
    page = queries.listed(db, actor, limit, cursor)
    people = accounts.names(db, (getattr(release, who) for release in page.items for who in WHO))
    return Listing(items=[ReleaseOut.of(release, people) for release in page.items], next=page.next)


@releases.get("/releases/{release_id}", summary="One release with its sample, its files and what was taken out")
def get_release(release_id: Id, actor: Reader, db: Reading) -> OneReleaseOut:
    return whole(db, queries.get(db, actor, release_id))


@releases.get(
    "/releases/{release_id}/lines", summary="The lines of a release, with what differs from what was said before"
)
def get_lines(
    release_id: Id, actor: Reader, db: Reading, change: Changed = None, limit: Limit = PAGE, cursor: Cursor = None
) -> Listing[LineOut]:
    page = preview.changes(db, queries.get(db, actor, release_id), change, limit, cursor)
    return Listing(items=[LineOut.of(told) for told in page.items], next=page.next)


def whole(db: Session, release: Release) -> OneReleaseOut:
    """What every call about one release answers."""
    return OneReleaseOut.whole(
        release, accounts.names(db, (getattr(release, who) for who in WHO)), queries.released_before(db, release),
        queries.sample_of(db, release), queries.taken_out_of(db, release), queries.files_of(db, release),
    )  # fmt: skip
