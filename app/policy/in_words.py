"""The dated policy as people read it: from when which amount and wait hold, and whose nationals are outside the return."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.policy.clock import Threshold
from app.policy.countries import country_name
from app.policy.retention import Kept, Term
from app.policy.scope import Scope
from app.policy.tables import Policy

_BLOCS = {
    "EU": "member states of the European Union",
    "EEA-EFTA": "Iceland, Liechtenstein and Norway",
    "Swiss": "Switzerland",
}


@dataclass(frozen=True)
class Line:
    """One row in force from one day to another, both included; without an end it is in force now."""

    begins: date
    ends: date | None
    pence: int
    words: str


# What is kept, and what follows the length: “Words: 90 days after …”.
_KEPT = {
    Kept.ORIGINAL: ("A file as the hospital sent it, its name, and why a return was taken back", "after that"),
    Kept.REJECTED_ROW: ("What a row said that went back", "after it was mended, closed or ran out"),
    Kept.REPAID_DEBT: (
        "A debt that was repaid, with its history and the rows that reported it",
        "after that day, or after the last change if that was later",
    ),
    Kept.WITHDRAWN_DEBT: (
        "A debt that was withdrawn, with its history and the rows that reported it",
        "after that day, or after the last change if that was later",
    ),
    Kept.REFUSED_UPLOAD: ("That a file was refused, by whom it was sent and when, nothing of what it held", "after it was sent"),
    Kept.STATUS_CHECK: ("That an urgent check was made, by whom and about which debt, nothing of what was typed", "after it"),
    Kept.MESSAGE: ("The text of a mail to staff", "after it was written"),
    Kept.MAIL: ("That a mail was sent to staff, to whom, when and what kind of mail", "after it was written"),
    Kept.ENDED_ACCESS: ("A link or token of staff that lets nobody in any more", "after its end"),
    Kept.CONTACT_LOG: ("That a hospital was visited, called or written to about its returns, never about patients", "after it"),
    Kept.RELEASE_FILE: ("Our copy of a list that was given out", "after it was given out"),
    Kept.RELEASE_LINE: ("What earlier lists said of a debt", "after they were given out, and never longer than the debt itself"),
    Kept.ABANDONED_RELEASE: ("A list that was prepared and not given out", "after it was given up"),
    Kept.AWAITED_REMOVAL: (
        "A debt that has ended, while somebody who was given it must still be told so in the next list",
        "after the last list that was given to them, at most",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Stay:
    """How long one country's nationals have counted to one of the groups above."""

    country: str
    begins: date
    ends: date | None


def thresholds(policy: Policy) -> list[Line]:
    """Newest first. `words` is how old an invoice must be."""
    rows = policy.thresholds
    ends = [later.begins - timedelta(days=1) for later in rows[1:]]
    return [Line(row.begins, end, row.pence, _wait(row)) for row, end in zip(rows, [*ends, None], strict=True)][::-1]


def _wait(row: Threshold) -> str:
    unit = "day" if row.clock == "days" else "calendar month"
    return f"{row.wait} {unit}{'' if row.wait == 1 else 's'}"


def scopes(policy: Policy) -> list[Line]:
    """Newest first. `words` says whose nationals are outside, and by which day that is told."""
    rows = policy.scope.rows
    ends = [later.begins - timedelta(days=1) for later in rows[1:]]
    return [Line(row.begins, end, 0, _outside(row)) for row, end in zip(rows, [*ends, None], strict=True)][::-1]


def _outside(row: Scope) -> str:
    day = "the day of treatment" if row.rests_on_treatment else "the invoice date"
    blocs = [words for bloc, words in _BLOCS.items() if bloc in row.blocs_out]
    blocs += sorted(row.blocs_out - _BLOCS.keys())
    listed = ", ".join(blocs[:-1]) + (" and " if len(blocs) > 1 else "") + blocs[-1] if blocs else "no group of states"
    return f"Nationals of {listed}, by membership on {day}"


def kept(policy: Policy, today: date) -> list[tuple[str, str]]:
    """What is kept, and how long as it is in force on a day."""
    return [(what, f"{_length(policy.kept_for(kind, today))} {after}") for kind, (what, after) in _KEPT.items()]


def _length(term: Term) -> str:
    number, unit = (
        (term.keep // 12, "year") if term.unit == "months" and term.keep % 12 == 0 else (term.keep, term.unit[:-1])
    )
    return f"{number} {unit}{'' if number == 1 else 's'}"


def memberships(policy: Policy) -> Iterator[Stay]:
    """Every country of such a group, by its name."""
    found = [
        Stay(country_name(code), stay.since, None if stay.until == date.max else stay.until)
        for code, stays in policy.scope.members.items()
        for stay in stays
    ]
    return iter(sorted(found, key=lambda stay: (stay.country, stay.begins)))
