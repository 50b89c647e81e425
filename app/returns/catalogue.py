"""The rules as people read them: what follows from each, what it looks at, where it comes from. Command and page tell it."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.return_template.columns import BY_KEY, COLUMNS
from app.returns import judging
from app.returns.rules.engine import RULES, RULESET, Severity

__all__ = ["RULESET", "SOURCES", "Entry", "entries", "judging"]  # judging imports every rule
SOURCES = (
    'Sources: "ICIBI 6.149" is a paragraph of the report of the Independent Chief Inspector of Borders and Immigration '
    "on collaborative working of the Home Office, January 2019. What no public source settles is our decision."
)
CONSEQUENCES = {
    Severity.REFUSED: "file refused",
    Severity.REJECTED: "row rejected",
    Severity.WARNING: "warning",
}


@dataclass(frozen=True)
class Entry:
    """One rule. `looks_at` are the headings that it rests on; empty where it rests on none."""

    code: str
    severity: Severity
    summary: str
    looks_at: str
    source: str

    @property
    def consequence(self) -> str:
        return CONSEQUENCES[self.severity]


def entries() -> Iterator[Entry]:
    """Every rule by its code."""
    for code in sorted(RULES):
        rule = RULES[code]
        yield Entry(code, rule.severity, rule.summary, _headings(rule.fields), rule.source)


def _headings(fields: tuple[str, ...]) -> str:
    """The columns by the headings that people know; those few that are left out, when it is nearly every column."""
    if not fields:
        return ""
    left_out = [column.heading for column in COLUMNS if column.key not in fields]
    if len(left_out) > 3:
        return ", ".join(BY_KEY[key].heading for key in fields)
    return "every column" + (f" except {', '.join(left_out)}" if left_out else "")
