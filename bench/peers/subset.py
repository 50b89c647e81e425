"""The rules that every peer judges: a declared part of the service's own; and the workbook whose faults all must find.

Mandatory cells (R01), real dates (R02), amounts (R05), lists of choices (R13) and EU, EEA or Swiss nationality (R07). No
peer knows the register, the sums of a person (R09), ages (R10), repeated invoices (R12) or a finding in words.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.policy import countries
from app.policy.in_force import policy_in_force
from app.return_template.columns import COLUMNS, Kind
from bench.workbooks import Cell, rows, workbook

REPORTING_DAY = date(2026, 10, 31)
EVERY = 50  # each fiftieth row has one fault
FAULTS: tuple[tuple[str, Cell], ...] = (
    ("family_name", None),
    ("date_of_birth", "31/02/1985"),
    ("amount_outstanding", -12.5),
    ("status", "Owing"),
    ("nationality", "Germany"),
)


def declared() -> dict[str, Any]:
    """As the peers are given it (bench/peers/given.py), so that none of them loads anything of the service for it."""
    return {
        "headings": {column.heading: column.key for column in COLUMNS},
        "required": [column.heading for column in COLUMNS if column.required],
        "dates": [column.heading for column in COLUMNS if column.kind is Kind.DATE],
        "amounts": [column.heading for column in COLUMNS if column.kind is Kind.MONEY],
        "choices": {one.heading: [choice.label for choice in one.choices] for one in COLUMNS if one.choices},
        "nationality": next(column.heading for column in COLUMNS if column.key == "nationality"),
        "out_of_scope": sorted(out_of_scope()),
    }


def out_of_scope() -> set[str]:
    """Every spelling of a member of the EU, the EEA or of Switzerland on the reporting day, in small letters."""
    policy = policy_in_force()
    return {
        word.casefold()
        for code in countries.codes()
        if not policy.nationality_in_scope(code, REPORTING_DAY)
        for word in (code, countries.country_name(code), countries.demonym(code))
    }


def faulty(number: int) -> Iterator[dict[str, Cell]]:
    """New debts, of which every fiftieth has one of the faults."""
    for place, cells in enumerate(rows(number)):
        key, value = FAULTS[place // EVERY % len(FAULTS)]
        yield cells | ({key: value} if place % EVERY == EVERY - 1 else {})


def faults(number: int) -> int:
    return number // EVERY


def file(number: int) -> bytes:
    return workbook(faulty(number))
