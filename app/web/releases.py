"""Releases: the list, preparing one, and one with its steps and what it holds."""

from typing import Annotated

from fastapi import Query, Response

from app.accounts import service as accounts
from app.accounts.permissions import Permission
from app.http.deps import Id, Reading, Store
from app.releases import preparing, queries
from app.releases.models import Scope
from app.web import release_view, release_words
from app.web.entries import chosen, gathered, needed
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

releases = pages()
Reader = Annotated[Visit, May(Permission.RELEASE_READ)]
Preparer = Annotated[Visit, May(Permission.RELEASE_PREPARE)]
Cursor = Annotated[str, Query(max_length=300)]
A_PAGE, LONGEST = 20, 200


@releases.get("/releases")
def get_releases(visit: Reader, db: Reading, cursor: Cursor = "") -> Response:
    found = queries.listed(db, visit.actor, A_PAGE, cursor or None)
    return page(
        visit, "releases/list.html", releases=found.items, next=found.next, is_later=bool(cursor),
        people=accounts.names(db, {one.prepared_by for one in found.items}), open=queries.open_release(db),
        may_prepare=visit.may(Permission.RELEASE_PREPARE),
    )  # fmt: skip


@releases.get("/releases/prepare")
def get_prepare(visit: Preparer, db: Reading) -> Response:
    last = queries.listed(db, visit.actor, 1, None).items
    return page(
        visit, "releases/prepare.html", choices=release_words.CHOICES, open=queries.open_release(db),
        last_recipient=last[0].recipient if last else "",
    )  # fmt: skip


@releases.post("/releases/prepare")
def post_prepare(visit: Preparer, store: Store) -> Response:
    scope, recipient, purpose = gathered(
        lambda: chosen(visit.entries, "scope", Scope, "Choose what the release holds"),
        lambda: needed(visit.entries, "recipient", "Say who it is for, for example MIDAS", LONGEST),
        lambda: needed(visit.entries, "purpose", "Say what it is for, for example Monthly load", LONGEST),
    )
    made = preparing.prepare(store, visit.actor, Scope(scope), recipient, purpose)
    return to(f"/releases/{made.id}", said="release-prepared")


@releases.get("/releases/{release_id}")
def get_release(release_id: Id, visit: Reader, db: Reading) -> Response:
    release = queries.get(db, visit.actor, release_id)
    return page(visit, "releases/release.html", release=release, **release_view.of(db, visit, release))
