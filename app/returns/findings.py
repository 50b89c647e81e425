"""A return's findings as people read them: in the order of rows, with causes that many rows share told once. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.ranges import ranges
from app.returns.models import Lifecycle, Outcome, Return
from app.returns.rules.engine import RULES, Finding, Severity

SHARED_BY = 5  # rows from which a cause is told once


@dataclass(frozen=True)
class Group:
    """One cause that many rows share. `rows` are ranges such as “14–18, 22”, `message` is what one of them says."""

    code: str
    heading: str | None
    summary: str
    is_rejection: bool
    number: int
    rows: str
    message: str


@dataclass(frozen=True)
class Summary:
    """`groups` are causes to mend once, most rows first; `findings` are all, rejections before warnings, by row."""

    groups: Sequence[Group]
    findings: Sequence[Finding]


def grouped(findings: Sequence[Finding]) -> Summary:
    by_cause: dict[tuple[str, str | None], list[Finding]] = {}
    for finding in findings:
        if finding.row is not None:
            by_cause.setdefault((finding.code, finding.column), []).append(finding)
    groups = [_group(found) for found in by_cause.values() if len({one.row for one in found}) >= SHARED_BY]
    groups.sort(key=lambda group: (not group.is_rejection, -group.number, group.code))
    in_order = sorted(findings, key=lambda one: (_is_warning(one), one.row or 0))
    return Summary(groups, in_order)


def _group(found: Sequence[Finding]) -> Group:
    first = found[0]
    rows = sorted({one.row for one in found if one.row is not None})
    return Group(
        code=first.code,
        heading=first.column,
        summary=RULES[first.code].summary,
        is_rejection=not _is_warning(first),
        number=len(rows),
        rows=ranges(rows),
        message=first.message,
    )


def _is_warning(finding: Finding) -> bool:
    return finding.severity == Severity.WARNING


def consequence(return_: Return) -> str:
    """What this return does or did, in numbers."""
    if return_.outcome == Outcome.NIL:
        return "This return says that there are no new debts and no changes."
    checked = return_.lifecycle == Lifecycle.CHECKED
    said = [
        _said(return_.new, "new debt", "will be added" if checked else ("was added", "were added")),
        _said(return_.changed, "debt", "will be brought up to date" if checked else ("was brought up to date", "were brought up to date")),
        _said(return_.unchanged, "row", ("says", "say"), " nothing new"),
        _said(return_.rejected, "row", "will not be taken" if checked else ("was not taken", "were not taken")),
    ]  # fmt: skip
    told = ", ".join(part for part in said if part)
    sentences = (f"{told}." if told else "", "Nothing has been sent yet." if checked else "")
    return " ".join(sentence for sentence in sentences if sentence)


def _said(number: int, noun: str, verb: str | tuple[str, str], rest: str = "") -> str:
    if not number:
        return ""
    one, many = verb if isinstance(verb, tuple) else (verb, verb)
    return f"{number:,} {noun}{'' if number == 1 else 's'} {one if number == 1 else many}{rest}"
