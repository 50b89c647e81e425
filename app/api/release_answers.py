"""What a recipient answered to a release, and what became of its lines."""

from typing import Annotated

from fastapi import File, Form, UploadFile

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.api.deps import Id, May, Reading, Writing, router
from app.api.shapes.release_answers import AcknowledgedOut, FunnelOut
from app.releases import acknowledgement, queries
from app.releases.funnel import funnel

release_answers = router("releases")


@release_answers.post("/releases/{release_id}/acknowledgement", summary="What the recipient loaded and rejected")
def post_acknowledgement(
    release_id: Id,
    actor: Annotated[Actor, May(Permission.RELEASE_ACKNOWLEDGE)],
    db: Writing,
    file: Annotated[UploadFile, File(description="CSV or workbook with the columns reference, result and reason.")],
    replaces: Annotated[bool, Form(description="These answers replace earlier ones of the same lines.")] = False,
) -> AcknowledgedOut:
    """`result` is loaded or rejected; a rejected line needs a reason and becomes a row to mend of its trust.

    A file with a fault is refused whole. Lines may be answered in several files; the same file again changes nothing.
    Another answer for a line that was answered is a fault, unless these answers are said to replace earlier ones: what is
    loaded after all needs no mending, and what is rejected after all goes back.
    """
    acknowledgement.take(db, actor, release_id, file.filename or "", file.file.read(), replaces=replaces)
    return AcknowledgedOut.of(funnel(db, queries.get(db, actor, release_id).id))


@release_answers.get("/releases/{release_id}/funnel", summary="What became of the lines of a release")
def get_funnel(release_id: Id, actor: Annotated[Actor, May(Permission.RELEASE_READ)], db: Reading) -> FunnelOut:
    return FunnelOut.of_release(funnel(db, queries.get(db, actor, release_id).id))
