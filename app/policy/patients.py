"""What a note or reason must not hold: anything that looks as if it were of a patient. Looked for by its form, never in the register.

To look in the register would answer, to somebody who may see no patient, whether a name stands there.
"""

import re
from collections.abc import Callable

_NHS_NUMBER = re.compile(r"(?<![0-9])[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}(?![0-9])")
_NI_NUMBER = re.compile(r"\b[a-z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[a-d]\b", re.IGNORECASE)
_PASSPORT = re.compile(r"\b([a-z]{1,2}[0-9]{6,8}|[0-9]{9})\b", re.IGNORECASE)
_BORN = re.compile(r"\b(born|d\.?o\.?b|date of birth)\b", re.IGNORECASE)
_DATE = re.compile(r"\b[0-3]?[0-9][ /.-](?:[01]?[0-9]|[a-z]{3,9})[ /.-]((?:19|20)[0-9]{2})\b", re.IGNORECASE)
_ISO_DATE = re.compile(r"\b((?:19|20)[0-9]{2})-[01]?[0-9]-[0-3]?[0-9]\b")
_MODULUS = 11
_A_LIFETIME_AGO = 8  # years before the contact after which a full date is a birthday rather than a matter of work


def told_of_a_patient(text: str, year: int, is_clinical: Callable[[str], bool], where: str) -> str | None:
    """Why the text cannot be kept, as a sentence without its full stop; None when it can. `where` begins as “The log”."""
    if (found := looks_like_a_patient(text, year)) is not None:
        return f"This seems to hold {found}. {where} is never about patients: take it out"
    if is_clinical(text):
        return f"This seems to say something about a patient’s health. {where} is never about patients: take it out"
    return None


def looks_like_a_patient(text: str, year: int) -> str | None:
    """What in the text seems to be of a patient, in words; None when nothing does. `year` is that of the contact."""
    if holds_an_nhs_number(text):
        return "an NHS number"
    if _NI_NUMBER.search(text):
        return "a National Insurance number"
    years = (*_DATE.findall(text), *_ISO_DATE.findall(text))
    if _BORN.search(text) or any(int(found) <= year - _A_LIFETIME_AGO for found in years):
        return "a date of birth"
    if _PASSPORT.search(text):
        return "a passport number"
    return None


def holds_an_nhs_number(text: str) -> bool:
    return any(_is_nhs_number(found) for found in _NHS_NUMBER.findall(text))


def told_by_a_heading(text: str, year: int, is_clinical: Callable[[str], bool]) -> str | None:
    """What of a patient stands where a heading should be, in words; None when it is one. “DOB” without a figure is one."""
    if any(letter.isdigit() for letter in text) and (found := looks_like_a_patient(text, year)) is not None:
        return found
    return "words about a patient’s health" if is_clinical(text) else None


def _is_nhs_number(text: str) -> bool:
    digits = [int(letter) for letter in text if letter.isdecimal()]
    check = _MODULUS - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % _MODULUS
    return check % _MODULUS == digits[-1]
