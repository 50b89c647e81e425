"""What programs send, read strictly: JSON as RFC 8259 has it, and every field once, in JSON and in forms."""

import json
from collections.abc import Sequence
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from app.http.forms import taken_in

TWICE = "A field stands twice in what was sent. Send each field once."


class StrictRequest(Request):
    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            text = (await self.body()).decode("utf-8")
            self._json = json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_number)
        return self._json

    async def form(self, **limits: Any) -> FormData:  # type: ignore[override]  # awaited, and not opened, by the framework
        form = await taken_in(super().form(**limits))
        if len(form.multi_items()) != len(form):
            await form.close()
            raise HTTPException(422, TWICE)
        return form


def _each_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise HTTPException(422, TWICE)
    return found


def _no_number(name: str) -> Any:
    raise json.JSONDecodeError(f"{name} is no number", name, 0)
