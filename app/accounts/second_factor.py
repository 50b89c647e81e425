"""The second factor: a secret shared with an app on the person's phone, and codes from it that work once each."""

import io
import re
from dataclasses import dataclass

import pyotp
import segno
from sqlmodel import Session, col, or_, update

from app.accounts import keys
from app.accounts.access import Actor
from app.accounts.models import User
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock

ISSUER = "NHS debtor returns"
_STEP_SECONDS = 30
_DRIFT = 1  # steps that a phone's clock may be off, either way


@dataclass(frozen=True)
class Proposal:
    """A secret to type, and the same as an address to scan, that count only once a code from them was typed."""

    secret: str
    uri: str


def has(user: User) -> bool:
    return user.totp_secret is not None


def propose(user: User) -> Proposal:
    """The secret waiting to be confirmed; makes one when there is none, so the session must be one that may write."""
    waiting = keys.decrypt(user.totp_pending) if user.totp_pending else None
    secret = waiting or pyotp.random_base32()
    if waiting is None:
        user.totp_pending = keys.encrypt(secret)
    return Proposal(secret, pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=ISSUER))


def confirm(db: Session, user: User, code: str) -> bool:
    """Puts the proposed secret in force if the code comes from it."""
    if (kept := user.totp_pending) is None or (step := _step(kept, code)) is None:
        return False
    user.totp_secret, user.totp_pending, user.totp_last_step = kept, None, step
    db.add(user)
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
    user.totp_secret = user.totp_pending = user.totp_last_step = None
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
