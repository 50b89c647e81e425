"""What the home pages ask: where a trust stands and what it still has to do, and a month in numbers. No persons."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import clock
from app.core.errors import NotFound
from app.core.months import months_later
from app.debts import sums
from app.debts.indexes import IS_OPEN
from app.debts.models import Debt
from app.organisations import service as organisations
from app.periods import service as periods
from app.periods.calendar import Period
from app.policy.in_force import policy_in_force
from app.return_template.choices import OPEN_STATUSES
from app.returns.models import Lifecycle, OpenRow, Return, RuleCount
from app.returns.queries import codes_for
from app.returns.rules.engine import RULES
from app.submissions.rules.due import in_words
from app.submissions.rules.state import ON_TIME, RECEIVED, State
from app.submissions.service import Concern, this_months_return
from app.submissions.standings import Lpm, Submission, standings


@dataclass(frozen=True)
class OpenDebts:
    """How many, what they come to in pence, and of how many the trust has long said nothing."""

    number: int
    outstanding: int
    unconfirmed: int


@dataclass(frozen=True)
class TrustHome:
    """One trust today. Open rows and debts are those of its predecessors too; `late` are months owed and not received.

    `due` says in words when this month's return is due.
    """

    code: str
    name: str
    this_month: Submission
    due: str
    late: Sequence[Submission]
    open_rows: int
    debts: OpenDebts
    lpms: tuple[Lpm, ...]


@dataclass(frozen=True)
class RuleUse:
    """How many rows a rule marked, in how many returns, and the first and last month in which it did."""

    code: str
    summary: str
    rows: int
    returns: int
    since: Period
    last: Period


@dataclass(frozen=True)
class MonthInNumbers:
    """`nil` are among the received; what is `not_due` counts as owed once it is due, or has arrived. `concerns` counts
    organisations whose newest file did not count.
    """

    period: Period
    owed: int
    received: int
    on_time: int
    nil: int
    missing: int
    not_due: int
    concerns: int


def standing(db: Session, actor: Actor, code: str, today: date) -> TrustHome:
    """Raises NotFound for an organisation that is not this person's to see."""
    if not actor.sees(Permission.SUBMISSION_READ, code):
        raise NotFound
    family = organisations.family(db, code, today)
    cells = standings(db, frozenset(family), sorted({*periods.open_periods(today), Period.containing(today)}))
    period = this_months_return(db, code, today)
    this_month = next((cell for cell in cells if (cell.organisation, cell.period) == (code, period)), None)
    this_month = this_month or _closed(db, code, period)
    return TrustHome(
        code=code,
        name=this_month.name,
        this_month=this_month,
        due=in_words(this_month.due_on, today),
        late=sorted((cell for cell in cells if cell.state is State.MISSING), key=lambda cell: cell.period),
        open_rows=_open_rows(db, family, today),
        debts=_debts(db, family, today),
        lpms=this_month.lpms,
    )


def _closed(db: Session, code: str, period: Period) -> Submission:
    """Of an organisation that was closed all month no list speaks, but whoever answers for it still has a home."""
    one = organisations.organisation(db, code)
    if one is None:
        raise NotFound
    due_on = periods.due_on(db, period)
    return Submission(code, one.name, one.nation, one.region, (), period, State.NOT_OWED, due_on, None, None, 0)


def rule_counts(db: Session, scope: frozenset[str] | None, periods_: Sequence[Period]) -> list[RuleUse]:
    """How often each rule marked rows of the submitted returns of these months, most rows first."""
    rows, month = func.sum(col(RuleCount.rows)), col(Return.period)
    query = (
        select(col(RuleCount.code), rows, func.count(), func.min(month), func.max(month))
        .join(Return, col(Return.id) == col(RuleCount.return_id))
        .where(col(Return.period).in_([str(one) for one in periods_]), col(Return.lifecycle) == Lifecycle.SUBMITTED)
        .group_by(col(RuleCount.code))
        .order_by(rows.desc(), col(RuleCount.code))
    )
    if scope is not None:
        query = query.where(col(Return.organisation_code).in_(scope))
    return [
        RuleUse(code, RULES[code].summary, int(number), returns, Period.parse(since), Period.parse(last))
        for code, number, returns, since, last in db.execute(query)
    ]


def month_in_numbers(period: Period, cells: Sequence[Submission], concerned: Sequence[Concern]) -> MonthInNumbers:
    """Of the organisations' standings for the month, and of those whose newest file did not count."""
    found = Counter(cell.state for cell in cells)
    received = sum(found[state] for state in RECEIVED)
    return MonthInNumbers(
        period=period,
        owed=received + found[State.MISSING],
        not_due=found[State.NOT_DUE],
        received=received,
        on_time=sum(found[state] for state in ON_TIME),
        nil=found[State.NIL] + found[State.NIL_LATE],
        missing=found[State.MISSING],
        concerns=len(concerned),
    )


def newest_returns(db: Session, actor: Actor, organisation: str | None, number: int) -> list[Return]:
    """The returns that were submitted last, of one organisation with its predecessors or of all that may be seen."""
    query = select(Return).where(col(Return.submitted_at).is_not(None), col(Return.lifecycle) != Lifecycle.CHECKED)
    if (codes := codes_for(db, actor, organisation, Permission.RETURN_READ)) is not None:
        query = query.where(col(Return.organisation_code).in_(codes))
    return list(db.execute(query.order_by(col(Return.submitted_at).desc(), col(Return.id)).limit(number)).scalars())


def register_in_numbers(db: Session, actor: Actor) -> OpenDebts:
    """The open debts of every organisation that this person may see."""
    codes, today = actor.scope(Permission.DEBT_READ), clock.today()
    if codes is not None:
        return _debts(db, codes, today)
    kept = [each for status, each in sums.of_register(db).items() if status in OPEN_STATUSES]
    silent = (
        select(func.count()).select_from(Debt).where(text(IS_OPEN), col(Debt.confirmed_on) < _still_confirmed(today))
    )
    return OpenDebts(
        sum(each.count for each in kept), sum(each.outstanding for each in kept), db.execute(silent).scalar_one()
    )


def _open_rows(db: Session, family: Sequence[str], today: date) -> int:
    is_open = col(OpenRow.closed_at).is_(None) & (col(OpenRow.expires_on) >= today)
    query = select(func.count()).select_from(OpenRow).where(col(OpenRow.organisation_code).in_(family), is_open)
    return int(db.execute(query).scalar_one())


def _debts(db: Session, codes: Collection[str] | None, today: date) -> OpenDebts:
    """Of these organisations; None means all."""
    silent = func.count().filter(col(Debt.confirmed_on) < _still_confirmed(today))
    query = select(func.count(), func.coalesce(func.sum(col(Debt.amount_outstanding)), 0), silent)
    query = query.where(col(Debt.status).in_(OPEN_STATUSES))
    if codes is not None:
        query = query.where(col(Debt.organisation_code).in_(codes))
    number, outstanding, unconfirmed = db.execute(query).one()
    return OpenDebts(number, int(outstanding), unconfirmed)


def _still_confirmed(today: date) -> date:
    """The earliest day whose word still counts as a confirmation: months are not equally long, so it is looked for."""
    months = policy_in_force().numbers.unconfirmed_after_months
    day = months_later(today, -months)
    while months_later(day, months) < today:
        day += timedelta(days=1)
    return day
