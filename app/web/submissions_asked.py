"""What the addresses of the grid and of a month's list may ask for, and the choices that their filters offer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Query

from app.submissions.standings import Lpm

Named = Annotated[str, Query(max_length=254)]
Choices = list[tuple[str, str]]
LAST_PAGE = 10_000


@dataclass(frozen=True)
class Asked:
    """The words of the address; what is empty asks for all. A month's list knows no `first` and `last`."""

    first: Annotated[str, Query(alias="from", max_length=7)] = ""
    last: Annotated[str, Query(alias="to", max_length=7)] = ""
    nation: Named = ""
    region: Named = ""
    lpm: Named = ""
    state: Named = ""
    gaps: Annotated[Literal["", "yes"], Query()] = ""
    search: Named = ""
    number: Annotated[int, Query(alias="page", ge=1, le=LAST_PAGE)] = 1

    @property
    def words(self) -> dict[str, str]:
        """What the address says, without the page."""
        names = ("nation", "region", "lpm", "state", "gaps", "search")
        return {"from": self.first, "to": self.last} | {name: getattr(self, name) for name in names}

    @property
    def query(self) -> str:
        """The same as it stands in an address; empty where nothing is asked."""
        kept = {name: text for name, text in self.words.items() if text}
        return f"?{urlencode(kept)}" if kept else ""


def choices(words: Iterable[str]) -> Choices:
    return [("", "All"), *((one, one) for one in sorted(set(words)))]


def managers(lpms: Iterable[Lpm]) -> Choices:
    return [("", "All"), *sorted(set(_managers(lpms)), key=lambda one: one[1])]


def _managers(lpms: Iterable[Lpm]) -> Iterator[tuple[str, str]]:
    for lpm in lpms:
        yield lpm.email, lpm.name or lpm.email
