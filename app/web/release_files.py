"""The files of a released release to download, each for a purpose, and the recipient's answer to it."""

from typing import Annotated

from fastapi import Response

from app.accounts.permissions import Permission
from app.core.csv_list import Faulty
from app.core.errors import Refused
from app.http.deps import Id, Reading, Store, Writing
from app.http.release_files import release_file
from app.releases import acknowledgement, freezing, queries
from app.releases.handing_over import released
from app.releases.live import LONGEST
from app.web.entries import Fault, Faults, needed
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

release_files = pages()
Downloader = Annotated[Visit, May(Permission.RELEASE_DOWNLOAD)]
Receiver = Annotated[Visit, May(Permission.RELEASE_ACKNOWLEDGE)]


@release_files.get("/releases/{release_id}/files/{name}")
def get_file(release_id: Id, name: str, visit: Downloader, db: Reading) -> Response:
    release = released(db, visit.actor, release_id)
    return page(visit, "releases/download.html", release=release, file=freezing.kept_file_of(db, release, name))


@release_files.post("/releases/{release_id}/files/{name}")
def post_file(release_id: Id, name: str, visit: Downloader, store: Store) -> Response:
    """Posted, so that the purpose stands in no address and no link takes the file out again."""
    purpose = needed(visit.entries, "purpose", "Say what you take the file for", LONGEST)
    return release_file(store, visit.actor, release_id, name, purpose)


@release_files.get("/releases/{release_id}/acknowledgement")
def get_acknowledgement(release_id: Id, visit: Receiver, db: Reading) -> Response:
    release = queries.get(db, visit.actor, release_id)
    return page(visit, "releases/acknowledge.html", release=release, most_mb=visit.settings.max_upload_mb)


@release_files.post("/releases/{release_id}/acknowledgement")
def post_acknowledgement(release_id: Id, visit: Receiver, db: Writing) -> Response:
    sent = visit.entries.file("file")
    if sent is None:
        raise Faults(Fault("Choose the recipient’s file", "file"))
    replaces = visit.entries.text("replaces") == "true"
    try:
        acknowledgement.take(db, visit.actor, release_id, sent.filename or "", sent.file.read(), replaces=replaces)
    except Faulty as error:
        raise Faults(*(Fault(sentence, "file") for sentence in error.sentences)) from None
    except Refused as error:
        raise Faults(Fault(error.detail, "file")) from None
    return to(f"/releases/{release_id}", said="answer-taken")
