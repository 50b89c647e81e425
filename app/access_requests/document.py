"""Everything held on a person as a document that needs nothing else and prints, and as JSON."""

import json
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from app.access_requests.record import Fact, Pence, Record, Section, Value
from app.core import clock
from app.core.money import in_words, to_pounds


class Output(StrEnum):
    """The kinds of file, by the ending of their names."""

    HTML = "html"
    JSON = "json"


def as_html(record: Record) -> str:
    """A whole document: one file, no script, nothing loaded from anywhere."""
    return _environment().get_template("document.html").render(record=record, body=as_body(record))


def as_body(record: Record) -> Markup:
    """Its contents for a page that has a frame already; headings start at the second level."""
    return Markup(_environment().get_template("body.html").render(record=record))  # noqa: S704 - made by escaping  # nosec B704


def as_json(record: Record) -> str:
    made = {
        "request": record.request,
        "prepared_at": _plain(record.prepared_at),
        "prepared_by": record.prepared_by,
        "organisation": record.own_of,
        "said": list(record.said),
        "debts": [_debt(each) for each in record.debts],
        **{section.key: _rows(section) for section in record.sections},
    }
    return json.dumps(made, ensure_ascii=False, indent=2)


def written(record: Record, output: Output) -> bytes:
    text = as_html(record) if output is Output.HTML else as_json(record)
    return text.encode("utf-8", "replace")


def _debt(each: Any) -> dict[str, Any]:
    top = {name: getattr(each, name) for name in ("reference", "organisation", "organisation_name", "invoice_number")}
    facts = {fact.key: _plain(fact.value) for fact in each.facts}
    return top | facts | {section.key: _rows(section) for section in each.sections}


def _rows(section: Section) -> list[dict[str, Any]]:
    keys = [key for key, _ in section.columns]
    return [dict(zip(keys, map(_plain, row), strict=True)) for row in section.rows]


def _plain(value: Value) -> Any:
    if isinstance(value, Pence):
        return to_pounds(value)
    return value.isoformat() if isinstance(value, date) else value


def fact_in_words(fact: Fact) -> str:
    return fact.words if fact.words is not None else value_in_words(fact.value, "Not known")


def value_in_words(value: Value, nothing: str = "–") -> str:
    """Dates and amounts as people read them, instants in UK time."""
    if value is None or value == "":
        return nothing
    if isinstance(value, Pence):
        return in_words(value)
    if isinstance(value, datetime):
        here = value.astimezone(clock.UK)
        return f"{here.day} {here:%B %Y}, {here:%H:%M}"
    return f"{value.day} {value:%B %Y}" if isinstance(value, date) else str(value)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("app.access_requests"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {"fact": fact_in_words, "value": value_in_words}
    made.globals["zip"] = zip
    return made
