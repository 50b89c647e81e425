"""Answers kept for a day, for programs that ask the same again because they did not hear the first answer.

An answer may name people: it is encrypted with a key that follows from the program's own key, of which a digest is kept.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import ColumnElement, text
from sqlmodel import Field, Session, SQLModel, col, delete, select

from app.core import clock
from app.core.db import Instant
from app.core.errors import Conflict, Refused
from app.settings import get_settings

KEPT = timedelta(hours=24)
_NONCE = 12  # bytes: a program may use its key again after a day, and what it encrypted then may lie in a backup


class KeptAnswer(SQLModel, table=True):
    """`digest` stands for who asked with which key, `asked` for what was asked."""

    __tablename__ = "idempotent_answers"

    digest: str = Field(primary_key=True, max_length=64)
    asked: str = Field(max_length=64)
    status: int
    body: bytes
    at: datetime = Field(sa_type=Instant, index=True)


@dataclass(frozen=True)
class Asked:
    """A request with a key: by whom, and everything that makes it the same request or another one."""

    actor: str
    key: str
    what: bytes

    @property
    def digest(self) -> str:
        return sha256(f"{self.actor}\n{self.key}".encode()).hexdigest()

    @property
    def fingerprint(self) -> str:
        return sha256(self.what).hexdigest()

    def seal(self, body: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher(get_settings().secret_keys[0]).encrypt(nonce, body, None)

    def unseal(self, kept: bytes) -> bytes:
        """Raises Conflict (409) for an answer that was kept under a secret key which is unknown by now."""
        for secret_key in get_settings().secret_keys:
            with suppress(InvalidTag):
                return self._cipher(secret_key).decrypt(kept[:_NONCE], kept[_NONCE:], None)
        raise Conflict("This was done before, but how it was answered cannot be read any more. Look at what is there.")

    def _cipher(self, secret_key: str) -> AESGCM:
        secret = f"{secret_key}\n{self.key}".encode()
        return AESGCM(
            HKDF(SHA256(), 32, salt=None, info=f"answers {self.digest} {self.fingerprint}".encode()).derive(secret)
        )


def find(db: Session, asked: Asked) -> tuple[int, bytes] | None:
    """The status and body that were answered, None if this is asked for the first time.

    Raises Conflict (409) while the same is being worked on, Refused (422) if the key came with another request.
    """
    if db.get_bind().dialect.name == "postgresql":  # on SQLite whoever writes is alone anyway
        taken = text("SELECT pg_try_advisory_xact_lock(hashtext(:name))")
        if not db.connection().execute(taken, {"name": f"answer {asked.digest}"}).scalar():
            raise Conflict("The same request is being worked on at this moment. Ask again in a few seconds.")
    here = (col(KeptAnswer.digest) == asked.digest, col(KeptAnswer.at) >= clock.real_now() - KEPT)
    kept = db.exec(select(KeptAnswer.asked, KeptAnswer.status, KeptAnswer.body).where(*here)).one_or_none()
    if kept is None:
        return None
    what, status, body = kept
    if what != asked.fingerprint:
        raise Refused("This Idempotency-Key came with another request. Send a new key with each new request.")
    return status, asked.unseal(body)


def keep(db: Session, asked: Asked, status: int, body: bytes) -> None:
    """In the transaction of what was done, so that both are there or neither is."""
    now = clock.real_now()
    db.connection().execute(delete(KeptAnswer).where(over(now)))
    sealed = asked.seal(body)
    db.add(KeptAnswer(digest=asked.digest, asked=asked.fingerprint, status=status, body=sealed, at=now))
    db.flush()


def over(now: datetime) -> ColumnElement[bool]:
    return col(KeptAnswer.at) < now - KEPT
