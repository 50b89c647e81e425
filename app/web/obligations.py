"""Who owes returns from when to when: the list of all organisations, and taking a list of changes after a look at it."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Response

from app.accounts.permissions import Permission
from app.core import clock
from app.core.csv_list import Faulty
from app.core.errors import Refused
from app.core.scanning import look_through
from app.http.deps import Reading, Writing
from app.submissions import obligations_file, obligations_import
from app.submissions.obligations import Reason
from app.submissions.obligations_import import Plan
from app.submissions.obligations_listed import Owing, Standing, listed
from app.web.entries import Entries, Fault, Faults
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

obligations = pages()
Keeper = Annotated[Visit, May(Permission.OBLIGATION_MANAGE)]
Named = Annotated[str, Query(max_length=100)]
A_PAGE = 100
STANDINGS = {
    Standing.NOW: "Owes now",
    Standing.LATER: "Owes later",
    Standing.ENDED: "Owes no more",
    Standing.NEVER: "Never owed",
}
BOX = "list"


@obligations.get("/obligations")
def get_obligations(  # each filter is one of the address's own words
    visit: Keeper,
    db: Reading,
    nation: Named = "",
    region: Named = "",
    owes: Named = "",
    number: Annotated[int, Query(alias="page", ge=1, le=1000)] = 1,
) -> Response:
    everyone = listed(db, visit.actor.scope(Permission.OBLIGATION_MANAGE), clock.today())
    there = [one for one in everyone if nation in ("", one.organisation.nation) and _is_in(region, one)]
    found = [one for one in there if owes in ("", one.standing)]
    asked = {"nation": nation, "region": region, "owes": owes}
    counts = Counter(one.standing for one in there)
    return page(
        visit,
        "obligations/list.html",
        found=found[(number - 1) * A_PAGE : number * A_PAGE],
        total=len(found),
        asked=asked,
        counts=[(words, counts[standing]) for standing, words in STANDINGS.items()],
        standings=STANDINGS,
        previous=_at(asked, number - 1) if number > 1 else None,
        following=_at(asked, number + 1) if number * A_PAGE < len(found) else None,
        nations=_choices(one.organisation.nation for one in everyone),
        regions=_choices(one.organisation.region for one in everyone),
        choices=[("", "All"), *((one.value, words) for one, words in STANDINGS.items())],
    )


@obligations.get("/obligations/import")
def get_import(visit: Keeper) -> Response:
    return page(visit, "obligations/import.html", reasons=list(Reason), longest=obligations_file.LONGEST)


@obligations.post("/obligations/import")
def post_import(visit: Keeper, db: Writing) -> Response:
    """Shows what the list would change; sent from that page, it is done if it would still change the same."""
    text = _list(visit.entries)
    field = "file" if visit.entries.file("file") else BOX
    try:
        if not (seen := visit.entries.text("seen")):
            return _shown(visit, obligations_import.plan(db, text), text)
        obligations_import.take(db, visit.actor, text, seen)
    except Faulty as error:
        raise Faults(*(Fault(sentence, field) for sentence in error.sentences)) from None
    except obligations_import.Overtaken as error:
        visit.faults = (Fault(error.detail, "changes"),)
        return _shown(visit, error.plan, text, error.status)
    except Refused as error:
        raise Faults(Fault(error.detail, field)) from None
    return to("/obligations", said="obligations-imported")


def _shown(visit: Visit, plan: Plan, text: str, status: int = 200) -> Response:
    return page(visit, "obligations/preview.html", status, plan=plan, text=text)


def _list(entries: Entries) -> str:
    """The chosen file's text, else what stands in the box."""
    if (sent := entries.file("file")) is None:
        return entries.raw(BOX)
    data = sent.file.read(4 * obligations_file.LONGEST + 1)
    try:
        look_through(data)
        return obligations_file.text_of(data)
    except Refused as error:
        raise Faults(Fault(error.detail, "file")) from None


def _is_in(region: str, one: Owing) -> bool:
    return region in ("", one.organisation.region)


def _choices(words: Iterable[str]) -> list[tuple[str, str]]:
    return [("", "All"), *((one, one) for one in sorted(set(words)))]


def _at(asked: dict[str, str], number: int) -> str:
    return "/obligations?" + urlencode({**{key: text for key, text in asked.items() if text}, "page": number})
