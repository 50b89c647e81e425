"""Signs what this service sends to a program elsewhere, after the public convention "Standard Webhooks"."""

import base64
import hmac
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

ENCODED = "whsec_"  # how the convention marks a key that is written in base64


def signed(key: str, id_: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers by which the recipient knows who sent the message, that it is whole, and when it was sent."""
    return signed_in_parts(key, id_, at, (body,))


def signed_in_parts(key: str, id_: str, at: datetime, body: Iterable[bytes]) -> dict[str, str]:
    """The same for a body that is too large to be held whole."""
    timestamp = str(int(at.timestamp()))
    digest = hmac.new(key_bytes(key), f"{id_}.{timestamp}.".encode(), sha256)
    for part in body:
        digest.update(part)
    return {
        "webhook-id": id_,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(digest.digest()).decode()}",
    }


def key_bytes(key: str) -> bytes:
    """A key as its letters stand, or the bytes that a key in the convention's own form stands for."""
    return base64.b64decode(key.removeprefix(ENCODED)) if key.startswith(ENCODED) else key.encode()
