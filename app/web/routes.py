"""Every router of pages, and for each page what it requires: what guards and access tables are made from."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi.routing import APIRoute

from app.http.guard import Required, required_by
from app.web.about import about
from app.web.guidance import guidance
from app.web.home import home
from app.web.links import one_time_links
from app.web.render import STATIC, Assets
from app.web.signing_in import signing_in
from app.web.submissions import submissions

ROUTERS = (
    signing_in,
    one_time_links,
    home,
    submissions,
    guidance,
    about,
)
ASSETS = Assets(directory=STATIC)


@dataclass(frozen=True)
class Page:
    """One method of one address, with what it requires."""

    method: str
    path: str
    required: Required | None


def pages() -> Iterator[Page]:
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            for method in sorted(route.methods or ()):
                yield Page(method, route.path, required_by(route))
