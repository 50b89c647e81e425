"""Values that several shapes share: money as text, text without control characters, a list in pages."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Generic, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from app.core import clock
from app.core.errors import NotFound, Refused
from app.core.money import from_pounds, to_pounds
from app.policy.countries import recognise

Item = TypeVar("Item")


def _pence(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return value  # already pence: only our own code gives these, JSON numbers are refused below
    if not isinstance(value, str):
        raise ValueError("is not an amount as text, for example “1250.00”")
    return from_pounds(value)


def _pence_sent(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("is not an amount as text, for example “1250.00”")
    return from_pounds(value)


_AS_TEXT = (
    PlainSerializer(to_pounds, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,2})?$", "examples": ["1250.00"]}),
)
Money = Annotated[int, BeforeValidator(_pence), *_AS_TEXT]
MoneyIn = Annotated[int, BeforeValidator(_pence_sent), *_AS_TEXT]


def _written(text: str) -> str:
    if any(not letter.isprintable() and letter not in "\n\r\t" for letter in text):
        raise ValueError("holds characters that cannot be seen. Type it anew")
    return text


def _possible_code(code: str) -> str:
    """What cannot be a code is an organisation that is not there: the same answer as for one that is not yours."""
    if not (code.isascii() and code.isalnum() and len(code) <= 20):
        raise NotFound
    return code


def _as_text(value: object) -> object:
    """A number would be taken for seconds since 1970."""
    if isinstance(value, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
        return value
    raise ValueError("is not a date such as 2026-10-31")


_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})?)?"
)


def _moment_as_text(value: object) -> object:
    """A number, or a text of figures alone, would be taken for seconds since 1970."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return value
    raise ValueError("is not a date such as 2026-10-31 or a time such as 2026-10-31T09:00:00Z")


_WHOLE = re.compile("0|-?[1-9][0-9]{0,18}")


def _whole(value: object) -> object:
    """A number of JSON, or one in an address in figures alone: what Python takes besides (“1_0”, “+5”, true) is a mistake."""
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1:
        return value
    raise ValueError("is not a whole number in figures, such as 100")


def _alpha3(text: str) -> str:
    if (code := recognise(text)) is None:
        raise ValueError("is not a nationality this service knows. Send its code, for example NGA")
    return code


Nationality = Annotated[str, AfterValidator(_alpha3)]
Day = Annotated[date, BeforeValidator(_as_text, json_schema_input_type=date)]
Moment = Annotated[datetime, BeforeValidator(_moment_as_text, json_schema_input_type=date | datetime)]
Whole = Annotated[int, BeforeValidator(_whole)]
OrganisationCode = Annotated[str, AfterValidator(_possible_code)]
Written = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_written)]


class Shape(BaseModel):
    """Something that comes in: a field that we do not know is a mistake and said so."""

    model_config = ConfigDict(extra="forbid")


class Listing(BaseModel, Generic[Item]):
    """One page of a list; `next` is the cursor of the page after it, null on the last."""

    items: Sequence[Item]
    next: str | None = None


def as_instant(value: datetime | None) -> datetime | None:
    """A time without a zone is UK time. Raises Refused outside the years that a register can know."""
    if value is None:
        return None
    if not 1900 < value.year < 2200:
        raise Refused("changed_since is not a time this service can know. Write it like 2026-10-31.")
    return value if value.tzinfo else value.replace(tzinfo=clock.UK)


def without_nul(text: str | None) -> str | None:
    """No database holds a NUL, so nothing that is asked for with one can be there."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}") if text else text
