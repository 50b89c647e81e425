"""What became of a release's lines at each organisation, with the sums of all."""

from typing import Annotated

from fastapi import Response

from app.accounts.permissions import Permission
from app.http.deps import Id, Reading
from app.organisations import service as organisations
from app.releases import queries
from app.releases.funnel import Funnel, funnel
from app.web.page_route import pages
from app.web.render import page
from app.web.visit import May, Visit

release_funnel = pages()
STEPS = (
    ("lines", "Lines"), ("taken_out", "Taken out"), ("sent", "Sent"), ("loaded", "Loaded"), ("rejected", "Rejected"),
    ("unanswered", "Not answered"), ("mended", "Mended"), ("to_mend", "To mend"), ("ended", "Closed unmended"),
    ("sent_again", "Sent again mended"), ("sent_unmended", "Sent again unmended"),
)  # fmt: skip


@release_funnel.get("/releases/{release_id}/funnel")
def get_funnel(release_id: Id, visit: Annotated[Visit, May(Permission.RELEASE_READ)], db: Reading) -> Response:
    """Where most was rejected stands first."""
    release = queries.get(db, visit.actor, release_id)
    found = funnel(db, release.id)
    names = organisations.names(db, found.by_organisation)
    ranked = sorted(found.by_organisation.items(), key=lambda one: (-one[1].rejected, names[one[0]], one[0]))
    return page(
        visit, "releases/funnel.html", release=release, headings=[words for _, words in STEPS],
        rows=[(names[code], code, _numbers(one)) for code, one in ranked], whole=_numbers(found.whole),
    )  # fmt: skip


def _numbers(found: Funnel) -> list[int]:
    return [getattr(found, name) for name, _ in STEPS]
