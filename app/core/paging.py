"""Lists in pages: a limit, and a cursor that holds the key of the last item seen, so that nothing shifts or repeats."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.core.errors import Refused

LARGEST_PAGE = 500
LAST_NUMBER = 1_000_000
Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page; `next` is the cursor of the page after it, None on the last."""

    items: Sequence[Item]
    next: str | None


@dataclass(frozen=True)
class Numbered(Generic[Item]):
    """One numbered page of a list whose length is known."""

    items: Sequence[Item]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


def offset_of(number: int, size: int) -> int:
    """How many items come before a numbered page. Raises Refused (422) for a number or size that none can have."""
    if not 1 <= number <= LAST_NUMBER:
        raise Refused("There is no such page. Pages are numbered from 1.")
    if not 1 <= size <= LARGEST_PAGE:
        raise Refused(f"A page holds 1 to {LARGEST_PAGE} items.")
    return (number - 1) * size


def cut(rows: Sequence[Item], limit: int, key: Callable[[Item], str]) -> Page[Item]:
    """A page from up to `limit + 1` rows: the row too many says that there is a next page."""
    more = len(rows) > limit
    items = rows[:limit]
    return Page(items, to_cursor(key(items[-1])) if more else None)


def to_cursor(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def from_cursor(cursor: str | None) -> str:
    """The key of the last item seen, empty at the start. Raises Refused (422) for a cursor that we never gave."""
    if not cursor:
        return ""
    try:
        key = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        key = ""
    if not key or to_cursor(key) != cursor or not key.isprintable():
        raise Refused("The cursor is not one that this service gave. Start again without a cursor.")
    return key
