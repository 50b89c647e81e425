"""Files made to hurt: each is refused with its sentence or read right, soon, and the next file is read as ever."""

import time

import pytest

from app.core.spreadsheet.result import Unreadable
from tests.core.spreadsheet.conftest import Asking, trimmed
from tests.core.spreadsheet.hostile import DTDS, GOOD, HOSTILE

TOO_MUCH = {
    "a cell in the last corner", "a cell in the last row", "rows that swell", "spaces that swell", "shared texts that swell",
    "one text that swells", "a million formats", "a cell at 'ZZZZZZ2'", "a cell at 'A2147483648'",
    "a cell at 'A99999999999999999999'", "a row numbered '99999999999'", "merged ranges without end", "1,100 parts more",
    "20,000 sheets of one part", "more rows than are taken",
}  # fmt: skip
DAMAGED = {
    "a cell at 'A0'", "a cell at '2A'", "a cell at ''", "a cell at '$A$2'", "a row numbered '0'", "a row numbered '-1'",
    "a row numbered 'x'", "a row numbered ''", "the serial -1e308", "the type s of 99", "the type s of -1", "the type s of x",
    "the type b of maybe", "the type n of abc", "the type zz of 1", "a NUL in the XML", "a relationship out of the file",
    "the type s of 0x0", "the type s of 0.0", "the type s of  0", "a second table of rows", "a second list of sheets",
    "a second list of formats", "a number with a comment in it", "a cell with two values",
    "the first half", "something before", "something after", "nothing", "a web page",
}  # fmt: skip
WITHOUT_OUR_TABLE = {"a text", "dates from 1904", "more rows than are taken"}


def code_of(name: str) -> str | None:
    """What a file is refused with; None for one that is read."""
    if name in TOO_MUCH:
        return "F04"
    return "F01" if name in DAMAGED or name.partition(" in ")[0] in DTDS else None


def test_every_name_here_is_of_a_file() -> None:
    assert HOSTILE.keys() >= TOO_MUCH | DAMAGED | WITHOUT_OUR_TABLE


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_file_made_to_hurt_is_refused_or_read_right_and_the_next_is_read_as_ever(file: Asking, name: str) -> None:
    data = HOSTILE[name]()
    begun = time.monotonic()
    try:
        reading = file.read(data)
    except Unreadable as refusal:
        assert refusal.code == code_of(name), refusal.message
        assert refusal.message.endswith(".")
    else:
        assert code_of(name) is None
        if name not in WITHOUT_OUR_TABLE:
            assert trimmed(reading.rows[0][1][:4]) == ["1", None, 5.0]
            assert [number for number, _ in reading.rows] == sorted({number for number, _ in reading.rows})
    assert time.monotonic() - begun < 10
    assert file.rows(GOOD) == [["1", None, 5.0]]
