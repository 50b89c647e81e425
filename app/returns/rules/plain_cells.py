"""The values of plain cells, many at a time: what nearly every cell of a column is. Each value is the one that its reader in
`cells` gives; what is not plain is left to that.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import partial
from typing import Any

from app.core.spreadsheet.packing import DATE, Packed, unpack_day
from app.policy.tables import Policy
from app.return_template.columns import COLUMNS, Column, Kind
from app.returns.rules.cells import ADDRESS_LIKE, IDENTIFIERS

Plain = dict[Packed, Any]
Shortcut = Callable[[Collection[Any]], Plain]


def shortcuts(policy: Policy) -> list[tuple[type, Shortcut] | None]:
    """For each column, in their order, the type of its plain cells and what gives their values; None where few differ."""
    amounts = partial(_amounts, most=policy.numbers.largest_amount_pence)
    by_kind: dict[Kind, Callable[[Column], tuple[type, Shortcut]]] = {
        Kind.DATE: lambda _: (str, _days),
        Kind.MONEY: lambda _: (float, amounts),
        Kind.TEXT: lambda column: (str, partial(_texts, limit=column.limit or 0, sift=_sift(column.key, policy))),
    }
    return [by_kind[column.kind](column) if column.kind in by_kind else None for column in COLUMNS]


def _days(cells: Collection[str]) -> dict[Packed, date]:
    return {cell: unpack_day(cell) for cell in cells if cell.startswith(DATE)}


def _amounts(cells: Collection[float], most: int) -> Plain:
    """Pounds of which the very number stands for so many whole pence; an amount of nothing is not plain."""
    return {cell: pence for cell in cells if 0 < cell <= most / 100 and (pence := round(cell * 100)) / 100 == cell}


def _texts(cells: Collection[str], limit: int, sift: Callable[[list[str]], Iterable[str]]) -> Plain:
    """Short lines of plain letters, figures and signs."""
    whole = "".join(cells)
    if whole.isascii() and whole.isprintable() and max(map(len, cells), default=0) <= limit:
        plain = list(cells)
    else:
        plain = [text for text in cells if len(text) <= limit and text.isascii() and text.isprintable()]
    texts = list(sift(plain))
    found: Plain = dict(zip(texts, map(str.strip, texts), strict=True))
    return found if all(found.values()) else {text: value or None for text, value in found.items()}


def _sift(key: str, policy: Policy) -> Callable[[list[str]], Iterable[str]]:
    """Lets pass what says something, nothing clinical, and in a number nothing that a spreadsheet may have shortened."""
    if key in ADDRESS_LIKE:
        return policy.without_clinical_words
    if key == "passport_number":
        return lambda texts: [text for text in texts if "+" not in text and not policy.is_placeholder(text)]
    if key in IDENTIFIERS:
        return lambda texts: [text for text in texts if "+" not in text]
    return lambda texts: texts
