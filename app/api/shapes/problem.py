"""How every error looks, for the OpenAPI document."""

from typing import Any

from pydantic import BaseModel, Field

from app.api.shapes.returns import FindingOut


class Fault(BaseModel):
    field: str
    problem: str


class Problem(BaseModel):
    """RFC 9457. `code` and `findings` where a file was refused, `errors` where a field of the call was wrong."""

    type: str = Field(examples=["urn:debtor-returns:problem:not-found"])
    title: str = Field(examples=["Not found"])
    status: int = Field(examples=[404])
    detail: str = Field(description="What is wrong and how to mend it.")
    code: str | None = None
    findings: list[FindingOut] | None = None
    errors: list[Fault] | None = None


_DESCRIPTIONS = {
    400: "The request cannot be read.",
    401: "Not signed in.",
    403: "Your role may not.",
    404: "Not there, or not yours to see.",
    409: "Not possible now.",
    413: "Too large.",
    422: "Refused.",
    429: "Asked too often: wait as Retry-After says.",
    503: "Try again.",
}


_GONE = "It was deleted when its time was over."
_REFERENCE = {"$ref": "#/components/schemas/Problem"}


def documented() -> dict[int | str, dict[str, Any]]:
    """The errors that any call may give."""
    return {status: _response(words) for status, words in _DESCRIPTIONS.items()}


def gone() -> dict[int | str, dict[str, Any]]:
    """For calls that give what is kept for a time only."""
    return {410: _response(_GONE)}


def _response(words: str) -> dict[str, Any]:
    return {"description": words, "content": {"application/problem+json": {"schema": _REFERENCE}}}


def add_schemas(document: dict[str, Any]) -> dict[str, Any]:
    """Adds Problem to an OpenAPI document: FastAPI would file it under application/json."""
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(schema.pop("$defs", {}))
    schemas["Problem"] = schema
    return document
