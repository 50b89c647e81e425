"""A debt's details under their headings and in people's words: those it has, and those it had before a correction."""

from collections.abc import Sequence
from typing import Any

from app.access_requests.record import Fact, Pence, Value
from app.debts.models import DebtEvent
from app.debts.register import from_json
from app.policy.countries import country_name
from app.return_template.columns import Column, Kind


def fact(column: Column, value: Any) -> Fact:
    heading = column.heading.removesuffix(" (£)")
    if value is None:
        return Fact(column.key, heading, None)
    if column.kind is Kind.MONEY:
        return Fact(column.key, heading, Pence(value))
    if column.kind is Kind.COUNTRY:
        return Fact(column.key, heading, value, country_name(value))
    if column.choices:
        return Fact(column.key, heading, value, column.choices(value).label)
    return Fact(column.key, heading, value)


def changes(event: DebtEvent, columns: Sequence[Column]) -> list[tuple[str, Value, Value]]:
    """The details among these that an event changed: heading, what stood there before, and after."""
    told = []
    for column in columns:
        if event.particulars and column.key in event.particulars:
            was, now = (fact(column, from_json(column.key, value)) for value in event.particulars[column.key])
            told.append((was.heading, was.words or was.value, now.words or now.value))
    return told
