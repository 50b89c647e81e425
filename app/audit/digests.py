"""What of an audit event is sealed: its bytes in one form whatever the database, their digest, and marks to tell it by."""

import hmac
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from struct import Struct
from typing import Any, Protocol

START = "0" * 64  # what stands before the first seal
_MARK = Struct(">Q8s")


class Sealable(Protocol):
    """An event, or a row of its table."""

    @property
    def id(self) -> Any: ...
    @property
    def at(self) -> Any: ...
    @property
    def actor(self) -> Any: ...
    @property
    def action(self) -> Any: ...
    @property
    def outcome(self) -> Any: ...
    @property
    def organisation_code(self) -> Any: ...
    @property
    def subject_type(self) -> Any: ...
    @property
    def subject_id(self) -> Any: ...
    @property
    def detail(self) -> Any: ...


def of_event(event: Sealable) -> bytes:
    """The digest of everything that the event says."""
    said = [
        event.id, event.at.astimezone(UTC).isoformat(timespec="microseconds"), event.actor, event.action, event.outcome,
        event.organisation_code, event.subject_type, event.subject_id, event.detail,
    ]  # fmt: skip
    return sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).digest()


def of_seal(number: int, at: datetime, previous: str, digests: Iterable[tuple[int, bytes]]) -> str:
    """The head of the chain once this seal is its last: the seal before it, and every event's id and digest."""
    whole = sha256(f"{number} {at.astimezone(UTC).isoformat(timespec='microseconds')} {previous}\n".encode())
    for id_, digest in digests:
        whole.update(f"{id_} ".encode() + digest)
    return whole.hexdigest()


def signature(secret_key: str, digest: str) -> str:
    """By this a chain that was made anew is told from ours: the database does not hold the key."""
    return hmac.new(secret_key.encode(), f"audit seal:{digest}".encode(), sha256).hexdigest()


def marks(digests: Iterable[tuple[int, bytes]]) -> bytes:
    return b"".join(_MARK.pack(id_, digest[:8]) for id_, digest in digests)


def read_marks(kept: bytes) -> Iterator[tuple[int, bytes]]:
    """The ids with the first bytes of their digests. Marks that somebody has cut give what is left of them."""
    return _MARK.iter_unpack(kept[: len(kept) - len(kept) % _MARK.size])
