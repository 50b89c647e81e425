"""A line of a release beside the row that it comes from, heading by heading, with how the two compare in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.debts.models import Debt
from app.policy.tables import Policy
from app.return_template.columns import COLUMNS
from app.returns.rules.cells import readers
from app.returns.rules.row import Fault


class Compared(StrEnum):
    """How a cell of the source and the line agree. A row need not repeat what an earlier one said."""

    SAME = "same"
    DIFFERENT = "different"
    NOT_IN_SOURCE = "not in this row"
    NOT_IN_LINE = "only in the source"
    NEITHER = "empty in both"


@dataclass(frozen=True)
class Pair:
    """One heading: the text of the cell as read, and the value of the line."""

    key: str
    heading: str
    source: str
    value: Any
    compared: Compared


def pairs(values: Mapping[str, Any], cells: Mapping[str, str], policy: Policy) -> list[Pair]:
    """Every column that leaves and is held. `cells` are the texts of the source by key."""
    return [
        Pair(column.key, column.heading, text, value := values.get(column.key), _compared(text, value, read))
        for column, read in zip(COLUMNS, readers(policy), strict=True)
        if column.leaves and column.key in Debt.model_fields
        for text in [cells.get(column.key, "").strip()]
    ]


def _compared(text: str, value: Any, read: Any) -> Compared:
    is_empty = value is None or value == ""
    if not text:
        return Compared.NEITHER if is_empty else Compared.NOT_IN_SOURCE
    found = read(text)
    if found is None:
        return Compared.NEITHER if is_empty else Compared.NOT_IN_SOURCE
    if is_empty:
        return Compared.NOT_IN_LINE
    if isinstance(found, Fault):
        return Compared.DIFFERENT
    return Compared.SAME if _plain(found) == _plain(value) else Compared.DIFFERENT


def _plain(value: Any) -> Any:
    """Letter case and the number of spaces make no difference."""
    return " ".join(value.casefold().split()) if isinstance(value, str) else value
