"""Lines of a release: those of one change with what differs, and one of the sample beside its source."""

from typing import Annotated, Any

from fastapi import Path, Query, Response

from app.accounts import service as accounts
from app.accounts.permissions import Permission
from app.core.db import Session
from app.core.errors import NotFound
from app.http.deps import Id, Reading, Writing
from app.organisations import service as organisations
from app.policy.in_force import policy_in_force
from app.releases import beside, lines, preview, queries, sampling
from app.releases.beside import Compared, Pair
from app.releases.lines import Line
from app.releases.models import Change, Release, State
from app.releases.rules.sampling import Wrong
from app.releases.sample_lines import next_to_check, sample_lines
from app.releases.sources import Source, sources
from app.web import release_view
from app.web.debt_lines import shown
from app.web.entries import chosen
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

release_lines = pages()
Reader = Annotated[Visit, May(Permission.RELEASE_READ)]
Sampler = Annotated[Visit, May(Permission.RELEASE_SAMPLE)]
Number = Annotated[int, Path(ge=1, le=2_147_483_647)]
A_PAGE = 50
RIGHT, WRONG = "right", "wrong"
REASONS = [(each.value, each.label[0].upper() + each.label[1:]) for each in Wrong]
COMPARED = {
    Compared.SAME: ("Same", "green"),
    Compared.DIFFERENT: ("Different", "red"),
    Compared.NOT_IN_SOURCE: ("Not in this row", "yellow"),
    Compared.NOT_IN_LINE: ("Only in the source", "red"),
    Compared.NEITHER: ("Both empty", "grey"),
}


@release_lines.get("/releases/{release_id}/lines")
def get_lines(
    release_id: Id, visit: Reader, db: Reading, change: Change = Change.NEW,
    cursor: Annotated[str, Query(max_length=300)] = "",
) -> Response:  # fmt: skip
    """No more of a person than what differs: the debt's own page has the rest."""
    release = queries.get(db, visit.actor, release_id)
    found = preview.changes(db, release, change, A_PAGE, cursor or None)
    return page(
        visit, "releases/lines.html", release=release, change=change.value, next=found.next,
        total=release_view.number_of(release, change), before=queries.released_before(db, release),
        names=organisations.names(db, {told.line.organisation for told in found.items}),
        lines=[(told, [_difference(each) for each in told.differences]) for told in found.items],
        with_differences=change in (Change.UPDATED, Change.CORRECTED, Change.REMOVED),
    )  # fmt: skip


@release_lines.get("/releases/{release_id}/sample/{line}")
def get_line(release_id: Id, line: Number, visit: Sampler, db: Reading) -> Response:
    release = queries.get(db, visit.actor, release_id)
    return page(visit, "releases/sample.html", release=release, **_one(db, release, line))


@release_lines.post("/releases/{release_id}/sample/{line}")
def post_line(release_id: Id, line: Number, visit: Sampler, db: Writing) -> Response:
    """Leads on to the next line that nobody has looked at, after the last one back to the release."""
    release = queries.get(db, visit.actor, release_id)
    found = chosen(visit.entries, "correct", (RIGHT, WRONG), "Choose whether the line is right or wrong")
    reason = chosen(visit.entries, "reason", Wrong, "Choose what is wrong") if found == WRONG else None
    sampling.judge(db, visit.actor, release.id, line, found == RIGHT, reason)
    following = next_to_check(sample_lines(db, release.id), line)
    here = f"/releases/{release_id}"
    return to(f"{here}/sample/{following}", said="line-checked") if following else to(here, said="sample-checked")


def _one(db: Session, release: Release, number: int) -> dict[str, Any]:
    """One line of the sample, its place in it, and every heading beside the cell of the source."""
    sample = sample_lines(db, release.id)
    place = next((place for place, one in enumerate(sample, start=1) if one.line == number), None)
    if place is None:
        raise NotFound
    one, said = sample[place - 1], lines.line(db, release.id, number)
    source = sources(db, [said]).get(number) if said else None
    following = next_to_check(sample, number)
    return {
        "one": one, "place": place, "number": len(sample), "said": said, "source": source, "reasons": REASONS,
        "pairs": [_pair(pair) for pair in _pairs(said, source)] if said else [],
        "found": "" if one.correct is None else RIGHT if one.correct else WRONG,
        "organisation": organisations.names(db, [one.organisation])[one.organisation],
        "people": accounts.names(db, [one.by]), "may_judge": release.state == State.CHECKING,
        "following": following if following != number else None,
    }  # fmt: skip


def _pairs(said: Line, source: Source | None) -> list[Pair]:
    return beside.pairs(said.values, source.cells if source else {}, policy_in_force())


def _pair(pair: Pair) -> dict[str, str]:
    words, colour = COMPARED[pair.compared]
    empty = pair.value is None or pair.value == ""
    value = "" if empty else shown(pair.key, pair.value)
    return {"heading": pair.heading, "source": pair.source, "line": value, "words": words, "colour": colour}


def _difference(each: preview.Difference) -> str:
    was, now = (shown(each.key, value) if value not in (None, "") else "nothing" for value in (each.was, each.now))
    return f"{each.heading.removesuffix(' (£)')}: {was} → {now}"
