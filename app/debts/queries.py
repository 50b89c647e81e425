"""Reads the register for those who may: lists with filters, one debt, its history."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, SQLColumnExpression, func, select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core.errors import NotFound
from app.core.paging import Numbered, Page, cut, from_cursor, offset_of
from app.debts import cumulative, finding, sums
from app.debts.filters import DebtFilter, codes_of, filtered
from app.debts.models import Debt, DebtEvent
from app.debts.sums import Sum
from app.organisations.models import Organisation
from app.periods.calendar import months_later
from app.policy.tables import Policy
from app.return_template.choices import OPEN_STATUSES, Status

MOST_FOUND = 1_000
# Of so many debts a list may choose while all that fit are added up; beyond it they are counted up to MOST_COUNTED.
MOST_ADDED_UP, MOST_COUNTED = 100_000, 3_000
_FEW = 20_000


def list_debts(db: Session, actor: Actor, wanted: DebtFilter, limit: int, cursor: str | None) -> Page[Debt]:
    """Debts that this person may see, oldest first."""
    last, found = from_cursor(cursor, "debts"), None
    if wanted.is_of_words_alone:
        codes = codes_of(db, actor, Permission.DEBT_READ, wanted)
        found = finding.after(db, wanted.q, codes, last, limit + 1)
    query = filtered(db, actor, Permission.DEBT_READ, wanted, found)
    order: SQLColumnExpression[str] = col(Debt.id)
    if wanted.changed_since is not None and _few_changed(db, wanted.changed_since):
        order = order.concat("")  # else both databases would look for them through the whole register
    query = query.where(order > last).order_by(order).limit(limit + 1)
    return cut(db.execute(query).scalars().all(), limit, lambda debt: debt.id, "debts")


def _few_changed(db: Session, since: datetime) -> bool:
    some = select(col(Debt.changed_at)).where(col(Debt.changed_at) >= since).limit(_FEW + 1).subquery()
    return bool(db.execute(select(func.count()).select_from(some)).scalar_one() <= _FEW)


class Sort(StrEnum):
    """The orders in which a page may show debts."""

    NEWEST = "newest"
    OLDEST_INVOICE = "oldest-invoice"
    AMOUNT = "amount"
    FAMILY_NAME = "family-name"
    INVOICE_NUMBER = "invoice-number"
    LAST_CHANGED = "last-changed"


_ORDERS = {
    Sort.NEWEST: col(Debt.id).desc(),
    Sort.OLDEST_INVOICE: col(Debt.invoice_date),
    Sort.AMOUNT: col(Debt.amount_outstanding).desc(),
    Sort.FAMILY_NAME: func.lower(col(Debt.family_name) + " " + col(Debt.given_names)),
    Sort.INVOICE_NUMBER: col(Debt.invoice_number),
    Sort.LAST_CHANGED: col(Debt.changed_at).desc(),
}


@dataclass(frozen=True)
class Totals:
    """What a list adds up to. `outstanding` leaves out what is no longer owed: the amounts of withdrawn debts."""

    count: int
    outstanding: int
    by_status: dict[str, Sum]


@dataclass(frozen=True)
class Listing:
    """One page of a list and what the whole list adds up to: None where more than MOST_FOUND debts match a search, of
    which it then lists the newest, or more than MOST_COUNTED in a large register, of which it lists the first.
    """

    page: Numbered[Debt]
    totals: Totals | None


def listing(db: Session, actor: Actor, wanted: DebtFilter, sort: Sort, number: int, size: int = 50) -> Listing:
    """One numbered page; beyond the last it is empty. Raises Refused (422) for a page that cannot be one, NotFound (404)."""
    skipped, found = offset_of(number, size), None
    if wanted.is_of_words_alone:
        codes = codes_of(db, actor, Permission.DEBT_READ, wanted)
        found = finding.newest(db, wanted.q, codes, MOST_FOUND + 1)
    if found is not None and len(found) > MOST_FOUND:
        added, total = None, MOST_FOUND
        found = found[:MOST_FOUND]
    else:
        added = _added_up(db, actor, wanted, found)
        total = MOST_COUNTED if added is None else added.count
    if found is not None and sort is Sort.NEWEST:
        found, skipped = found[skipped : skipped + size], 0  # they come in this order: only those shown are read
    owing = cumulative.person_owes if sort is Sort.NEWEST else wanted.owing_everywhere
    query = filtered(db, actor, Permission.DEBT_READ, wanted, found, owing)
    size_ = max(0, min(size, total - skipped)) if added is None and found is None else size
    ordered = query.order_by(_ORDERS[sort], col(Debt.id)).offset(skipped).limit(size_)
    return Listing(Numbered(db.execute(ordered).scalars().all(), number, size, total), added)


def _added_up(db: Session, actor: Actor, wanted: DebtFilter, found: Collection[str] | None) -> Totals | None:
    """None where a large register would have to be gone through to tell."""
    if found is not None or wanted.q.strip() or actor.scope(Permission.DEBT_READ) is not None:
        return totals(db, actor, wanted, found)
    kept = sums.of_register(db, codes_of(db, actor, Permission.DEBT_READ, wanted), wanted.region, wanted.held)
    kept = {status: sum_ for status, sum_ in kept.items() if wanted.takes_status(status)}
    if wanted.is_of_kept_sums:
        return _totals(kept)
    if sum(each.count for each in kept.values()) <= MOST_ADDED_UP:
        return totals(db, actor, wanted)
    owing = wanted.owing_everywhere
    some = filtered(db, actor, Permission.DEBT_READ, wanted, owing=owing).limit(MOST_COUNTED + 1)
    added = _grouped(db, some)
    return added if added.count <= MOST_COUNTED else None


def totals(db: Session, actor: Actor, wanted: DebtFilter, found: Collection[str] | None = None) -> Totals:
    """Of all debts that fit, or of those that were `found` by their words."""
    return _grouped(db, filtered(db, actor, Permission.DEBT_READ, wanted, found, wanted.owing_everywhere))


def _grouped(db: Session, of: Select[Debt]) -> Totals:
    debts = of.with_only_columns(col(Debt.status), col(Debt.amount_outstanding)).subquery()
    query = select(debts.c.status, func.count(), func.sum(debts.c.amount_outstanding)).group_by(debts.c.status)
    return _totals({status: Sum(count, int(pence)) for status, count, pence in db.execute(query)})


def _totals(sums_: Mapping[str, Sum]) -> Totals:
    by_status = {status.value: sums_[status.value] for status in Status if status.value in sums_}
    owed = sum(each.outstanding for status, each in by_status.items() if status in OPEN_STATUSES)
    return Totals(sum(each.count for each in by_status.values()), owed, by_status)


def stream(db: Session, actor: Actor, wanted: DebtFilter) -> Iterator[tuple[Debt, Organisation]]:
    """Every debt of the consolidated output with its organisation, in constant memory."""
    query = filtered(db, actor, Permission.REGISTER_EXPORT, wanted)
    joined = query.join(Organisation, col(Organisation.code) == col(Debt.organisation_code))
    paired = joined.add_columns(Organisation).order_by(col(Debt.organisation_code), col(Debt.id))
    for debt, organisation in db.execute(paired, execution_options={"yield_per": 1000}):
        yield debt, organisation
        db.expunge(debt)


def get_debt(db: Session, actor: Actor, debt_id: str, permission: Permission = Permission.DEBT_READ) -> Debt:
    """Raises NotFound (404) for a debt that is not there or not this person's to see."""
    found = db.get(Debt, debt_id)
    if found is None or not actor.sees(permission, found.organisation_code):
        raise NotFound
    return found


def live_under_number(db: Session, debt: Debt) -> Debt | None:
    """Another debt of the organisation with the same invoice number that is not withdrawn; there is one at most."""
    query = select(Debt).where(
        col(Debt.organisation_code) == debt.organisation_code, col(Debt.invoice_number) == debt.invoice_number,
        col(Debt.status) != Status.WITHDRAWN.value, col(Debt.id) != debt.id,
    )  # fmt: skip
    return db.execute(query).scalar_one_or_none()


def history(db: Session, debt: Debt) -> Sequence[DebtEvent]:
    """Every change of the debt, oldest first."""
    query = select(DebtEvent).where(col(DebtEvent.debt_id) == debt.id).order_by(col(DebtEvent.id))
    return db.execute(query).scalars().all()


def is_unconfirmed(debt: Debt, policy: Policy, today: date) -> bool:
    """An open debt of which its trust has not spoken for as many months as the policy says."""
    return (
        debt.status in OPEN_STATUSES
        and months_later(debt.confirmed_on, policy.numbers.unconfirmed_after_months) < today
    )


def confirmed_since(policy: Policy, today: date) -> date:
    """The earliest last word of a trust with which an open debt is not unconfirmed: the same question for whole lists."""
    months = policy.numbers.unconfirmed_after_months
    day = months_later(today, -months)
    return day if months_later(day, months) >= today else day + timedelta(days=1)
