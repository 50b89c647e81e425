"""Numbered pages of a list: the number in the address, and the links of the design system's pagination."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query

from app.core.paging import Numbered

PageNumber = Annotated[int, Query(alias="page", ge=1, le=100_000)]
NEAR = 2  # pages shown on either side of the one that is open


def links(found: Numbered[Any], path: str, **query: str | None) -> dict[str, Any] | None:
    """The parameters of a pagination, None when one page holds everything. `query` stays in every address."""
    if found.pages <= 1:
        return None
    kept = {name: value for name, value in query.items() if value}

    def address(number: int) -> str:
        return f"{path}?{urlencode(kept | {'page': str(number)})}"

    items: list[dict[str, Any]] = []
    for number in range(1, found.pages + 1):
        if number in (1, found.pages) or abs(number - found.number) <= NEAR:
            items.append({"number": number, "href": address(number), "current": number == found.number})
        elif "ellipsis" not in items[-1]:
            items.append({"ellipsis": True})
    made: dict[str, Any] = {"items": items}
    if 1 < found.number <= found.pages:
        made["previous"] = {"href": address(found.number - 1)}
    if found.number < found.pages:
        made["next"] = {"href": address(found.number + 1)}
    return made
