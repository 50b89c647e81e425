"""Corrections to pass on: which recipients hold a debt as it is not any more, and noting that they were told."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated

from fastapi import Response

from app.accounts import service as accounts
from app.accounts.permissions import Permission
from app.disputes import corrections as passing_on
from app.disputes.corrections import How, ToPassOn
from app.http.deps import Reading, Writing
from app.organisations import service as organisations
from app.web.entries import Entries, Fault, Faults, chosen
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

corrections = pages()
PassesOn = Annotated[Visit, May(Permission.CORRECTION_PASS_ON)]


@dataclass(frozen=True)
class Group:
    """What one recipient must be told. `is_asked`: its form was sent and is shown again, else it is the first."""

    key: str
    recipient: str
    waiting: list[ToPassOn]
    is_asked: bool


@corrections.get("/corrections")
def get_corrections(visit: PassesOn, db: Reading) -> Response:
    waiting = passing_on.waiting(db, visit.actor)
    told = passing_on.lately_told(db, visit.actor)
    codes = {one.debt.organisation_code for one in waiting} | {debt.organisation_code for _, debt in told}
    return page(
        visit, "disputes/corrections.html", told=told, names=organisations.names(db, codes),
        groups=_groups(waiting, visit.entries.text("recipient")), ways=_ways(visit.entries.text("how")),
        how_words={how.value: how.label for how in How}, ticked=set(visit.entries.all("told")),
        people=accounts.names(db, (one.by for one, _ in told)),
    )  # fmt: skip


@corrections.post("/corrections")
def post_corrections(visit: PassesOn, db: Writing) -> Response:
    how = chosen(visit.entries, "how", How, "Choose how the recipient was told")
    passing_on.mark_told(db, visit.actor, visit.entries.text("recipient"), _told(visit.entries), How(how))
    return to("/corrections", said="correction-told")


def _groups(waiting: Sequence[ToPassOn], asked: str) -> list[Group]:
    groups = [(key, list(group)) for key, group in groupby(waiting, lambda one: one.recipient_key)]
    if groups and asked not in {key for key, _ in groups}:
        asked = groups[0][0]
    return [Group(key, group[0].recipient, group, key == asked) for key, group in groups]


def _ways(chosen_: str) -> list[dict[str, object]]:
    choices = [("", "Choose how"), *((how.value, how.label) for how in How)]
    return [{"value": value, "text": text, "selected": value == chosen_} for value, text in choices]


def _told(entries: Entries) -> list[tuple[str, int]]:
    """The boxes that were ticked: a debt's id and the event up to which its recipient was told."""
    found = []
    for text in entries.all("told"):
        debt_id, _, through = text.partition(".")
        if not (through.isascii() and through.isdecimal() and len(through) < 19):
            raise Faults(Fault("Choose the corrections in the list", "told"))
        found.append((debt_id, int(through)))
    return found
