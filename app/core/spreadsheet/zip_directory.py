"""The directory of a zipped workbook: one end, one reading of it, safe sizes, plain names, parts that lie apart.

Programs that read a zip differ in which of two contradicting entries they believe; a file that contradicts itself is
refused, so that what was looked over is what is read.
"""

import struct
from zipfile import BadZipFile, ZipFile, ZipInfo

from app.core.spreadsheet.refusals import contradicting, odd_names, password, too_large
from app.core.spreadsheet.result import Limits

_END, _END64, _LOCATOR64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_ENDS = struct.Struct("<4s4H2LH")
_ENDS64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_SIZE = 20
_LOCAL_NAMES = struct.Struct("<2H")
_LOCAL_SIZE = 30
_STORED, _DEFLATED = 0, 8


def check_directory(file: ZipFile, data: bytes, limits: Limits) -> None:
    """Raises Unreadable (F01, F02, F04), BadZipFile."""
    parts = file.infolist()
    if len(parts) > limits.parts:
        raise too_large(f"The workbook is made of {len(parts):,} parts, more than is safe to open.")
    if any(part.flag_bits & 1 for part in parts):
        raise password()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.unpacked or (unpacked > 16 << 20 and unpacked > 200 * len(data)):
        raise too_large(f"The workbook unpacks to {unpacked >> 20:,} MB, more than is safe to open.")
    _check_names(parts)
    _check_end(file, data)
    _check_places(parts, data, file.start_dir)


def _check_names(parts: list[ZipInfo]) -> None:
    seen: set[str] = set()
    for part in parts:
        name = part.orig_filename.lower()
        steps = name.removesuffix("/").split("/")
        if name in seen or not {"", ".", ".."}.isdisjoint(steps) or any(odd in name for odd in "\0\\:"):
            raise odd_names()
        if part.compress_type not in {_STORED, _DEFLATED}:
            raise contradicting()
        seen.add(name)


def _check_end(file: ZipFile, data: bytes) -> None:
    """The directory's end stands once, at the end of the file, and says the same as its large form where there is one."""
    at = data.find(_END, file.start_dir)
    if at < 0 or data.find(_END, at + 1) >= 0:
        raise contradicting()
    _, _, _, _, entries, size, offset, comment = _ENDS.unpack_from(data, at)
    if at + _ENDS.size + comment != len(data):
        raise contradicting()
    end_of_entries = at
    locator = at - _LOCATOR_SIZE
    if locator >= 0 and data[locator : locator + 4] == _LOCATOR64:
        end_of_entries = locator - _ENDS64.size
        if end_of_entries < 0 or data[end_of_entries : end_of_entries + 4] != _END64:
            raise contradicting()
        *_, entries64, size64, offset64 = _ENDS64.unpack_from(data, end_of_entries)
        for small, large, none in (
            (entries, entries64, 0xFFFF),
            (size, size64, 2**32 - 1),
            (offset, offset64, 2**32 - 1),
        ):
            if small not in {large, none}:
                raise contradicting()
        entries, size, offset = entries64, size64, offset64
    if (offset, offset + size, entries) != (file.start_dir, end_of_entries, len(file.infolist())):
        raise contradicting()


def _check_places(parts: list[ZipInfo], data: bytes, start_of_directory: int) -> None:
    """No two parts share bytes: so a small file cannot unpack to much, and none hides in another."""
    end = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < end:
            raise contradicting()
        if part.header_offset + _LOCAL_SIZE > start_of_directory:
            raise BadZipFile
        name, extra = _LOCAL_NAMES.unpack_from(data, part.header_offset + _LOCAL_SIZE - _LOCAL_NAMES.size)
        end = part.header_offset + _LOCAL_SIZE + name + extra + part.compress_size
    if end > start_of_directory:
        raise contradicting()
