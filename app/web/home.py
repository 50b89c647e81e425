"""The home page of each role: what is to be done next."""

from fastapi import Response

from app.web.page_route import pages
from app.web.render import page
from app.web.visit import SignedIn

home = pages()


@home.get("/")
def get_home(visit: SignedIn) -> Response:
    return page(visit, "home.html")
