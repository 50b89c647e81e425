"""Who has submitted for a month and who has not: one list with counts, filters and concerns. A trust sees its own."""

from collections import Counter
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Response

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import Session
from app.http.deps import Reading
from app.periods.calendar import Period
from app.submissions import service
from app.submissions.rules.state import State
from app.submissions.service import Submission
from app.web.page_route import pages
from app.web.render import page
from app.web.visit import May, Visit
from app.web.words import state_word

submissions = pages()
Reader = Annotated[Visit, May(Permission.SUBMISSION_READ)]
Named = Annotated[str, Query(max_length=254)]
A_PAGE, ALL, MONTHS_BACK = 100, 10_000, 24


@submissions.get("/submissions")
def get_submissions(
    visit: Reader,
    db: Reading,
    period: Named = "",
    state: Named = "",
    region: Named = "",
    lpm: Named = "",
    number: Annotated[int, Query(alias="page", ge=1, le=ALL)] = 1,
) -> Response:
    month = Period.parse(period) if period else Period.containing(clock.today()).previous()
    wanted = service.known_state(state or None)
    everybody = _of_month(db, visit.actor, month)
    there = [one for one in everybody if region in ("", one.region) and _is_of(lpm, one)]
    found = [one for one in there if wanted in (None, one.state)]
    asked = {"period": str(month), "state": state, "region": region, "lpm": lpm}
    return page(
        visit,
        "submissions/submissions.html",
        month=month,
        asked=asked,
        counts=[(one, number) for one, number in _counted(there) if number],
        found=found[(number - 1) * A_PAGE : number * A_PAGE],
        total=len(found),
        pagination=_pagination(asked, number, len(found)),
        concerns=_concerns(db, visit.actor, month, {one.organisation for one in there}),
        returns_of=visit.actor.scope(Permission.RETURN_READ) if visit.may(Permission.RETURN_READ) else frozenset(),
        months=_months(month),
        states=[("", "All"), *((one.value, state_word(one)) for one in State)],
        regions=[("", "All"), *((one, one) for one in sorted({each.region for each in everybody}))],
        lpms=[("", "All"), *_lpms(everybody)],
    )


def _of_month(db: Session, actor: Actor, month: Period) -> list[Submission]:
    """Whoever owes the month; of few organisations, those too that owe nothing."""
    scope = actor.scope(Permission.SUBMISSION_READ)
    found = service.submissions(db, scope, month, limit=ALL).items
    return [one for one in found if scope is not None or one.state is not State.NOT_OWED or one.submitted_at]


def _is_of(lpm: str, one: Submission) -> bool:
    return not lpm or any(manager.is_called(lpm) for manager in one.lpms)


def _counted(there: list[Submission]) -> list[tuple[State, int]]:
    found = Counter(one.state for one in there)
    return [(state, found[state]) for state in State]


def _concerns(db: Session, actor: Actor, month: Period, shown: set[str]) -> list[service.Concern]:
    found = service.concerns(db, actor.scope(Permission.SUBMISSION_READ), month)
    return [one for one in found if one.organisation in shown]


def _months(chosen: Period) -> list[tuple[str, str]]:
    now = Period.containing(clock.today())
    return [(str(one), one.label) for one in sorted({*Period.span(now.plus(-MONTHS_BACK), now), chosen}, reverse=True)]


def _lpms(everybody: list[Submission]) -> list[tuple[str, str]]:
    return sorted({(lpm.email, lpm.name or lpm.email) for one in everybody for lpm in one.lpms}, key=lambda one: one[1])


def _pagination(asked: dict[str, str], number: int, total: int) -> dict[str, object] | None:
    """The parameters of the design system's pagination; nothing where one page holds it all."""
    last = -(-total // A_PAGE)
    if last < 2:
        return None

    def at(page_number: int) -> str:
        return "/submissions?" + urlencode({**{key: text for key, text in asked.items() if text}, "page": page_number})

    links: dict[str, object] = {
        "items": [{"number": one, "href": at(one), "current": one == number} for one in range(1, last + 1)]
    }
    if number > 1:
        links["previous"] = {"href": at(number - 1)}
    if number < last:
        links["next"] = {"href": at(number + 1)}
    return links
