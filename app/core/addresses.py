"""E-mail addresses as the service keeps them."""

import re

from app.core.errors import Refused

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def email_address(text: str) -> str:
    """The address as it is kept: people are known by it whatever its case. Raises Refused (422) for what is none."""
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email) or len(email) > 254 or not email.isprintable():
        raise Refused("That is not an e-mail address. Write it like name@hospital.example.")
    return email
