"""Possible matches, for the Debtors Team: the queue, and two persons side by side with the decision about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Response

from app.accounts import service as accounts
from app.accounts.permissions import Permission
from app.debts import matches as service
from app.debts.match_models import Match
from app.debts.matches import DECISIONS, Side, State
from app.debts.models import Debt
from app.debts.rules.likeness import in_words
from app.http.deps import Id, Reading, Writing
from app.organisations import service as organisations
from app.return_template.columns import BY_KEY
from app.web.debt_lines import lines_of, shown
from app.web.entries import chosen
from app.web.numbered import PageNumber, links
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

matches = pages()
Decider = Annotated[Visit, May(Permission.MATCH_DECIDE)]
Listed = Literal["waiting", "unsure", "decided"]
STATES = {"waiting": service.WAITING, "unsure": (State.UNSURE,), "decided": service.DECIDED}
CHOICES = [("waiting", "To be decided"), ("unsure", "Unsure only"), ("decided", "Decided")]
TOLD = {
    State.OPEN: ("To be decided", "blue"),
    State.UNSURE: ("Unsure", "yellow"),
    State.SAME: ("The same person", "green"),
    State.DIFFERENT: ("Different persons", "grey"),
}
ASKED = [
    (State.SAME.value, "The same person", "Their debts are shown together. The older of the two numbers stays."),
    (State.DIFFERENT.value, "Different persons", "Their debts stay apart, and the service does not ask again."),
    (State.UNSURE.value, "Not sure", "They stay apart and in the queue, marked as unsure."),
]
_COMPARED = (
    "family_name", "given_names", "other_names", "date_of_birth", "sex", "nationality", "passport_number",
    "home_office_reference", "ni_number", "uk_address", "uk_postcode", "overseas_address",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One particular of both: the values as reported, each with the invoices that say so where they differ, and how the
    two compare.
    """

    heading: str
    values: Sequence[Sequence[tuple[str, str]]]
    compared: str
    colour: str


@matches.get("/matches")
def get_matches(visit: Decider, db: Reading, number: PageNumber = 1, state: Listed = "waiting") -> Response:
    found = service.page_of(db, visit.actor, STATES[state], number)
    return page(
        visit, "matches/list.html", lines=[_line(match, sides) for match, sides in found.items], total=found.total,
        choices=CHOICES, state=state, pagination=links(found, "/matches", state=state),
    )  # fmt: skip


@matches.get("/matches/{match_id}")
def get_match(match_id: Id, visit: Decider, db: Reading) -> Response:
    match = service.get_match(db, visit.actor, match_id)
    sides = service.sides(db, [match])[0]
    names = organisations.names(db, {debt.organisation_code for side in sides for debt in side.debts})
    people = accounts.names(db, [match.decided_by])
    return page(
        visit, "matches/match.html", **_line(match, sides), sides=sides, rows=[_row(key, sides) for key in _COMPARED],
        tables=[lines_of(side.debts, names) for side in sides], asked=ASKED,
        decided_by=people.get(match.decided_by or "", "the service, because their details agree exactly"),
    )  # fmt: skip


@matches.post("/matches/{match_id}")
def post_match(match_id: Id, visit: Decider, db: Writing) -> Response:
    service.get_match(db, visit.actor, match_id)
    was = chosen(visit.entries, "was", list(State), "Open the page again, then decide")
    decision = chosen(visit.entries, "decision", DECISIONS, "Choose whether this is the same person")
    service.decide(db, visit.actor, match_id, State(decision), State(was))
    return to("/matches", said="match-decided")


def _line(match: Match, sides: Sequence[Side]) -> dict[str, Any]:
    reasons, differences = in_words(match.evidence)
    word, colour = TOLD[State(match.state)]
    return {
        "match": match,
        "who": [_named(side.debts[0]) if side.debts else ("Nobody", "", "") for side in sides],
        "reasons": reasons,
        "differences": differences,
        "standing": {"text": word, "classes": f"govuk-tag--{colour}"},
    }


def _named(debt: Debt) -> tuple[str, str, str]:
    born = f"born {shown('date_of_birth', debt.date_of_birth)}" if debt.date_of_birth else "date of birth not known"
    return f"{debt.family_name}, {debt.given_names}", born, debt.organisation_code


def _row(key: str, sides: Sequence[Side]) -> Row:
    values = [_values(key, side.debts) for side in sides]
    folded = [{text.casefold() for text in side} for side in values]
    if not folded[0] or not folded[1]:
        compared, colour = ("Not known", "grey") if folded[0] == folded[1] else ("Known of one only", "grey")
    elif folded[0] == folded[1]:
        compared, colour = "Same", "green"
    else:
        compared, colour = ("Partly the same", "yellow") if folded[0] & folded[1] else ("Different", "red")
    told = [[(text, ", ".join(said) if len(side) > 1 else "") for text, said in side.items()] for side in values]
    return Row(BY_KEY[key].heading, told, compared, colour)


def _values(key: str, debts: Sequence[Debt]) -> dict[str, list[str]]:
    """The different values as shown, with the invoices that say so."""
    found: dict[str, list[str]] = {}
    for debt in debts:
        if (value := getattr(debt, key)) not in (None, ""):
            found.setdefault(shown(key, value), []).append(debt.invoice_number)
    return found
