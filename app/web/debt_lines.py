"""A debt as pages show it: one line of a list, its marks with the words that explain them, its particulars."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core import clock
from app.debts.held import PARTICULARS_KEYS
from app.debts.models import Debt
from app.debts.queries import is_unconfirmed
from app.debts.rules.status import WITHDRAWAL_REASONS
from app.policy.countries import country_name
from app.policy.in_force import policy_in_force
from app.return_template.columns import BY_KEY, COLUMNS, Kind
from app.web import words


@dataclass(frozen=True)
class Mark:
    """Something to know of a debt besides its status."""

    text: str
    classes: str
    explanation: str


@dataclass(frozen=True)
class Line:
    debt: Debt
    organisation: str
    marks: Sequence[Mark]


def marks_of(debt: Debt, today: date) -> list[Mark]:
    """Held, unconfirmed, below the threshold: those that are so today."""
    policy = policy_in_force()
    months = words.counted(policy.numbers.unconfirmed_after_months, "month")
    found = (
        (debt.held, Mark("Held", "govuk-tag--purple", "Held: there is a question about this debt, so it is not passed "
                         "on until the hold ends.")),
        (debt.disputed, Mark("Disputed", "govuk-tag--orange", "Disputed: the person says that the record is wrong. The "
                             "Debtors Team settles it after the organisation has answered.")),
        (is_unconfirmed(debt, policy, today),
         Mark("Unconfirmed", "govuk-tag--pink", f"Unconfirmed: for more than {months} no return has said how this debt "
              "stands. The next return that has it in a row, or a change recorded here, confirms it.")),
        (debt.below_threshold,
         Mark("Below threshold", "govuk-tag--teal", "Below the threshold: what this person still owes the organisation "
              "is less than the amount from which debts are reported. A part payment does not take the debt out: it "
              "stays reported until it is repaid.")),
    )  # fmt: skip
    return [mark for applies, mark in found if applies]


def lines_of(debts: Iterable[Debt], names: Mapping[str, str]) -> list[Line]:
    """`names` of the organisations, by code."""
    today = clock.today()
    return [
        Line(debt, names.get(debt.organisation_code, debt.organisation_code), marks_of(debt, today)) for debt in debts
    ]


def particulars_of(debt: Debt, *, on_behalf: bool) -> list[tuple[str, str]]:
    """Headings and what is held under them. What the trust keeps for itself is not shown to those outside it."""
    return [
        (column.heading.removesuffix(" (£)"), shown(column.key, getattr(debt, column.key)))
        for column in COLUMNS
        if column.key in PARTICULARS_KEYS and not (on_behalf and not column.leaves)
    ]


def withdrawn_because(debt: Debt) -> str:
    return WITHDRAWAL_REASONS[debt.withdrawal_reason].capitalize() if debt.withdrawal_reason else ""


def shown(key: str, value: Any) -> str:
    column = BY_KEY[key]
    if value is None:
        return "Not known"
    if column.kind is Kind.DATE:
        return words.day(value)
    if column.kind is Kind.MONEY:
        return words.money(value)
    if column.kind is Kind.COUNTRY:
        return country_name(value)
    return column.choices(value).label if column.choices else str(value)
