"""The frozen files of a released release. Each download is noted: who took it, when and for what."""

from typing import Annotated

from fastapi import Query, Response

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.api.deps import Id, May, Reading, Store, router
from app.api.shapes.problem import gone
from app.api.shapes.release_files import Manifest
from app.http.release_files import release_file
from app.releases import freezing
from app.releases.handing_over import released
from app.releases.live import LONGEST

release_files = router("release files")
Downloader = Annotated[Actor, May(Permission.RELEASE_DOWNLOAD)]
Purpose = Annotated[
    str, Query(max_length=LONGEST, description="What this file is for, if it is not the purpose of the release.")
]


@release_files.get(
    "/releases/{release_id}/consolidated.xlsx",
    summary="The debts as a workbook",
    response_class=Response,
    responses=gone(),
)
def get_workbook(release_id: Id, actor: Downloader, store: Store, purpose: Purpose = "") -> Response:
    return release_file(store, actor, release_id, "consolidated.xlsx", purpose)


@release_files.get(
    "/releases/{release_id}/consolidated.csv",
    summary="The debts as CSV for people",
    response_class=Response,
    responses=gone(),
)
def get_table(release_id: Id, actor: Downloader, store: Store, purpose: Purpose = "") -> Response:
    return release_file(store, actor, release_id, "consolidated.csv", purpose)


@release_files.get(
    "/releases/{release_id}/midas.csv", summary="The debts for MIDAS", response_class=Response, responses=gone()
)
def get_midas(release_id: Id, actor: Downloader, store: Store, purpose: Purpose = "") -> Response:
    return release_file(store, actor, release_id, "midas.csv", purpose)


@release_files.get(
    "/releases/{release_id}/warnings-index.csv",
    summary="Flags to show and to take off",
    response_class=Response,
    responses=gone(),
)
def get_warnings_index(release_id: Id, actor: Downloader, store: Store, purpose: Purpose = "") -> Response:
    return release_file(store, actor, release_id, "warnings-index.csv", purpose)


@release_files.get("/releases/{release_id}/manifest.json", summary="The files with their digests")
def get_manifest(release_id: Id, actor: Annotated[Actor, May(Permission.RELEASE_READ)], db: Reading) -> Manifest:
    release = released(db, actor, release_id)
    return Manifest.of(release, freezing.files_of(db, release.id))
