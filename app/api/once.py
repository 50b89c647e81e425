"""The header `Idempotency-Key`: a request that is sent again with its key is answered as before and nothing happens twice.

Which calls heed it follows from their signatures; `OWN_RULE` lists the other calls that change something, with reasons.
"""

import inspect
from collections.abc import Callable, Collection
from contextvars import ContextVar
from functools import wraps
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app.accounts.access import Actor
from app.core import answers
from app.core.answers import Asked
from app.core.db import Session
from app.core.errors import Refused
from app.http.deps import Writing

HEADER = "Idempotency-Key"
LONGEST = 200
OWN_RULE = {
    "/api/v1/returns": "the same file for the same month is the same return, however often it is sent",
    "/api/v1/returns/nil": "a month has one nil return: the second answers with the first",
    "/api/v1/returns/{return_id}/submit": "a return that is submitted is answered as it is",
    "/api/v1/releases/{release_id}/acknowledgement": "the same file again changes nothing",
    "/api/v1/releases": "one release is open at a time: a second is 409, and the list shows the first",
    "/api/v1/releases/{release_id}/release": "a release is released once: the second is 409",
    "/api/v1/debts/search": "only looks; what was asked for is kept under a new id each time",
    "/api/v1/status-checks": "only looks: each look is in the audit",
}
_asked: ContextVar[Asked | None] = ContextVar("asked", default=None)


async def _documented(
    _key: Annotated[str | None, Header(alias=HEADER, max_length=LONGEST, description=(
        "A text of your own for this one request. Sent again with the same key within 24 hours, it is answered as "
        "before and nothing happens twice; the same key with another request is 422, while the first is being worked "
        "on 409."))] = None,
) -> None:  # fmt: skip
    """For the OpenAPI document."""


DOCUMENTED = Depends(_documented)


def heeds(endpoint: Callable[..., Any], path: str, methods: Collection[str]) -> bool:
    asked_for = [each.annotation for each in inspect.signature(endpoint).parameters.values()]
    return "POST" in methods and Writing in asked_for and path not in OWN_RULE


def kept(endpoint: Callable[..., Any], status: int, *, exclude_unset: bool) -> Callable[..., Any]:
    """The route's function, which with a key first looks whether it has answered already."""

    @wraps(endpoint)
    def answered_once(**values: Any) -> Any:
        asked = _asked.get()
        if asked is None:
            return endpoint(**values)
        db = next(value for value in values.values() if isinstance(value, Session))
        if (before := answers.find(db, asked)) is not None:
            return Response(before[1], before[0], {"Idempotency-Replayed": "true"}, JSONResponse.media_type)
        answer = endpoint(**values)
        if isinstance(answer, Response):  # a problem, after which the same may be tried again
            return answer
        assert isinstance(answer, BaseModel)
        body = answer.model_dump_json(by_alias=True, exclude_unset=exclude_unset).encode()
        answers.keep(db, asked, status, body)
        return Response(body, status, media_type=JSONResponse.media_type)

    return answered_once


async def begin(request: Request, actor: Actor) -> None:
    """Notes for the route's function what is asked, if it came with a key. Raises Refused (422) for a key that is none."""
    key = request.headers.get(HEADER)
    if key is None:
        return
    if not (0 < len(key) <= LONGEST and key.isascii() and key.isprintable()):
        raise Refused(f"{HEADER} is 1 to {LONGEST} letters, digits and signs of ASCII.")
    address = f"{request.method} {request.url.path}?{request.url.query}\n{_reach(actor)}\n"
    _asked.set(Asked(actor.id, key, address.encode() + await request.body()))


def _reach(actor: Actor) -> list[tuple[str, list[str]]]:
    """Whoever may see other organisations than before does not get the answer of before."""
    return sorted((str(grant.role), sorted(grant.codes)) for grant in actor.grants)
