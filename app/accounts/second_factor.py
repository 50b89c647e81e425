"""The second factor: a secret shared with an app on the person's phone, and codes from it that work once each.

Where a secret waits until it counts is said in enrolling.py.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass

import pyotp
import segno
from sqlalchemy import ColumnElement, true
from sqlmodel import Session, col, or_, update

from app.accounts import keys
from app.accounts.access import Actor
from app.accounts.models import User
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.settings import get_settings

ISSUER = "NHS debtor returns"
Setting = Callable[[Session, User, str, str], bool]
_STEP_SECONDS = 30
_DRIFT = 1  # steps that a phone's clock may be off, either way


@dataclass(frozen=True)
class Proposal:
    """A secret to type, and the same as an address to scan, that count only once a code from them was typed."""

    secret: str
    uri: str


def has(user: User) -> bool:
    return user.totp_secret is not None


def is_needed(user: User) -> bool:
    """Whether a password alone is not enough. Who came by invitation has a second factor everywhere."""
    return get_settings().second_factor == "required" or user.invited_at is not None


def new_secret() -> str:
    """A fresh secret as it is kept, encrypted, until a code from it was typed."""
    return keys.encrypt(pyotp.random_base32())


def proposal(user: User, kept: str) -> Proposal | None:
    """What the person is shown of a secret; None when it was kept under another key."""
    if (secret := keys.decrypt(kept)) is None:
        return None
    return Proposal(secret, pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=ISSUER))


def set_first(db: Session, user: User, kept: str, code: str) -> bool:
    """Puts a proposed secret in force if the code comes from it and the person has none: also for two at once."""
    return _set(db, user, kept, code, col(User.totp_secret).is_(None))


def replace(db: Session, user: User, kept: str, code: str) -> bool:
    """The same for who has one already and has shown it. The codes in use go on until then."""
    return _set(db, user, kept, code, true())


def _set(db: Session, user: User, kept: str, code: str, allowed: ColumnElement[bool]) -> bool:
    if (step := _step(kept, code)) is None:
        return False
    this = (col(User.id) == user.id, allowed)
    if db.exec(update(User).where(*this).values(totp_secret=kept, totp_last_step=step)).rowcount != 1:
        return False
    db.refresh(user)
    record(db, Actor(user.id, user.name), AuditAction.SECOND_FACTOR_SET, "user", user.id)
    return True


def check(db: Session, user: User, code: str) -> bool:
    """Whether the code is right now. A code, and every one before it, is spent with this: also for two at once."""
    if user.totp_secret is None or (step := _step(user.totp_secret, code)) is None:
        return False
    earlier = or_(col(User.totp_last_step).is_(None), col(User.totp_last_step) < step)
    spent = db.exec(update(User).where(col(User.id) == user.id, earlier).values(totp_last_step=step))
    return spent.rowcount == 1


def remove(db: Session, actor: Actor, user: User) -> None:
    """Forgets the second factor, for a person who has lost the phone."""
    user.totp_secret = user.totp_last_step = None
    db.add(user)
    record(db, actor, AuditAction.SECOND_FACTOR_REMOVED, "user", user.id)


def qr_svg(uri: str) -> str:
    """The address as a picture to scan: inline SVG without style attributes."""
    picture = io.BytesIO()
    segno.make(uri, error="m").save(
        picture, kind="svg", xmldecl=False, svgclass="qr-code", lineclass=None, omitsize=True, light="#fff",
        border=4, title="Code to scan with an authenticator app", nl=False,
    )  # fmt: skip
    return picture.getvalue().decode().replace("<svg ", '<svg role="img" ', 1)


def _step(kept: str, code: str) -> int | None:
    """The time step of which this is the code, among those near now; None when it is the code of none."""
    digits = re.sub(r"\s", "", code)
    secret = keys.decrypt(kept)
    if secret is None or not re.fullmatch(r"[0-9]{6}", digits):
        return None
    now = int(clock.real_now().timestamp()) // _STEP_SECONDS
    codes = pyotp.TOTP(secret)
    near = (now, *(now + drift for by in range(1, _DRIFT + 1) for drift in (-by, by)))
    return next((step for step in near if pyotp.utils.strings_equal(codes.generate_otp(step), digits)), None)
