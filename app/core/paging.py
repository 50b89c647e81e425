"""Lists in pages: a limit, and a cursor that holds the key of the last item seen, so that nothing shifts or repeats."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.core.errors import Refused

LARGEST_PAGE = 500
LAST_NUMBER = 1_000_000
NO_CURSOR = "The cursor is not one that this service gave for this list. Start again without a cursor."
_CHECK = 4  # bytes
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


def cut(rows: Sequence[Item], limit: int, key: Callable[[Item], str], of: str) -> Page[Item]:
    """A page from up to `limit + 1` rows: the row too many says that there is a next page. `of` names the list."""
    more = len(rows) > limit
    items = rows[:limit]
    return Page(items, to_cursor(key(items[-1]), of) if more else None)


def part(found: Sequence[Item], limit: int, cursor: str | None, of: str) -> Page[Item]:
    """A page of a short list that is there whole: its cursor holds how many came before. Raises Refused (422)."""
    before = from_cursor(cursor, of) or "0"
    if not (before.isdecimal() and len(before) <= len(str(LAST_NUMBER))):
        raise Refused(NO_CURSOR)
    end = int(before) + limit
    return Page(found[int(before) : end], to_cursor(str(end), of) if end < len(found) else None)


def to_cursor(key: str, of: str) -> str:
    """The cursor behind an item of one list. Its first bytes follow from the others, so that a part of one is none."""
    told = f"{of}:{key}".encode()
    return base64.urlsafe_b64encode(hashlib.sha256(told).digest()[:_CHECK] + told).decode().rstrip("=")


def from_cursor(cursor: str | None, of: str) -> str:
    """The key of the last item seen, empty at the start. Raises Refused (422) for a cursor that we never gave, or gave for
    another list.
    """
    if not cursor:
        return ""
    try:
        told = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)[_CHECK:].decode()
    except (binascii.Error, ValueError):
        told = ""
    key = told.removeprefix(f"{of}:")
    if not key or to_cursor(key, of) != cursor or not key.isprintable():
        raise Refused(NO_CURSOR)
    return key
