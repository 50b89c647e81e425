"""Ids that nobody can guess and that sort by the time they were made, and references that people can read out."""

from base64 import b32encode

import uuid_utils


def new_id() -> str:
    """32 hexadecimal characters: a UUIDv7, in order of time for the index, with 74 random bits."""
    return uuid_utils.uuid7().hex


def reference(id_: str, prefix: str) -> str:
    """A reference to print and read out, such as ND-7Q2M-XK4A-9BTC: the last 60 (random) bits of the id."""
    letters = b32encode(bytes.fromhex("0" + id_[-15:])).decode()[:13][1:]
    return f"{prefix}-{letters[:4]}-{letters[4:8]}-{letters[8:]}"
