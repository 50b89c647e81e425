"""Signs what this service sends to a program elsewhere, after the public convention "Standard Webhooks"."""

import base64
import hmac
from datetime import datetime
from hashlib import sha256

ENCODED = "whsec_"  # how the convention marks a key that is written in base64


def signed(key: str, id_: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers by which the recipient knows who sent the message, that it is whole, and when it was sent."""
    timestamp = str(int(at.timestamp()))
    digest = hmac.digest(key_bytes(key), b".".join((id_.encode(), timestamp.encode(), body)), sha256)
    return {
        "webhook-id": id_,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def key_bytes(key: str) -> bytes:
    """A key as its letters stand, or the bytes that a key in the convention's own form stands for."""
    return base64.b64decode(key.removeprefix(ENCODED)) if key.startswith(ENCODED) else key.encode()
