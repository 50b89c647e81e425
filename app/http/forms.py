"""Forms with files, as the framework reads them, with room for the longest name that a browser may send for a file."""

from collections.abc import Awaitable
from typing import Any

import python_multipart
from python_multipart.multipart import MultipartParser
from starlette.datastructures import FormData

from app.core.errors import Unavailable

LONGEST_HEADER = 64 * 1024  # bytes: 5,000 letters of four bytes each, which some programs send as %F0%9F%92%A9


class RoomyParser(MultipartParser):
    """The framework offers no setting for this, and refuses the whole form for one name over 4,096 bytes."""

    def __init__(self, boundary: bytes | str, callbacks: Any) -> None:
        super().__init__(boundary, callbacks, max_header_size=LONGEST_HEADER)


def install() -> None:
    python_multipart.MultipartParser = RoomyParser  # type: ignore[assignment,misc]  # where the framework takes it from


async def taken_in(form: Awaitable[FormData]) -> FormData:
    """The form, once its files lie on the disk. Raises Unavailable (503) when that is full or broken."""
    try:
        return await form
    except OSError as error:
        words = "The service has no room for the file at this moment. Nothing was changed: try again in some minutes."
        raise Unavailable(words, retry_after=60) from error
