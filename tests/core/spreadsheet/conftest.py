"""One pool of reading processes for all tests of reading."""

from collections.abc import Iterator

import pytest

from app.core.spreadsheet.reading import Readers, Reading, Unreadable
from tests.core.spreadsheet.builders import KNOWN


class Asking:
    """Reads files as the service does, knowing the headings of a small table."""

    def __init__(self, readers: Readers) -> None:
        self.readers = readers

    def read(self, data: bytes) -> Reading:
        return self.readers.read(data, KNOWN)

    def rows(self, data: bytes) -> list[list[object]]:
        """The data rows, each without the empty cells at its end."""
        return [trimmed(row) for _, row in self.read(data).rows]

    def refusal(self, data: bytes) -> tuple[str, str]:
        with pytest.raises(Unreadable) as refused:
            self.read(data)
        return refused.value.code, refused.value.message


def trimmed(row: list[object]) -> list[object]:
    while row and row[-1] is None:
        row = row[:-1]
    return row


@pytest.fixture(scope="session")
def pool() -> Iterator[Readers]:
    readers = Readers(1, max_rows=500, seconds=9.0)
    yield readers
    readers.close()


@pytest.fixture
def file(pool: Readers, caplog: pytest.LogCaptureFixture) -> Iterator[Asking]:
    yield Asking(pool)
    assert not caplog.records, "the reader met something that it does not foresee"
