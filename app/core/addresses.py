"""E-mail addresses and phone numbers as the service keeps them."""

import re

from app.core.errors import Refused

LONGEST_PHONE = 40
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+?[0-9 ()./-]+(ext\.? ?[0-9]+)?", re.IGNORECASE)
_FEWEST_DIGITS = 5


def email_address(text: str) -> str:
    """The address as it is kept: people are known by it whatever its case. Raises Refused (422) for what is none."""
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email) or len(email) > 254 or not email.isprintable():
        raise Refused("That is not an e-mail address. Write it like name@hospital.example.")
    return email


def is_phone(text: str) -> bool:
    digits = sum(letter.isdecimal() for letter in text)
    return digits >= _FEWEST_DIGITS and _PHONE.fullmatch(text) is not None


def phone_number(text: str) -> str:
    """The number as it is kept, spaces as written. Raises Refused (422) for what is none."""
    phone = " ".join(text.split())
    if len(phone) > LONGEST_PHONE or not is_phone(phone):
        raise Refused("That is not a phone number. Write it with its area code, for example 020 7946 0123.")
    return phone
