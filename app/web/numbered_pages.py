"""The design system's pagination for a list in numbered pages: this page with its neighbours, the first and the last."""

from collections.abc import Callable
from typing import Any


def pagination(number: int, last: int, address: Callable[[int], str]) -> dict[str, Any] | None:
    """The component's parameters; None where there is but one page."""
    if last <= 1:
        return None
    shown = sorted({1, *range(max(1, number - 1), min(last, number + 1) + 1), last})
    items: list[dict[str, Any]] = []
    before = 0
    for each in shown:
        if each > before + 1:
            items.append({"ellipsis": True})
        items.append({"number": each, "href": address(each), "current": each == number})
        before = each
    found: dict[str, Any] = {"items": items}
    if number > 1:
        found["previous"] = {"href": address(min(number - 1, last))}
    if number < last:
        found["next"] = {"href": address(number + 1)}
    return found
