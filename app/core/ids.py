"""Ids that nobody can guess and that sort by the time they were made, and references that people can read out."""

from itertools import product

import uuid_utils

_PAIRS = list(map("".join, product("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", repeat=2)))  # ten bits in two letters, as base32


def new_id() -> str:
    """32 hexadecimal characters: a UUIDv7, in order of time for the index, with 74 random bits."""
    return uuid_utils.uuid7().hex


def reference(id_: str, prefix: str) -> str:
    """A reference to print and read out, such as ND-7Q2M-XK4A-9BTC: the last 60 (random) bits of the id."""
    bits = int(id_[-15:], 16) << 1  # so they have always been read: the first falls away, and a 0 follows the last
    one, two, three = bits >> 40 & 0xFFFFF, bits >> 20 & 0xFFFFF, bits & 0xFFFFF
    return (
        f"{prefix}-{_PAIRS[one >> 10]}{_PAIRS[one & 0x3FF]}-{_PAIRS[two >> 10]}{_PAIRS[two & 0x3FF]}"
        f"-{_PAIRS[three >> 10]}{_PAIRS[three & 0x3FF]}"
    )
