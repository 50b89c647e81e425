"""The question of a status check, and what is wrong with one that cannot be asked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.debts.rules.matching import fold_name, fold_passport
from app.return_template.choices import Choice
from app.return_template.columns import BY_KEY

LONGEST_CASE = 40
LONGEST = {
    **{key: BY_KEY[key].limit for key in ("family_name", "passport_number", "invoice_number")},
    "case_reference": LONGEST_CASE,
}
_CASE = re.compile(r"[A-Za-z0-9/._ -]*[0-9][A-Za-z0-9/._ -]*")


class Reason(Choice):
    """Why somebody asks. None of them is tracing, detaining or removing people: for that there is no answer here."""

    ARRIVAL = "arrival", "A person is stopped on arrival at a port"
    WAITING = "waiting_at_port", "A person is held at a port while this is settled"
    VISA_CASE = "visa_case", "A visa, entry clearance or leave application is being decided"
    OTHER = "other", "Another urgent case, which has a case reference"


@dataclass(frozen=True)
class Question:
    """One person by family name, date of birth and one of two numbers. Texts are as typed, trimmed."""

    family_name: str
    date_of_birth: date
    reason: str
    passport_number: str = ""
    invoice_number: str = ""
    case_reference: str = ""


def wrong_with(question: Question, today: date) -> Iterator[tuple[str, str]]:
    """Field and sentence for each thing to mend."""
    told = (
        ("family_name", wrong_family_name(question.family_name)),
        ("date_of_birth", wrong_date_of_birth(question.date_of_birth, today)),
        ("passport_number", wrong_numbers(question.passport_number, question.invoice_number)),
        ("reason", "" if question.reason in set(Reason) else "Choose why you ask"),
        ("case_reference", wrong_case_reference(question.reason, question.case_reference)),
    )
    yield from ((field, words) for field, words in told if words)


def wrong_family_name(text: str) -> str:
    if not fold_name(text):
        return "Enter the family name"
    return _unwritable("family_name", text)


def wrong_date_of_birth(day: date, today: date) -> str:
    return "The date of birth is in the future. Enter it as it stands in the document" if day > today else ""


def wrong_numbers(passport: str, invoice: str) -> str:
    if bool(passport) == bool(invoice):
        return "Enter a passport number or an invoice number: one of the two"
    if passport and not fold_passport(passport):
        return "Enter the letters and digits of the passport number"
    return _unwritable("passport_number", passport) or _unwritable("invoice_number", invoice)


def wrong_case_reference(reason: str, text: str) -> str:
    if not text:
        return "Enter the case reference, because the reason is another case" if reason == Reason.OTHER else ""
    if len(text) > LONGEST_CASE or not _CASE.fullmatch(text):
        return (
            f"Enter the number of your case, at most {LONGEST_CASE} letters and digits with at least one digit, for "
            "example BF/2026/01234. A name does not belong here"
        )
    return ""


def _unwritable(key: str, text: str) -> str:
    """The value is not quoted: it says who a person is."""
    most = LONGEST[key]
    if most is not None and len(text) > most:
        return f"{BY_KEY[key].heading} is longer than {most} characters. Enter it as it stands in the document"
    if not text.isprintable():
        return f"{BY_KEY[key].heading} holds characters that cannot be seen. Type it anew"
    return ""
