"""Checks of the database as a whole: the file, the feed's numbers, rows still to be mended, what persons owe a trust."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, or_, select, text
from sqlmodel import Session, col

from app.debts import sums
from app.debts.models import Debt, WarningsIndexEvent
from app.debts.rules.totals import Owed, PersonTotals
from app.organisations import service as organisations
from app.policy.in_force import policy_in_force
from app.return_template.choices import OPEN_STATUSES
from app.returns.models import Lifecycle, OpenRow, Return
from app.returns.open_rows import ACKNOWLEDGEMENT
from app.verifying.check import Check, Difference, differing

BY_ORGANISATION = (
    col(Debt.id), col(Debt.name_match), col(Debt.passport_match), col(Debt.amount_outstanding),
    col(Debt.invoice_date), col(Debt.below_threshold), col(Debt.reference),
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """A trust with those that it took over, whose debts of one person are summed."""

    db: Session
    codes: list[str]


def groups(db: Session) -> Iterator[Group]:
    seen = set[str]()
    for code in db.execute(
        select(col(Debt.organisation_code)).distinct().order_by(col(Debt.organisation_code))
    ).scalars():
        if code not in seen:
            together = organisations.counted_together(db, code)
            seen |= together
            yield Group(db, sorted(together))


def marks(group: Group) -> Iterator[Difference]:
    """Each open debt is marked exactly while its person owes this trust less than the threshold."""
    policy = policy_in_force()
    query = select(*BY_ORGANISATION).where(
        col(Debt.organisation_code).in_(group.codes), col(Debt.status).in_([status.value for status in OPEN_STATUSES])
    )
    debts = group.db.execute(query).all()
    totals = PersonTotals(Owed(*debt[:4]) for debt in debts)
    for debt in debts:
        below = totals.total_with(Owed(*debt[:4])) < policy.threshold_on(debt.invoice_date)
        yield from differing(debt.reference, {"below_threshold": below}, debt)


def sound_file(db: Session) -> Iterator[Difference]:
    for (words,) in db.execute(text("PRAGMA integrity_check")):
        if words != "ok":
            yield Difference("The database file", str(words))


def whole_references(db: Session) -> Iterator[Difference]:
    for table, row, parent, _ in db.execute(text("PRAGMA foreign_key_check")):
        yield Difference(f"{table}, row {row}", f"points to something in {parent} that is not there")


def feed(db: Session) -> Iterator[Difference]:
    """Numbered from 1 without a gap; only lines whose debt was purged name nobody."""
    id_ = col(WarningsIndexEvent.id)
    number, first, last = db.execute(
        select(func.count(), func.min(id_), func.max(id_)).select_from(WarningsIndexEvent)
    ).one()
    if number and (first, last) != (1, number):
        yield Difference("The Warnings Index feed", "numbers of its lines", f"1 to {number}", f"{first} to {last}")
    there = select(col(Debt.id)).where(col(Debt.id) == col(WarningsIndexEvent.debt_id)).exists()
    without = select(id_).where(
        or_(col(WarningsIndexEvent.reference) == "", col(WarningsIndexEvent.invoice_number) == "")
    )
    for line in db.execute(without.where(there)).scalars():
        yield Difference(f"Line {line} of the feed", "names nobody although its debt is in the register")
    person = or_(col(WarningsIndexEvent.family_name).is_not(None), col(WarningsIndexEvent.passport_number).is_not(None))
    for line in db.execute(select(id_).where(person, ~there)).scalars():
        yield Difference(f"Line {line} of the feed", "names a person although its debt is not in the register")


def open_rows(db: Session) -> Iterator[Difference]:
    """A row is open for a return that was submitted and is not withdrawn, or because a recipient rejected the debt; a closed
    one says by whom and when.
    """
    what = (
        col(OpenRow.id),
        col(OpenRow.origin),
        col(OpenRow.closed_at),
        col(OpenRow.closed_by),
        col(OpenRow.emptied_at),
        col(Return.lifecycle),
    )
    joined = select(*what).outerjoin(Return, col(Return.id) == col(OpenRow.return_id))
    for row in db.execute(joined, execution_options={"yield_per": 1000}):
        where = f"Open row {row.id}"
        if row.lifecycle is None:
            yield Difference(where, "its return is not there")
        elif row.closed_at is None and row.lifecycle != Lifecycle.SUBMITTED and row.origin != ACKNOWLEDGEMENT:
            yield Difference(where, "it is open although its return does not stand", "submitted", row.lifecycle)
        if (row.closed_at is None) != (row.closed_by is None):
            yield Difference(where, "closed by somebody at no time, or at some time by nobody")
        if row.emptied_at is not None and row.closed_at is None:
            yield Difference(where, "it is open although what it said is no longer kept")


def words(db: Session) -> Iterator[Difference]:
    """Every debt stands in the index of words by which it is found, and nothing else does."""
    for what, query in (
        ("debts that no search finds", "debts WHERE id NOT IN (SELECT debt_id FROM words_of_debts)"),
        ("debts that are not there", "words_of_debts WHERE debt_id NOT IN (SELECT id FROM debts)"),
    ):
        number = db.execute(text(f"SELECT count(*) FROM {query}")).scalar_one()  # noqa: S608 - our own words  # nosec B608
        if number:
            yield Difference("The index of words", what, "0", str(number))


def kept_sums(db: Session) -> Iterator[Difference]:
    """What the register adds up to is kept as it changes: it must be what its debts add up to."""
    if number := sums.differing(db):
        yield Difference("The sums of debts", "sums that are not as their debts", "0", str(number))


SQLITE = (
    Check("The database file is sound", sound_file),
    Check("Everything that is pointed to is there", whole_references),
)
OF_THE_WHOLE = (
    Check("The Warnings Index feed has no gap, and names nobody whose debt was purged", feed),
    Check("Rows to mend belong to returns that stand", open_rows),
    Check("Every debt can be found by its words, and no other", words),
    Check("Debts add up to what is kept of organisations and statuses", kept_sums),
)
OF_GROUPS = (Check("Trusts whose debts are marked as below the threshold exactly where their person owes less", marks),)
