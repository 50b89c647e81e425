"""What routes of both faces ask for in their signatures: settings, the database and its sessions, the id of a thing."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import BackgroundTasks, Depends, Path, Request

from app.accounts.access import Actor
from app.core.db import Database, Session
from app.debts.comparing import compare_afterwards
from app.settings import Settings


def whole_database(request: Request) -> Database:
    """For what the service does by itself, after a request or before it is known who is there."""
    found = request.app.state.database
    assert isinstance(found, Database)
    return found


def database(request: Request) -> Database:
    """The database behind the second wall, as far as whoever is there reaches; for nobody it holds no organisation's rows."""
    actor = getattr(request.state, "actor", None)
    assert actor is None or isinstance(actor, Actor)
    return whole_database(request).within(actor.reach() if actor else ())


def settings(request: Request) -> Settings:
    found = request.app.state.settings
    assert isinstance(found, Settings)
    return found


def reading(store: Annotated[Database, Depends(database)]) -> Iterator[Session]:
    with store.reading() as db:
        yield db


def writing(store: Annotated[Database, Depends(database)]) -> Iterator[Session]:
    with store.writing() as db:
        yield db


def comparing(store: Annotated[Database, Depends(whole_database)], afterwards: BackgroundTasks) -> None:
    """For a route that changes who is in the register: when its answer has gone, new people are compared with the others."""
    afterwards.add_task(compare_afterwards, store)


Store = Annotated[Database, Depends(database)]
Config = Annotated[Settings, Depends(settings)]
# scope="function": the commit happens, and may fail, before the answer is sent.
Reading = Annotated[Session, Depends(reading, scope="function")]
Writing = Annotated[Session, Depends(writing, scope="function")]
Comparing = Depends(comparing)
Month = Annotated[  # a month in an address; another text is an address that is not there
    str, Path(pattern="^2[01][0-9]{2}-(0[1-9]|1[0-2])$", description="A calendar month.", examples=["2026-10"])
]
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The id of the thing, as this service gave it.")]
