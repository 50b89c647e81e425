"""Who has submitted for which month, the rates, and whose newest file did not count. No personal data."""

from typing import Annotated

from fastapi import Query

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.api.deps import PAGE, Cursor, Limit, May, Part, PeriodText, Reading, router
from app.api.shapes.submissions import ConcernOut, RateOut, SubmissionOut
from app.api.shapes.values import Listing, without_nul
from app.periods.calendar import Period
from app.submissions import rates, service
from app.submissions.rates import By
from app.submissions.rules.state import State

submissions = router("submissions")
Reader = Annotated[Actor, May(Permission.SUBMISSION_READ)]
Named = Annotated[str | None, Query(max_length=254)]


@submissions.get("/submissions", summary="Who has submitted for a month, and who has not")
def get_submissions(  # noqa: PLR0913, PLR0917 - one parameter for each filter of the call
    actor: Reader,
    db: Reading,
    period: PeriodText,
    state: State | None = None,
    region: Named = None,
    nation: Named = None,
    lpm: Named = None,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> Listing[SubmissionOut]:
    page = service.submissions(
        db,
        actor.scope(Permission.SUBMISSION_READ),
        Period.parse(period),
        state=state,
        region=without_nul(region),
        nation=without_nul(nation),
        lpm=lpm,
        limit=limit,
        cursor=cursor,
    )
    return Listing(items=[SubmissionOut.of(one) for one in page.items], next=page.next)


@submissions.get("/submissions/rates", summary="Returns received out of those owed")
def get_rates(
    actor: Annotated[Actor, May(Permission.SUBMISSION_READ_RATES)],
    db: Reading,
    asked: Part,
    from_: Annotated[str, Query(alias="from", examples=["2026-01"])],
    to: PeriodText,
    by: By = By.ORGANISATION,
) -> Listing[RateOut]:
    """A board reads them by nation or region only: by organisation or LPM is 403 for it."""
    found = rates.rates(db, rates.reach(actor, by), Period.parse(from_), Period.parse(to), by)
    page = asked.of(found, "rates")
    return Listing(items=[RateOut.of(one, rates.readable(actor)) for one in page.items], next=page.next)


@submissions.get("/submissions/concerns", summary="Whose newest file for a month did not count")
def get_concerns(actor: Reader, db: Reading, period: PeriodText, asked: Part) -> Listing[ConcernOut]:
    found = service.concerns(db, actor.scope(Permission.SUBMISSION_READ), Period.parse(period))
    page = asked.of(found, "concerns")
    return Listing(items=[ConcernOut.of(one) for one in page.items], next=page.next)
