"""Tokens nobody can guess, what is kept of them, and what the secret key digests and encrypts."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.settings import get_settings


def new_token() -> str:
    """256 random bits to put into a cookie, a header or a link."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a token: enough to know it again, of no use to a thief."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def keyed_digest(text: str) -> str:
    """32 hexadecimal characters that stand for something guessable, such as an address, to nobody without the key."""
    return hmac.new(_key("digest"), text.encode(errors="replace"), hashlib.sha256).hexdigest()[:32]


def encrypt(secret: str) -> str:
    return Fernet(urlsafe_b64encode(_key("encryption"))).encrypt(secret.encode()).decode()


def decrypt(kept: str) -> str | None:
    """None when it was encrypted with another secret key."""
    try:
        return Fernet(urlsafe_b64encode(_key("encryption"))).decrypt(kept).decode()
    except InvalidToken:
        return None


def _key(purpose: str) -> bytes:
    return _derived(get_settings().secret_key.get_secret_value(), purpose)


@lru_cache(maxsize=8)
def _derived(secret_key: str, purpose: str) -> bytes:
    """One key for each purpose, so that none of them says anything about another."""
    return HKDF(SHA256(), 32, salt=None, info=f"accounts {purpose}".encode()).derive(secret_key.encode())
