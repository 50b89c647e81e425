"""This service as its administrators see it: the start-up check list."""

from typing import Annotated

from fastapi import Response

from app.accounts.permissions import Permission
from app.http.deps import Store
from app.upkeep import service
from app.web.page_route import pages
from app.web.render import page
from app.web.visit import May, Visit

this_service = pages()
Admin = Annotated[Visit, May(Permission.SERVICE_READ)]


@this_service.get("/service")
def get_this_service(visit: Admin, store: Store) -> Response:
    lines = service.look(visit.settings, store)
    return page(visit, "service/service.html", lines=lines, open=[line for line in lines if not line.is_safe])
