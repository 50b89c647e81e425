"""Where every organisation stands for every month: gathers what the rules need, a constant number of queries per call."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from app.accounts import cover
from app.accounts.cover import Cover
from app.accounts.models import RoleGrant, User
from app.accounts.permissions import Role
from app.core import clock
from app.organisations.models import Organisation
from app.periods import service as periods_service
from app.periods.calendar import Period
from app.returns.models import Lifecycle, OpenRow, Outcome, Return
from app.submissions.models import Excusal, Obligation
from app.submissions.obligations import span_of
from app.submissions.rules import state as rules
from app.submissions.rules.spans import Span, covered
from app.submissions.rules.state import Arrival, State

Cell = tuple[str, str]  # organisation code and period


@dataclass(frozen=True)
class Lpm:
    """A Local Partnership Manager, known by e-mail address. While one is away, `cover` is whoever can be reached instead."""

    email: str
    name: str
    id: str = ""
    phone: str | None = None
    away_until: date | None = None
    cover: "Lpm | None" = None

    @property
    def words(self) -> str:
        """“Pat Green (away until 5 December 2026; Sam Hill covers)”."""
        called = self.name or self.email
        if self.away_until is None:
            return called
        covered = f"; {self.cover.name or self.cover.email} covers" if self.cover else ""
        return f"{called} (away until {self.away_until.day} {self.away_until:%B %Y}{covered})"

    @property
    def name_and_email(self) -> str:
        return f"{self.name} ({self.email})" if self.name not in ("", self.email) else self.email

    def is_called(self, text: str) -> bool:
        return text.strip().casefold() in (self.email.casefold(), self.name.casefold())


@dataclass(frozen=True)
class Submission:
    """One organisation and month as the API shows it. `lpm` is empty where nobody holds the portfolio."""

    organisation: str
    name: str
    nation: str
    region: str
    lpms: tuple[Lpm, ...]
    period: Period
    state: State
    due_on: date
    submitted_at: datetime | None
    return_id: str | None
    open_rows: int

    @property
    def lpm(self) -> str | None:
        return named(self.lpms)


def named(lpms: Iterable[Lpm]) -> str | None:
    return "; ".join(lpm.name or lpm.email for lpm in lpms) or None


def standings(
    db: Session,
    scope: frozenset[str] | None,
    periods: Sequence[Period],
    region: str | None = None,
    nation: str | None = None,
) -> list[Submission]:
    """Every organisation in scope (None: all) that is open at a month's end or has something there, by code and month."""
    if not periods:
        return []
    facts = _Facts(db, scope, periods)
    return [cell for one in organisations_in(db, scope, region, nation) for cell in facts.standings(one)]


def organisations_in(
    db: Session, scope: frozenset[str] | None, region: str | None = None, nation: str | None = None
) -> list[Organisation]:
    query = select(Organisation).order_by(col(Organisation.code))
    if scope is not None:
        query = query.where(col(Organisation.code).in_(scope))
    if region is not None:
        query = query.where(func.lower(col(Organisation.region)) == region.strip().lower())
    if nation is not None:
        query = query.where(func.lower(col(Organisation.nation)) == nation.strip().lower())
    return list(db.execute(query).scalars())


def lpms_by_organisation(db: Session) -> dict[str, tuple[Lpm, ...]]:
    """The Local Partnership Managers of each organisation whose accounts are not disabled, by name; with who covers today."""
    covers = cover.on_day(db, clock.today())
    query = (
        select(col(RoleGrant.organisation_code), User)
        .join(User, col(User.id) == col(RoleGrant.user_id))
        .where(col(RoleGrant.role) == Role.LPM, col(User.disabled_at).is_(None))
        .order_by(col(User.name), col(User.email))
    )
    found: dict[str, list[Lpm]] = defaultdict(list)
    for code, user in db.execute(query):
        if code is not None:
            found[code].append(_lpm(user, covers.get(user.id)))
    return {code: tuple(lpms) for code, lpms in found.items()}


def _lpm(user: User, covered: Cover | None = None) -> Lpm:
    """With whoever covers, unless that account is disabled meanwhile: then nobody does."""
    stands_in = _lpm(covered.covering) if covered and covered.covering.disabled_at is None else None
    return Lpm(user.email, user.name, user.id, user.phone, covered.last_day if covered else None, stands_in)


@dataclass(frozen=True)
class _Month:
    """A month with what is asked of it for every organisation."""

    period: Period
    text: str
    first_day: date
    last_day: date
    due_on: date
    due_passed: bool


class _Facts:
    """What is recorded about the organisations in scope for these months, each kind read once."""

    def __init__(self, db: Session, scope: frozenset[str] | None, periods: Sequence[Period]) -> None:
        self._db, self._scope = db, scope
        self._first, self._last = str(min(periods)), str(max(periods))
        self._today = clock.today()
        due = periods_service.due_dates(db, periods)
        self._months = [
            _Month(one, str(one), one.first_day, one.last_day, due[one], self._today > due[one])
            for one in sorted(periods)
        ]
        self._spans = self._read_spans()
        self._excused = self._read_excused()
        self._arrivals = self._read_arrivals()
        self._open_rows = self._read_open_rows()
        self._lpms = lpms_by_organisation(db)

    def standings(self, one: Organisation) -> Iterator[Submission]:
        """Every month but those in which it was closed all along and for which nothing is recorded.

        What belongs to the organisation is read once here: there may be hundreds of them, and a hundred months.
        """
        code, name, nation, region = one.code, one.name, one.nation, one.region
        opened, closed, lpms = one.open_date, one.close_date, self._lpms.get(one.code, ())
        for month in self._months:
            cell = (code, month.text)
            is_open = rules.is_open_on(month.last_day, opened, closed)
            arrived = rules.submission(arrivals) if (arrivals := self._arrivals.get(cell)) else None
            open_rows = self._open_rows.get(cell, 0)
            was_open = is_open or rules.is_open_on(month.first_day, opened, closed)
            if not was_open and arrived is None and not open_rows:
                continue
            state = self._state(cell, month, is_open, arrived)
            at, return_id = (arrived.at, arrived.return_id) if arrived else (None, None)
            yield Submission(
                code, name, nation, region, lpms, month.period, state, month.due_on, at, return_id, open_rows
            )

    def _state(self, cell: Cell, month: _Month, is_open: bool, arrived: rules.Submission | None) -> State:
        return rules.state(
            owed=is_open and covered(self._spans.get(cell[0], ()), month.period),
            excused=cell in self._excused,
            arrived=arrived,
            arrived_late=arrived is not None and clock.uk_date(arrived.at) > month.due_on,
            due_passed=month.due_passed,
        )

    def _read_spans(self) -> dict[str, list[Span]]:
        query = select(Obligation).where(
            col(Obligation.from_period) <= self._last,
            or_(col(Obligation.to_period).is_(None), col(Obligation.to_period) >= self._first),
        )
        if self._scope is not None:
            query = query.where(col(Obligation.organisation_code).in_(self._scope))
        spans: dict[str, list[Span]] = defaultdict(list)
        for obligation in self._db.execute(query).scalars():
            spans[obligation.organisation_code].append(span_of(obligation))
        return spans

    def _read_excused(self) -> set[Cell]:
        query = select(col(Excusal.organisation_code), col(Excusal.period)).where(
            col(Excusal.period).between(self._first, self._last)
        )
        return {(code, period) for code, period in self._db.execute(query)}

    def _read_arrivals(self) -> dict[Cell, list[Arrival]]:
        query = select(
            col(Return.id), col(Return.organisation_code), col(Return.period), col(Return.submitted_at),
            col(Return.outcome), col(Return.lifecycle), col(Return.superseded_by),
        ).where(
            col(Return.qualifies),
            col(Return.period).between(self._first, self._last),
            or_(col(Return.lifecycle) == Lifecycle.SUBMITTED, col(Return.superseded_by).is_not(None)),
        )  # fmt: skip
        if self._scope is not None:
            query = query.where(col(Return.organisation_code).in_(self._scope))
        arrivals: dict[Cell, list[Arrival]] = defaultdict(list)
        for id_, code, period, at, outcome, lifecycle, superseded_by in self._db.execute(query):
            withdrawn = lifecycle == Lifecycle.WITHDRAWN
            if at is not None and lifecycle != Lifecycle.CHECKED:
                arrivals[code, period].append(Arrival(id_, at, outcome == Outcome.NIL, withdrawn, superseded_by))
        return arrivals

    def _read_open_rows(self) -> dict[Cell, int]:
        query = (
            select(col(OpenRow.organisation_code), col(OpenRow.period), func.count())
            .where(
                col(OpenRow.closed_at).is_(None),
                col(OpenRow.expires_on) >= self._today,
                col(OpenRow.period).between(self._first, self._last),
            )
            .group_by(col(OpenRow.organisation_code), col(OpenRow.period))
        )
        if self._scope is not None:
            query = query.where(col(OpenRow.organisation_code).in_(self._scope))
        return {(code, period): count for code, period, count in self._db.execute(query)}
