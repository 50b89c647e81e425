"""What a rule and a finding are, and the one list of rules, from which catalogue, guidance and samples follow."""

from collections.abc import Callable, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

RULESET = "2026.1"
_Check = TypeVar("_Check", bound=Callable[..., Any])


class Severity(StrEnum):
    REFUSED = "refused"
    REJECTED = "rejected"
    WARNING = "warning"


class Scope(StrEnum):
    """What a rule looks at: the file, one cell, one row, the rows of a file together, or the register."""

    FILE = "file"
    CELL = "cell"
    ROW = "row"
    ROWS = "rows"
    REGISTER = "register"


class Finding(msgspec.Struct, frozen=True):
    """One thing found. `message` says what is wrong and how to mend it, naming heading and cell.

    `unquoted` is the same without any value of the file, for people who may see codes but not the trust's own rows.
    """

    code: str
    severity: str
    message: str
    unquoted: str
    row: int | None = None
    column: str | None = None
    field: str | None = None
    cell: str | None = None
    your_reference: str | None = None
    invoice_number: str | None = None


@dataclass(frozen=True)
class Rule:
    """A rule as the catalogue shows it: `summary` is the first paragraph of its function's docstring.

    `holds`: a row that fails it about a debt that is in the register puts that debt in doubt, so it is held.
    """

    code: str
    scope: Scope
    summary: str
    fields: tuple[str, ...]
    source: str
    check: Callable[..., Any]
    holds: bool = False

    @property
    def severity(self) -> Severity:
        return {"F": Severity.REFUSED, "R": Severity.REJECTED, "W": Severity.WARNING}[self.code[0]]


RULES: dict[str, Rule] = {}


def rule(code: str, scope: Scope, *fields: str, source: str, holds: bool = False) -> Callable[[_Check], _Check]:
    """Declares a rule: its code, what it looks at, the columns it rests on (keys) and where it comes from."""

    def declare(check: _Check) -> _Check:
        if code in RULES:
            raise ValueError(f"Rule {code} is declared twice.")
        summary = " ".join((check.__doc__ or "").split("\n\n")[0].split())
        if not summary:
            raise ValueError(f"Rule {code} has no words.")
        RULES[code] = Rule(code, scope, summary, fields, source, check, holds)
        return check

    return declare


def holding() -> frozenset[str]:
    """The codes of the rules that put a debt of the register in doubt."""
    return frozenset(code for code, declared in RULES.items() if declared.holds)


def resting_on(keys: Set[str]) -> frozenset[str]:
    """The codes of the rules that look at one of these columns."""
    return frozenset(code for code, declared in RULES.items() if not keys.isdisjoint(declared.fields))


def refusal(code: str, message: str) -> Finding:
    """A finding about the whole file."""
    return Finding(code, Severity.REFUSED, message, message)
