"""A release on its way out: approval by a second person, letting it go, or abandoning it."""

from typing import Annotated

from fastapi import Response

from app.accounts.permissions import Permission
from app.http.deps import Id, Reading, Store, Writing
from app.releases import queries, releasing, sign_off
from app.releases.models import State
from app.releases.rules.sign_off import MOVES
from app.releases.sample_lines import sample_lines
from app.releases.taken_out_now import taken_out_now
from app.web import release_view
from app.web.entries import needed
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

release_signing = pages()
Approver = Annotated[Visit, May(Permission.RELEASE_APPROVE)]
Preparer = Annotated[Visit, May(Permission.RELEASE_PREPARE)]


@release_signing.get("/releases/{release_id}/approve")
def get_approve(release_id: Id, visit: Approver, db: Reading) -> Response:
    release = queries.get(db, visit.actor, release_id)
    sample = sample_lines(db, release.id)
    return page(
        visit, "releases/approve.html", release=release, sample=sample, wrong=sum(one.correct is False for one in sample),
        waiting=sum(one.correct is None for one in sample), hindered=release_view.hindered(db, visit.actor, release),
    )  # fmt: skip


@release_signing.post("/releases/{release_id}/approve")
def post_approve(release_id: Id, visit: Approver, db: Writing) -> Response:
    sign_off.approve(db, visit.actor, queries.get(db, visit.actor, release_id).id)
    return to(f"/releases/{release_id}", said="release-approved")


@release_signing.get("/releases/{release_id}/release")
def get_release(release_id: Id, visit: Approver, db: Reading) -> Response:
    """Shows what would be taken out now."""
    release = queries.get(db, visit.actor, release_id)
    out = taken_out_now(db, release) if release.state == State.APPROVED else []
    return page(visit, "releases/give.html", release=release, **release_view.taken_out(out))


@release_signing.post("/releases/{release_id}/release")
def post_release(release_id: Id, visit: Approver, store: Store) -> Response:
    releasing.release(store, visit.actor, release_id)
    return to(f"/releases/{release_id}", said="release-released")


@release_signing.get("/releases/{release_id}/abandon")
def get_abandon(release_id: Id, visit: Preparer, db: Reading) -> Response:
    release = queries.get(db, visit.actor, release_id)
    is_open = State.ABANDONED in MOVES[State(release.state)]
    return page(visit, "releases/abandon.html", release=release, is_open=is_open)


@release_signing.post("/releases/{release_id}/abandon")
def post_abandon(release_id: Id, visit: Preparer, db: Writing) -> Response:
    reason = needed(visit.entries, "reason", "Say why the release is abandoned", sign_off.LONGEST_REASON)
    sign_off.abandon(db, visit.actor, queries.get(db, visit.actor, release_id).id, reason)
    return to(f"/releases/{release_id}", said="release-abandoned")
