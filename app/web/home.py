"""The home page: for each role that a person holds, what is to be done next."""

from fastapi import Response

from app.http.deps import Reading
from app.web import home_sections
from app.web.page_route import pages
from app.web.render import page
from app.web.visit import SignedIn

home = pages()


@home.get("/")
def get_home(visit: SignedIn, db: Reading) -> Response:
    sections = home_sections.of(db, visit.actor)
    return page(visit, "home/home.html", sections=sections, is_several=len(sections) > 1)
