"""A file of a release as an answer, the same on pages and in the API."""

from fastapi import Response

from app.accounts.access import Actor
from app.core.db import Database
from app.http.downloads import CSV, XLSX, download_in_pieces
from app.releases.handing_over import hand_over


def release_file(store: Database, actor: Actor, release_id: str, name: str, purpose: str = "") -> Response:
    """Sends the file and notes who took it. The browser keeps it under a name that tells the release's number."""
    leaving = hand_over(store, actor, release_id, name, purpose)
    file, kind = leaving.file, XLSX if name.endswith(".xlsx") else CSV
    return download_in_pieces(leaving.pieces, file.size, file.sha256, f"release-{leaving.release.number}-{name}", kind)
