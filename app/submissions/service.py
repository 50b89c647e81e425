"""Who has submitted and who has not: the list of a month, and whose newest file did not count."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.core.db import among
from app.core.errors import Refused
from app.core.paging import Page, cut, from_cursor
from app.periods import service as periods_service
from app.periods.calendar import Period
from app.returns.models import Lifecycle, Outcome, RefusedUpload, Return
from app.submissions.obligations import default_set, load_default_obligations, obligations, set_obligation
from app.submissions.rates import By, Rate, added_up, counted, rates
from app.submissions.rules.state import State
from app.submissions.standings import (
    Lpm,
    Submission,
    lpms_by_organisation,
    named,
    organisations_in,
    standings,
)

__all__ = [
    "By", "Concern", "Rate", "State", "Submission", "added_up", "concerns", "counted", "default_set", "known_state", "load_default_obligations",
    "obligations", "rates", "set_obligation", "standings", "submissions", "this_months_return",
]  # fmt: skip


@dataclass(frozen=True)
class Concern:
    """An organisation whose newest file for the month was refused whole (`code` says why) or wholly rejected."""

    organisation: str
    name: str
    nation: str
    region: str
    lpms: tuple[Lpm, ...]
    period: Period
    at: datetime
    outcome: str
    code: str | None
    return_id: str | None

    @property
    def lpm(self) -> str | None:
        return named(self.lpms)


def submissions(  # noqa: PLR0913  # each filter of the list is one of the question's own words
    db: Session,
    scope: frozenset[str] | None,
    period: Period,
    *,
    state: str | None = None,
    region: str | None = None,
    nation: str | None = None,
    lpm: str | None = None,
    limit: int = 100,
    cursor: str | None = None,
) -> Page[Submission]:
    """One month, one page, by organisation code. `lpm` is an e-mail address or a name; an unknown state is Refused."""
    wanted = known_state(state)
    after = from_cursor(cursor, "submissions")
    found = [
        one
        for one in standings(db, scope, [period], region, nation)
        if one.organisation > after
        and wanted in (None, one.state)
        and (lpm is None or any(manager.is_called(lpm) for manager in one.lpms))
    ]
    return cut(found[: limit + 1], limit, lambda one: one.organisation, "submissions")


def known_state(text: str | None) -> State | None:
    """Raises Refused (422) for a word that is no state."""
    if text is not None and text not in list(State):
        raise Refused(f"“{text[:30]}” is not a state. Choose one: {', '.join(State)}.")
    return None if text is None else State(text)


def concerns(db: Session, scope: frozenset[str] | None, period: Period) -> list[Concern]:
    """Organisations whose newest file for the month did not count, by code. A nil return sent after it settles it."""
    newest = _newest(db, scope, period)
    failing = {code: sent for code, sent in newest.items() if sent[1] in ("refused", Outcome.REJECTED)}
    lpms = lpms_by_organisation(db)
    return [
        Concern(one.code, one.name, one.nation, one.region, lpms.get(one.code, ()), period, *failing[one.code])
        for one in organisations_in(db, frozenset(failing))
    ]


def _newest(db: Session, scope: frozenset[str] | None, period: Period) -> dict[str, "_Sent"]:
    """By organisation its newest file for the month."""
    refused = select(col(RefusedUpload.organisation_code), col(RefusedUpload.at), col(RefusedUpload.code)).where(
        col(RefusedUpload.period) == str(period)
    )
    sent = select(col(Return.organisation_code), col(Return.submitted_at), col(Return.outcome), col(Return.id)).where(
        col(Return.period) == str(period),
        col(Return.lifecycle) == Lifecycle.SUBMITTED,
        col(Return.submitted_at).is_not(None),
    )
    if scope is not None:
        refused = refused.where(among(db, col(RefusedUpload.organisation_code), scope))
        sent = sent.where(among(db, col(Return.organisation_code), scope))
    newest: dict[str, _Sent] = {}
    for code, at, reason in db.execute(refused):
        newest[code] = max(newest.get(code, _NEVER), (at, "refused", reason, None), key=_moment)
    for code, at, outcome, id_ in db.execute(sent):
        newest[code] = max(newest.get(code, _NEVER), (at, outcome, None, id_), key=_moment)
    return newest


_Sent = tuple[datetime, str, str | None, str | None]
_NEVER: _Sent = (datetime.fromisoformat("0001-01-02T00:00:00+00:00"), "", None, None)


def _moment(sent: _Sent) -> datetime:
    return sent[0]


def this_months_return(db: Session, code: str, today: date) -> Period:
    """The earliest owed month that has ended and has no return yet, else the current month (the home page's)."""
    for cell in standings(db, frozenset({code}), periods_service.open_periods(today)):
        if cell.period.last_day < today and cell.state in (State.MISSING, State.NOT_DUE):
            return cell.period
    return Period.containing(today)
