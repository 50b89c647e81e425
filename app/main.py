"""Puts the service together: settings, database, the edge, the two faces, and their routes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI

from app import tables
from app.api.allowance import Allowance
from app.api.routes import ROUTERS
from app.api.shapes.problem import add_schemas
from app.core import logs, scratch
from app.core.db import Database
from app.core.patience import SERVING
from app.debts.comparing import compare_afterwards
from app.edge import draining, faces, now_and_then
from app.edge.layer import Edge
from app.edge.watch import Watch
from app.http import forms, threads
from app.http.afterwards import Afterwards
from app.settings import Environment, Settings, get_settings
from app.web import routes as pages

__all__ = ["create_app", "served", "tables"]  # the tables must be known before a session is used
DESCRIPTION = (
    "Monthly returns of overseas patients' unpaid NHS debts. Money is a text such as `1250.00`, dates are ISO and UK, "
    "lists come in pages (`limit`, `cursor`), errors are `application/problem+json`."
)


class Service(FastAPI):
    def openapi(self) -> dict[str, Any]:
        return add_schemas(super().openapi())


def served() -> FastAPI:
    """What the server's processes start: the service, with its logs set up."""
    logs.set_up(json_lines=get_settings().environment is Environment.PRODUCTION)
    return create_app()


def create_app(settings: Settings | None = None, database: Database | None = None) -> FastAPI:
    """The whole service. Both arguments are for tests: by default they come from the environment."""
    settings = settings or get_settings()
    store = database or Database(settings.database_url, SERVING)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        draining.heed_signals(settings.drain_seconds)
        scratch.sweep()
        threads.begin()
        doing = [asyncio.create_task(each(store)) for each in (now_and_then.seal, now_and_then.count)]
        yield
        for each in doing:
            each.cancel()
        if database is None:
            store.close()

    app = Service(
        title="NHS debtor returns",
        version="1",
        description=DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,  # its pages would load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,  # a redirect would carry the Host that the client made up
        form_limits={"max_fields": 20, "max_files": 1, "max_part_size": 10_000},
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.state.database = store
    app.state.allowance = Allowance(settings.api_calls_per_minute)
    app.state.comparing = Afterwards(partial(compare_afterwards, store))
    faces.install(app)
    forms.install()
    for each in (*ROUTERS, *pages.ROUTERS):
        app.include_router(each)
    app.mount("/assets", pages.ASSETS, name="assets")
    app.add_middleware(Watch, store=store)
    app.add_middleware(Edge, settings=settings)
    return app
