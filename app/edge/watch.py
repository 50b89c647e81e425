"""Tells the audit who saw people's data and which tries were refused, before the answer leaves: no event, no answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from starlette.datastructures import QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.accounts.access import Actor
from app.audit.service import listen, record
from app.core.db import Database, Session
from app.core.errors import ServiceError
from app.debts.models import Debt
from app.disputes.models import Dispute
from app.edge.faces import face_of
from app.http import troubles
from app.http.viewed import Seen, looks_like_a_code, seen, shown_too
from app.returns.models import OpenRow, Return

OWNED: Mapping[str, type[Debt | Dispute | Return | OpenRow]] = {
    "debt": Debt, "dispute": Dispute, "return": Return, "open-row": OpenRow,
}  # fmt: skip


class Watch:
    """Pure ASGI, between the edge and the service. By the time an answer begins, the request's own sessions are closed."""

    def __init__(self, app: ASGIApp, store: Database) -> None:
        self.app = app
        self.store = store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = Watched(self.store, scope, send, listen())
        await self.app(scope, receive, answer.send)
        if answer.trouble is not None:
            await face_of(scope)(scope, troubles.of(answer.trouble))(scope, receive, send)


class Watched:
    """One answer on its way out. Nothing of it leaves when its event could not be written: `trouble` says why."""

    def __init__(self, store: Database, scope: Scope, send: Send, heard: Sequence[str]) -> None:
        self._store, self._scope, self._send, self._heard = store, scope, send, heard
        self.trouble: ServiceError | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            found = _seen(self._scope, message["status"], self._heard)
            if found is not None:
                try:
                    await run_in_threadpool(_note, self._store, *found)
                except ServiceError as error:
                    self.trouble = error
        if self.trouble is None:
            await self._send(message)


def _seen(scope: Scope, status: int, heard: Sequence[str]) -> tuple[str, Seen] | None:
    """Who it is, and what there is to tell."""
    state = scope.get("state", {})
    route, actor = scope.get("route"), state.get("actor")
    who = actor.id if isinstance(actor, Actor) else state.get("turned_away")
    if who is None or not isinstance(route, APIRoute):
        return None
    given, query = scope.get("path_params", {}), QueryParams(scope["query_string"])
    found = seen(route, status, given, query, heard)
    again = state.get("shown_again")  # a form that could not be taken: its page is seen once more
    if isinstance(again, APIRoute):
        page = seen(again, 200, given, query, heard)
        found = shown_too(found, page) if found is not None and page is not None else found or page
    return (who, found) if found is not None else None


class _Somebody:
    def __init__(self, id_: str) -> None:
        self.id = id_


def _note(store: Database, who: str, what: Seen) -> None:
    detail: dict[str, Any] = dict(what.detail)
    with store.noting() as db:
        record(
            db, _Somebody(who), what.action, what.kind, what.subject, _organisation(db, what), what.outcome, **detail
        )  # fmt: skip


def _organisation(db: Session, what: Seen) -> str | None:
    """Whose the thing is, by which an auditor asks: also for somebody who was told that it is not there."""
    if what.kind == "organisation":
        return what.subject if what.subject != "-" else None
    if what.kind not in OWNED:
        if what.kind != "list":
            return None
        asked = what.detail.get("asked_organisation", "")
        return asked if looks_like_a_code(asked) else None
    code: str | None = getattr(db.get(OWNED[what.kind], what.subject), "organisation_code", None)
    return code
