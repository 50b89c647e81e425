"""Whom a question names: exactly or not at all. No likeness, no part of a name, no date without its number."""

from datetime import date
from typing import Protocol

from app.debts.rules.matching import fold_name, fold_passport
from app.status_checks.rules.question import Question


class Reported(Protocol):
    """A debt by what a question may name of it."""

    @property
    def family_name(self) -> str: ...
    @property
    def date_of_birth(self) -> date | None: ...
    @property
    def passport_number(self) -> str | None: ...
    @property
    def invoice_number(self) -> str: ...


def names(question: Question, debt: Reported) -> bool:
    """Family name by the fold of the register (case, spaces, the two ways of writing an accent), date of birth, and the
    passport number by its letters and digits or the invoice number as it is.
    """
    if debt.date_of_birth != question.date_of_birth or fold_name(debt.family_name) != fold_name(question.family_name):
        return False
    if question.passport_number:
        asked = fold_passport(question.passport_number)
        return bool(asked) and fold_passport(debt.passport_number or "") == asked
    return bool(question.invoice_number) and debt.invoice_number == question.invoice_number.strip()
