"""A backup's file: whatever is done to it is noticed, and without its key it tells nothing."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.backup import sealed
from app.core.errors import Refused
from tests.backup.conftest import KEY

BLOCKS = [b"one", b"", b"three" * 100]
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(key: str | None, blocks: list[bytes] = BLOCKS, *, is_whole: bool = True) -> Path:
        path = tmp_path / os.urandom(4).hex()
        with path.open("wb") as file:
            out = sealed.Writer(file, key)
            for block in blocks[:-1]:
                out.write(block)
            (out.finish if is_whole else out.write)(blocks[-1])
        return path

    return written


def read(path: Path, key: str | None) -> list[bytes]:
    with path.open("rb") as file:
        return list(sealed.blocks(file, key))


def refused(path: Path, key: str | None, says: str = ".") -> None:
    with pytest.raises(Refused, match=says):
        read(path, key)


@pytest.mark.parametrize("key", [KEY, None])
def test_what_was_written_is_read(write: Write, key: str | None):
    assert read(write(key), key) == BLOCKS


@pytest.mark.parametrize("key", [KEY, None])
def test_a_change_to_any_byte_is_noticed(write: Write, key: str | None):
    path = write(key, [b"first", b"last"])
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        refused(path, key)


@pytest.mark.parametrize("key", [KEY, None])
def test_a_file_that_ends_anywhere_too_early_is_not_whole(write: Write, key: str | None):
    path = write(key, [b"first", b"last"])
    whole = path.read_bytes()
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        refused(path, key, "ends too early" if end >= 57 else "is not a backup")


@pytest.mark.parametrize("key", [KEY, None])
def test_blocks_that_are_moved_repeated_added_or_left_out_are_noticed(write: Write, key: str | None):
    path = write(key, [b"a" * 10, b"b" * 10, b"c" * 10])
    whole = path.read_bytes()
    size = (len(whole) - 57) // 3
    head, (a, b, c) = whole[:57], (whole[57 + size * number :][:size] for number in range(3))
    for blocks in ([b, a, c], [a, a, b, c], [a, c], [b, c], [c], [a, b, c, c], [a, b, c, a]):
        path.write_bytes(head + b"".join(blocks))
        refused(path, key, "damaged")


def test_a_writer_that_was_cut_off_between_two_blocks_left_no_whole_file(write: Write):
    refused(write(KEY, is_whole=False), KEY, "ends too early")


def test_without_the_right_key_it_is_not_opened(write: Write):
    refused(write(KEY), None, "is encrypted. Set DEBTOR_RETURNS_BACKUP_KEY")
    refused(write(KEY), KEY + "!", "with another key")


def test_nobody_passes_off_a_plain_file_where_a_key_is_set(write: Write):
    refused(write(None), KEY, "is not encrypted although")


def test_an_encrypted_file_tells_nothing_and_is_never_twice_the_same(write: Write):
    one, other = (write(KEY, [b"Example" * 100]).read_bytes() for _ in range(2))
    assert b"Example" not in one
    assert one[57:] != other[57:]
    assert b"Example" in write(None, [b"Example" * 100]).read_bytes()


def test_what_is_something_else_is_not_a_backup(tmp_path: Path):
    path = tmp_path / "something"
    for content in (b"", b"PK\x03\x04", b"SQLite format 3\0" + bytes(4096)):
        path.write_bytes(content)
        refused(path, None, "is not a backup of this service")
