"""What routes of both faces ask for in their signatures: settings, the database and its sessions, the id of a thing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Annotated

from fastapi import BackgroundTasks, Depends, Path, Request

from app.accounts.access import Actor
from app.core.db import Database, Session
from app.http.afterwards import Afterwards
from app.settings import Settings


@dataclass(frozen=True)
class Opening:
    """A session to be: opened, committed and closed by the thread that runs the route (threads.py), so that none waits
    for a thread while it holds a lock or a connection.
    """

    open: Callable[[], AbstractContextManager[Session]]


def whole_database(request: Request) -> Database:
    """For what the service does by itself, after a request or before it is known who is there."""
    found = request.app.state.database
    assert isinstance(found, Database)
    return found


async def database(request: Request) -> Database:
    """The database behind the second wall, as far as whoever is there reaches; for nobody it holds no organisation's rows."""
    actor = getattr(request.state, "actor", None)
    assert actor is None or isinstance(actor, Actor)
    return whole_database(request).within(actor.reach() if actor else ())


async def settings(request: Request) -> Settings:
    found = request.app.state.settings
    assert isinstance(found, Settings)
    return found


async def reading(store: Annotated[Database, Depends(database)]) -> Opening:
    return Opening(store.reading)


async def writing(store: Annotated[Database, Depends(database)]) -> Opening:
    return Opening(store.writing)


async def comparing(request: Request, afterwards: BackgroundTasks) -> None:
    """For a route that changes who is in the register: when its answer has gone, new people are compared with the others."""
    comparing = request.app.state.comparing
    assert isinstance(comparing, Afterwards)
    afterwards.add_task(comparing.ask)


Store = Annotated[Database, Depends(database)]
Config = Annotated[Settings, Depends(settings)]
# The commit happens, and may fail, before the answer is sent.
Reading = Annotated[Session, Depends(reading)]
Writing = Annotated[Session, Depends(writing)]
Comparing = Depends(comparing)
Month = Annotated[  # a month in an address; another text is an address that is not there
    str, Path(pattern="^2[01][0-9]{2}-(0[1-9]|1[0-2])$", description="A calendar month.", examples=["2026-10"])
]
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The id of the thing, as this service gave it.")]
