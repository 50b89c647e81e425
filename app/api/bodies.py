"""What programs send, read strictly: JSON as RFC 8259 has it, and every field once, in JSON, in forms and in addresses."""

import json
from collections import Counter
from collections.abc import Sequence, Set
from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
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


def asked_by(dependant: Dependant) -> frozenset[str]:
    """The names that a route declares for its query, in its own signature and in what it depends on."""
    names: set[str] = set()
    for field in dependant.query_params:
        kind = field.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names |= {each.alias or name for name, each in kind.model_fields.items()}
        else:
            names.add(field.alias)
    return frozenset(names).union(*map(asked_by, dependant.dependencies))


def look_at_query(request: Request, declared: Set[str]) -> None:
    """Raises RequestValidationError (422) for a name that the call does not know, or one that stands twice: a filter that
    is misspelt would widen the answer without a word.
    """
    times = Counter(name for name, _ in request.query_params.multi_items())
    unknown = [{"type": "extra_forbidden", "loc": ("query", name)} for name in times if name not in declared]
    more = {"error": "stands more than once. Send it once"}
    doubled = [{"type": "value_error", "loc": ("query", name), "ctx": more}
               for name, number in times.items() if name in declared and number > 1]  # fmt: skip
    if unknown or doubled:
        raise RequestValidationError(unknown + doubled)
