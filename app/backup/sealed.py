"""The outer form of a backup: a heading and blocks in their order, each sealed so that no change to it goes unseen.

With a key a block is encrypted (AES-256-GCM), without one it carries its SHA-256. docs/decisions/0036 draws it.
"""

import hashlib
import hmac
import os
import struct
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.errors import Refused

MAGIC = b"debtor-returns backup 1\n"
_HEADING = struct.Struct(">24sB16s16s")  # magic, whether it is encrypted, salt, by which a key is known
_SIZE = struct.Struct(">I")
SEAL = {False: 32, True: 16}  # bytes that a seal adds to a block, by whether it is encrypted
DAMAGED = "This backup is damaged: what stands in it is not what was written. Nothing was changed. Use another backup."
CUT_OFF = (
    "This backup ends too early: it is not whole. Nothing was changed. Copy the file again, or use another backup."
)


class _Seal(Protocol):
    def close(self, nonce: bytes, block: bytes) -> bytes: ...

    def open(self, nonce: bytes, sealed: bytes) -> bytes: ...


class _Encrypted:
    def __init__(self, key: bytes, heading: bytes) -> None:
        self._cipher, self._heading = AESGCM(key), heading

    def close(self, nonce: bytes, block: bytes) -> bytes:
        return self._cipher.encrypt(nonce, block, self._heading)

    def open(self, nonce: bytes, sealed: bytes) -> bytes:
        try:
            return self._cipher.decrypt(nonce, sealed, self._heading)
        except InvalidTag:
            raise Refused(DAMAGED) from None


class _Plain:
    """Tells damage, not malice: whoever can write the file can write the digests too."""

    def __init__(self, heading: bytes) -> None:
        self._heading = heading

    def _digest(self, nonce: bytes, block: bytes) -> bytes:
        return hashlib.sha256(self._heading + nonce + block).digest()

    def close(self, nonce: bytes, block: bytes) -> bytes:
        return block + self._digest(nonce, block)

    def open(self, nonce: bytes, sealed: bytes) -> bytes:
        block, digest = sealed[:-32], sealed[-32:]
        if not hmac.compare_digest(self._digest(nonce, block), digest):
            raise Refused(DAMAGED)
        return block


class Writer:
    """Writes blocks into a file that is open. `finish` writes the last one: without it the file is not whole."""

    def __init__(self, file: BinaryIO, key: str | None) -> None:
        salt = os.urandom(16)
        secret, check = _derived(key, salt) if key else (b"", bytes(16))
        heading = _HEADING.pack(MAGIC, bool(key), salt, check)
        self._file, self._number = file, 0
        self._seal: _Seal = _Encrypted(secret, heading) if key else _Plain(heading)
        file.write(heading)

    def write(self, block: bytes) -> None:
        self._put(block, is_last=False)

    def finish(self, block: bytes) -> None:
        self._put(block, is_last=True)

    def _put(self, block: bytes, *, is_last: bool) -> None:
        sealed = self._seal.close(_nonce(self._number, is_last), block)
        self._file.write(_SIZE.pack(len(sealed)))
        self._file.write(sealed)
        self._number += 1


def blocks(file: BinaryIO, key: str | None) -> Iterator[bytes]:
    """The blocks of a file in their order, to the last. Raises Refused (422) for whatever is not a whole, sound backup."""
    heading = file.read(_HEADING.size)
    if len(heading) < _HEADING.size or not heading.startswith(MAGIC):
        raise Refused("This file is not a backup of this service.")
    _, is_encrypted, salt, check = _HEADING.unpack(heading)
    seal = _sealed_by(heading, bool(is_encrypted), salt, check, key)
    left, number = os.fstat(file.fileno()).st_size - _HEADING.size, 0
    while left:
        start = file.read(_SIZE.size)
        size = _SIZE.unpack(start)[0] if len(start) == _SIZE.size else left
        left -= _SIZE.size + size
        if left < 0 or size < SEAL[bool(is_encrypted)]:
            raise Refused(CUT_OFF)
        yield _opened(seal, number, file.read(size), is_end=left == 0)
        number += 1
    if not number:
        raise Refused(CUT_OFF)


def _opened(seal: _Seal, number: int, block: bytes, *, is_end: bool) -> bytes:
    try:
        return seal.open(_nonce(number, is_end), block)
    except Refused:
        if is_end:
            seal.open(_nonce(number, is_last=False), block)
            raise Refused(CUT_OFF) from None
        raise


def _sealed_by(heading: bytes, is_encrypted: bool, salt: bytes, check: bytes, key: str | None) -> _Seal:
    if not is_encrypted and key:
        raise Refused(
            "This backup is not encrypted although DEBTOR_RETURNS_BACKUP_KEY is set, so anybody may have written it. "
            "Unset the key to restore it all the same."
        )
    if not is_encrypted:
        return _Plain(heading)
    if not key:
        raise Refused("This backup is encrypted. Set DEBTOR_RETURNS_BACKUP_KEY to the key that it was taken with.")
    secret, ours = _derived(key, salt)
    if not hmac.compare_digest(ours, check):
        raise Refused("This backup was encrypted with another key than DEBTOR_RETURNS_BACKUP_KEY holds now.")
    return _Encrypted(secret, heading)


def _derived(key: str, salt: bytes) -> tuple[bytes, bytes]:
    """A key for this file alone, so that no two blocks ever share key and number, and how the right key is known."""
    derived = HKDF(SHA256(), 48, salt, b"debtor-returns backup").derive(key.encode())
    return derived[:32], derived[32:]


def _nonce(number: int, is_last: bool) -> bytes:
    """Which block it is, and whether it is the last: a block that stands elsewhere does not open."""
    return number.to_bytes(11, "big") + bytes([is_last])
