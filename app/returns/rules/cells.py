"""Reading one cell: each function gives the value of a packed cell, or the fault that its rule names."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from app.core.spreadsheet import packing
from app.core.spreadsheet.headings import heading_key
from app.core.spreadsheet.packing import Packed, as_figures, as_text, trim, with_plain_spaces
from app.policy import countries
from app.policy.tables import Policy
from app.return_template.choices import Choice, Sex, Status, YesNo
from app.return_template.columns import COLUMNS, Column, Kind
from app.returns.rules.engine import Scope, rule
from app.returns.rules.row import Fault

Reader = Callable[[Packed], Any]

_KEYS = tuple(column.key for column in COLUMNS if column.judged)
_REQUIRED = tuple(column.key for column in COLUMNS if column.required)
_DATES = tuple(column.key for column in COLUMNS if column.kind is Kind.DATE)
_MONEY = tuple(column.key for column in COLUMNS if column.kind is Kind.MONEY)
_TEXTS = tuple(column.key for column in COLUMNS if column.kind is Kind.TEXT and column.judged)
IDENTIFIERS = ("invoice_number", "home_office_reference", "ni_number")
ADDRESS_LIKE = ("other_names", "uk_address", "overseas_address")

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_TIME = r"(?:[ T,]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_DAY_FIRST = re.compile(rf"([0-9]{{1,2}})[/\-. ]+([0-9]{{1,2}}|[A-Za-z]{{3,9}})[/\-. ,]+([0-9]{{4}}){_TIME}")
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}}){_TIME}")
_SHORTENED = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]{1,3}")
_PENNY = Decimal("0.01")
_POUNDS = re.compile(r"£?\s*([0-9]{1,3}(?:[ ,\u00a0\u202f][0-9]{3})+|[0-9]+)(\.[0-9]+)?\s*£?")


@rule("R01", Scope.CELL, *_REQUIRED, source="ICIBI 6.166")
def mandatory(column: Column) -> Fault:
    """A mandatory value is missing."""
    return Fault("R01", f"this is missing and is mandatory. {column.prompt}")


@rule("R22", Scope.CELL, *_KEYS, source="our decision: values, not formulas")
def calculated(cell: str) -> Fault:
    """The cell holds an Excel error or a formula without a value."""
    if cell.startswith(packing.FORMULA):
        return Fault("R22", "there is a formula here without a value. Replace the formula by the value itself.")
    return Fault("R22", "{value} is an error that the spreadsheet shows. Replace it by the value itself.")


@rule("R02", Scope.CELL, *_DATES, source="our decision: UK dates, day first")
def a_date(cell: Packed) -> date | Fault:
    """Not a real date."""
    if isinstance(cell, str) and cell.startswith(packing.DATE):
        return packing.unpack_day(cell)
    wrong = Fault("R02", "{value} is not a real date. Enter it as day, month, year, for example 27 3 1985.")
    text = with_plain_spaces(trim(cell)) if isinstance(cell, str) else ""
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
        number = _MONTHS.get(month.lower()) if month.isalpha() else int(month)
    elif match := _YEAR_FIRST.fullmatch(text):
        year, month, day = match.groups()
        number = int(month)
    else:
        return wrong
    try:
        return date(int(year), number or 0, int(day))
    except ValueError:
        return wrong


@rule("R05", Scope.CELL, *_MONEY, source="our decision: exact pence")
def an_amount(cell: Packed, policy: Policy) -> int | Fault:
    """Not an amount: text, negative, more than two decimals, more than the largest amount, or an invoice of £0."""
    most = policy.numbers.largest_amount_pence
    if isinstance(cell, float) and 0 <= cell <= most / 100 and (pence := round(cell * 100)) / 100 == cell:
        return pence  # nearly every amount: the very number that stands for so many whole pence
    pounds = _pounds(cell)
    if pounds is None or not pounds.is_finite():
        return Fault("R05", "{value} is not an amount. Enter pounds and pence in figures, for example 1250.00.")
    if pounds < 0:
        return Fault("R05", "{value} is less than nothing. Enter the amount owed as a number of 0 or more.")
    if pounds > Decimal(most) / 100:
        words = f"{{value}} is more than £{most // 100:,}. Check the amount; if it is right, ask the Debtors Team."
        return Fault("R05", words)
    if pounds != (exact := pounds.quantize(_PENNY)):  # only now: an amount of this size keeps all its figures
        return Fault("R05", "{value} has more than two decimals. Enter pounds and pence, for example 1250.00.")
    return int(exact * 100)


def an_invoiced_amount(cell: Packed, policy: Policy) -> int | Fault:
    """As `an_amount`, but an invoice of £0 is none."""
    pence = an_amount(cell, policy)
    if pence == 0:
        return Fault("R05", "an invoice of £0 leaves no debt. Enter the amount that was invoiced, or remove the row.")
    return pence


def _pounds(cell: Packed) -> Decimal | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, float):
        return as_figures(cell)
    if not isinstance(cell, str) or cell[:1] == "\0":
        return None
    text = trim(cell)
    minus = text.startswith("-")
    if not (match := _POUNDS.fullmatch(text[1:].lstrip() if minus else text)):
        return None
    whole = re.sub("[^0-9]", "", match[1])
    try:
        return Decimal(f"{'-' if minus else ''}{whole}{match[2] or ''}")
    except InvalidOperation:
        return None


@rule("R06", Scope.CELL, "nationality", source="ISO 3166")
def a_nationality(cell: Packed) -> str | Fault:
    """Nationality not recognised."""
    text = trim(as_text(cell))
    found = countries.recognise(text)
    if found:
        return found
    nearest = countries.suggest(text)
    hint = f" Did you mean {nearest}?" if nearest else ""
    start, end = "{value} is not a nationality that we know.", " Enter the country's English name."
    return Fault("R06", start + hint + end, start.replace("{value}", "what is entered") + end)


def _by_label(choices: type[Choice], extra: dict[str, Choice]) -> dict[str, Choice]:
    texts = {text: choice for choice in choices for text in (choice.value, choice.label)}
    return texts | {heading_key(text): choice for text, choice in texts.items()} | extra


def _chosen(words: dict[str, Choice], cell: Packed) -> Choice | None:
    """The choice that a cell names, mostly exactly as the list has it, else in whatever case and spacing."""
    return words.get(cell if isinstance(cell, str) and cell in words else heading_key(as_text(cell)))


_STATUSES = _by_label(Status, {"arrangement": Status.ARRANGEMENT, "defaulted": Status.DEFAULTED})
_STATUS_LABELS = ", ".join(status.label for status in Status)
_SEXES = _by_label(Sex, {"f": Sex.FEMALE, "m": Sex.MALE, "u": Sex.UNSPECIFIED, "x": Sex.UNSPECIFIED})
_ANSWERS = _by_label(YesNo, {"y": YesNo.YES, "n": YesNo.NO, "true": YesNo.YES, "false": YesNo.NO})


@rule("R13", Scope.CELL, "status", source="ICIBI figure 5")
def a_status(cell: Packed) -> Choice | Fault:
    """Status not recognised."""
    return _chosen(_STATUSES, cell) or Fault("R13", f"{{value}} is not a status. Choose one: {_STATUS_LABELS}.")


def a_sex(cell: Packed) -> Choice | Fault:
    """One of the three choices; anything else counts as missing (W01)."""
    return _chosen(_SEXES, cell) or Fault(
        "W01", "{value} is not Female, Male or Unspecified, so it was left out. Choose from the list."
    )


def told(cell: Packed) -> Choice:
    """Whether the patient was told; whatever is not a yes is a no (R18)."""
    return _chosen(_ANSWERS, cell) or YesNo.NO


def _lost_figures(cell: Packed) -> bool:
    """Whether it was too long for a number in a spreadsheet: the number, or the start of it in a CSV, as 1.23457E+15."""
    if isinstance(cell, str):
        return "+" in cell and _SHORTENED.fullmatch(trim(cell)) is not None
    return isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= packing.EXACT


def an_identifier(cell: Packed, limit: int) -> str | Fault:
    """A number that somebody gave, as text: not what a spreadsheet made of it on its own."""
    if isinstance(cell, str) and cell.startswith(packing.DATE):
        return Fault(
            "R20", "the spreadsheet has made the date {value} of this. Format the cell as text and enter it again."
        )
    if _lost_figures(cell):
        return Fault("R20", "this number is too long for a number in a spreadsheet, which changes its last figures. Format "
                            "the cell as text and enter it again.")  # fmt: skip
    return a_text(cell, limit)


@rule("R20", Scope.CELL, *_TEXTS, source="our decision: the limits of the columns")
def a_text(cell: Packed, limit: int) -> str | Fault:
    """Text too long, or with control characters such as line breaks."""
    if isinstance(cell, str) and cell[:1] != "\0":
        text = cell if cell.isalnum() else trim(cell)
    else:
        text = trim(as_text(cell))
    if len(text) > limit:
        text = unicodedata.normalize("NFC", text)  # a letter with its marks is one; as typed it would not fit
    if len(text) > limit:
        return Fault("R20", f"this text has {len(text)} characters. Shorten it to {limit} or fewer.")
    if not text.isprintable() and any(unicodedata.category(letter) == "Cc" for letter in text):
        return Fault("R20", "this text holds a line break, tab or other control character. Type it again on one line.")
    return text


@rule("R17", Scope.CELL, *ADDRESS_LIKE, source="data sharing guidance: no medical information")
def clinical(text: str, policy: Policy) -> Fault | None:
    """Clinical words in an address or other-names cell."""
    return clinical_words_removed() if policy.has_clinical_words(text) else None


def clinical_words_removed() -> Fault:
    return Fault(
        "R17",
        "this seems to hold words about health or treatment, so what was entered is not kept. "
        "Enter only the name or address; if it is an address, say so on the open row and send it again.",
    )


def readers(policy: Policy) -> list[Reader]:
    """For each column, in their order, the function that reads one of its cells that is not blank."""
    special: dict[str, Reader] = {
        "invoice_amount": partial(an_invoiced_amount, policy=policy),
        "status": a_status,
        "sex": a_sex,
        "patient_informed": told,
        "passport_number": partial(_passport, policy=policy),
    }
    by_kind: dict[Kind, Callable[[Column], Reader]] = {
        Kind.DATE: lambda _: a_date,
        Kind.MONEY: lambda _: partial(an_amount, policy=policy),
        Kind.COUNTRY: lambda _: a_nationality,
        Kind.TEXT: lambda column: _text_reader(column, policy),
    }
    return [special.get(column.key) or by_kind[column.kind](column) for column in COLUMNS]


def _text_reader(column: Column, policy: Policy) -> Reader:
    limit = column.limit or 250
    if not column.judged:
        return partial(_as_it_stands, limit=limit)
    if column.key in ADDRESS_LIKE:
        return partial(_address, policy=policy, limit=limit)
    return partial(an_identifier if column.key in IDENTIFIERS else a_text, limit=limit)


def _address(cell: Packed, policy: Policy, limit: int) -> str | Fault:
    return clinical(trim(as_text(cell)), policy) or a_text(cell, limit)


def _passport(cell: Packed, policy: Policy) -> str | Fault | None:
    """Placeholders such as N/A read as blank."""
    if policy.is_placeholder(cell if isinstance(cell, str) and cell.isalnum() else trim(as_text(cell))):
        return None
    return an_identifier(cell, 20)


def _as_it_stands(cell: Packed, limit: int) -> str | None:
    """A text that is never judged: what of it can be kept."""
    return "".join(filter(str.isprintable, trim(as_text(cell))))[:limit] or None
