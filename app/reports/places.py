"""The rows of a report that compares places: nations, regions and organisations, each with the organisations it is made of."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.reports.report import Body, Reader


@dataclass(frozen=True)
class Place:
    """`group` is the place of the next larger kind, of whose figure this one's is a part; `code` an organisation's own."""

    name: str
    codes: frozenset[str]
    group: str = ""
    code: str = ""


def nations(reader: Reader) -> list[Place]:
    return list(_together(reader, lambda body: body.nation, lambda _body: ""))


def regions(reader: Reader) -> list[Place]:
    return list(_together(reader, lambda body: body.region, lambda body: body.nation))


def organisations(reader: Reader) -> list[Place]:
    return [Place(body.name, frozenset({body.code}), body.region, body.code) for body in reader.organisations]


def everywhere(reader: Reader) -> Place:
    return Place("All", frozenset(reader.codes))


def _together(reader: Reader, name: Callable[[Body], str], group: Callable[[Body], str]) -> Iterator[Place]:
    for one in sorted({name(body) for body in reader.organisations}):
        bodies = [body for body in reader.organisations if name(body) == one]
        yield Place(one, frozenset(body.code for body in bodies), group(bodies[0]))
