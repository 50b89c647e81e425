"""Whose debts belong in the return by nationality: dated memberships, dated scope rows, and classes of their own."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.policy.reading import Line

MEMBERSHIP = ("alpha3", "bloc", "member_from", "member_to")
SCOPE = ("name", "from", "rests_on", "out_of_scope", "in_force")
CLASSES = ("code", "class")


class NationalityClass(StrEnum):
    BRITISH_OR_IRISH = "british_or_irish"
    BRITISH_CLASS = "british_class"
    REFUGEE = "refugee"


@dataclass(frozen=True)
class Membership:
    """One stay of one country in a bloc; the last day counts."""

    bloc: str
    since: date
    until: date

    def holds_on(self, day: date) -> bool:
        return self.since <= day <= self.until


@dataclass(frozen=True)
class Scope:
    """One scope row: from a day on (of invoice or of treatment) nationals of these blocs are out of scope."""

    name: str
    begins: date
    rests_on_treatment: bool
    blocs_out: frozenset[str]


@dataclass(frozen=True)
class NationalityScope:
    """The scope rows in force, oldest first, with the memberships that they are held against."""

    rows: tuple[Scope, ...]
    members: Mapping[str, tuple[Membership, ...]]

    @property
    def needs_treatment_date(self) -> bool:
        return any(row.rests_on_treatment for row in self.rows)

    def contains(self, alpha3: str, invoiced_on: date, treated_on: date | None) -> bool:
        """Whether this nationality is reported. A row that rests on treatment holds only where that date is known."""
        if not (stays := self.members.get(alpha3)):
            return True
        chosen, day = self.rows[0], invoiced_on
        for row in self.rows:
            rests_on = treated_on if row.rests_on_treatment else invoiced_on
            if rests_on is not None and row.begins <= rests_on:
                chosen, day = row, rests_on
        return not any(stay.bloc in chosen.blocs_out and stay.holds_on(day) for stay in stays)


def nationality_scope(lines: Sequence[Line], members: Mapping[str, tuple[Membership, ...]]) -> NationalityScope:
    blocs = {stay.bloc for stays in members.values() for stay in stays}
    rows = []
    for line in lines:
        out = frozenset(line.several("out_of_scope"))
        if unknown := sorted(out - blocs):
            raise line.fault(
                f"no country of membership.csv is in {', '.join(unknown)}. Known: {', '.join(sorted(blocs))}."
            )
        treatment = line.choice("rests_on", ("invoice_date", "treatment_date")) == "treatment_date"
        row = Scope(line.text("name"), line.day("from"), treatment, out)
        if line.choice("in_force", ("yes", "no")) == "yes":
            rows.append(row)
    rows.sort(key=lambda row: row.begins)
    if not rows or rows[0].rests_on_treatment:
        raise lines[0].fault("the first row in force must rest on invoice_date. Set in_force to yes on such a row.")
    return NationalityScope(tuple(rows), members)


def memberships(lines: Sequence[Line]) -> dict[str, tuple[Membership, ...]]:
    found: dict[str, list[Membership]] = defaultdict(list)
    for line in lines:
        since, until = line.day("member_from"), line.day_or_none("member_to") or date.max
        if until < since:
            raise line.fault(f"member_to {until} is before member_from {since}.")
        found[_alpha3(line, "alpha3")].append(Membership(line.text("bloc"), since, until))
    return {code: tuple(stays) for code, stays in found.items()}


def nationality_classes(lines: Sequence[Line]) -> dict[str, NationalityClass]:
    return {_alpha3(line, "code"): NationalityClass(line.choice("class", NationalityClass)) for line in lines}


def _alpha3(line: Line, column: str) -> str:
    code = line.text(column)
    if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
        raise line.fault(f"{column} “{code}” is not a code of three capital letters.")
    return code
