"""Rules that compare a row with what the register holds of its invoice: what is newly stated, what is older, what moves.

docs/promises.md, As-at. A cell equal to what is held, or to what the template was prefilled with, states nothing new.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Any

from app.debts.held import PARTICULARS_KEYS, STATUS_KEYS, Held
from app.debts.rules.matching import same_invoice_same_person
from app.debts.rules.status import NEW, may_become, may_correct, not_allowed
from app.return_template.choices import Sex, Status, YesNo
from app.return_template.columns import BY_KEY, KEYS
from app.returns.rules.context import Context
from app.returns.rules.engine import Scope, rule
from app.returns.rules.row import Row
from app.returns.rules.rows import uk_format

CHANGED, UPDATED, CORRECTED = "changed", "updated", "corrected"
IDENTITY = frozenset({"family_name", "given_names", "date_of_birth", "passport_number"})
_COMPARED = tuple(key for key in KEYS if key != "invoice_number")
_VALUES = attrgetter(*_COMPARED)
_WORDS: dict[str, Any] = {"status": Status, "sex": Sex, "patient_informed": YesNo}


@dataclass(slots=True)
class Statement:
    """What a row newly says of a debt that is held: the keys to apply, the day it speaks as at, the kind of move.

    `was` is the status from which a new status is judged: for a correction the one before the mistake. `or_of` are the
    debts of which it may be said as well, where one number stands at two organisations (R24).
    """

    held: Held
    keys: set[str] = field(default_factory=set)
    as_at: date | None = None
    move: str | None = None
    was: Status | None = None
    or_of: Sequence[Held] = ()

    @property
    def doubted(self) -> list[Held]:
        """The debts that are in doubt when the row fails a rule that holds them: each of which it may be said."""
        return [debt for debt in (self.held, *self.or_of) if not debt.is_withdrawn]


def newly_stated(row: Row, held: Held, prefilled: Mapping[str, Any] | None) -> set[str]:
    """The keys whose cell says something that is neither held nor what the template was prefilled with."""
    return {
        key
        for key, value, is_held in zip(_COMPARED, _VALUES(row), _VALUES(held), strict=True)
        if value is not None and value != is_held and (prefilled is None or value != prefilled.get(key))
    }


class Completed:
    """The person as a row leaves them: what it newly says of them, else what is held."""

    def __init__(self, row: Row, held: Held, prefilled: Mapping[str, Any] | None) -> None:
        stated = newly_stated(row, held, prefilled)
        self.family_name = row.family_name if "family_name" in stated else held.family_name
        self.given_names = row.given_names if "given_names" in stated else held.given_names
        self.date_of_birth = row.date_of_birth if "date_of_birth" in stated else held.date_of_birth
        self.nationality = row.nationality if "nationality" in stated else held.nationality
        self.passport_number = row.passport_number if "passport_number" in stated else held.passport_number


def says_what_is_held(row: Row, held: Held) -> bool:
    """Whether every cell, blank ones too, is as it is held: so it is with nearly every row of a list that is sent anew."""
    return bool(_VALUES(row) == _VALUES(held))


def compare(row: Row, held: Held, prefilled: Mapping[str, Any] | None, context: Context) -> Statement:
    """Sets aside what is older (W09), completes the row with what is held, and finds the move that is asked for."""
    statement = Statement(held, newly_stated(row, held, prefilled))
    _weigh_status(row, statement, context)
    if held.is_withdrawn and "W09" in row.codes():
        statement.keys.clear()
    _weigh_particulars(row, statement, context)
    if "status" in statement.keys and row.status_date is None:
        statement.keys.add("status_date")  # the day that is held is another status's
    for key in _COMPARED:
        if key not in statement.keys and key not in row.faulty:
            value = getattr(held, key)
            setattr(row, key, _WORDS[key](value) if key in _WORDS and value is not None else value)
    return statement


def of_either(row: Row, debts: Sequence[Held]) -> Statement:
    """A number that stands at two organisations (R24): only what is news to both can be judged."""
    first, *others = debts
    return Statement(first, set.intersection(*(newly_stated(row, debt, None) for debt in debts)), or_of=others)


def _weigh_status(row: Row, statement: Statement, context: Context) -> None:
    held, stated = statement.held, statement.keys & set(STATUS_KEYS)
    if not stated or row.faulty & {"status", "status_date"}:
        return
    was = Status(held.status)
    wanted = row.status if "status" in stated and row.status else was
    says_status = bool(stated & {"status", "status_date"})
    statement.as_at = (row.status_date if says_status else None) or context.reporting_day
    older = statement.as_at < held.as_at and not (held.status_is_second_hand and says_status)
    same_period = held.status_period == context.period
    before = Status(held.status_from) if held.status_from else None
    if not older and may_become(was, wanted) and (says_status or was is not Status.WITHDRAWN or row.status is was):
        statement.move = CHANGED if wanted is not was else UPDATED
        statement.was = was if wanted is not was else None
    elif same_period and (wanted is was or may_correct(before, wanted)):
        statement.move, statement.was = CORRECTED, before
    elif same_period and may_become(was, wanted):
        statement.move, statement.was = CHANGED, was  # a payment before the reporting day of the first report
    elif same_period and before is not None and says_status:
        move_allowed(row, before, wanted)
    elif older:
        newer_change_kept(row, "status", held.as_at)
        statement.keys -= set(STATUS_KEYS)
    else:
        move_allowed(row, was, wanted if wanted is not was else Status.OUTSTANDING)


def _weigh_particulars(row: Row, statement: Statement, context: Context) -> None:
    held, stated = statement.held, statement.keys & set(PARTICULARS_KEYS)
    if not stated:
        return
    if context.reporting_day < held.particulars_on:
        if judged := [key for key in stated if BY_KEY[key].judged]:
            newer_change_kept(row, min(judged, key=KEYS.index), held.particulars_on)
        statement.keys -= stated
    elif stated & IDENTITY:
        same_person(row, held, context)


@rule("W09", Scope.REGISTER, *STATUS_KEYS, *PARTICULARS_KEYS, source="our decision: every row speaks of a day")
def newer_change_kept(row: Row, key: str, day: date) -> None:
    """A newer change is kept, because this row speaks of an earlier day."""
    row.find("W09", key, f"a newer change of {uk_format(day)} is kept, because this row speaks of an earlier day. "
                         "Nothing is to be done if the newer change is right.")  # fmt: skip


@rule("R14", Scope.REGISTER, "status", source="ICIBI figure 5")
def move_allowed(row: Row, was: Status, wanted: Status) -> None:
    """That change of status is not allowed."""
    words = not_allowed(was, wanted)
    row.find("R14", "status", words[:1].lower() + words[1:], "", "this change of status is not allowed.")


@rule(
    "R16",
    Scope.REGISTER,
    "family_name",
    "given_names",
    "date_of_birth",
    "passport_number",
    source="our decision: one invoice, one person",
    holds=True,
)
def same_person(row: Row, held: Held, context: Context) -> None:
    """This invoice was reported before for a different person.

    What the row leaves blank agrees with nothing: the person is known by the row's own cells.
    """
    if row.faulty & IDENTITY or same_invoice_same_person(held, row, context.policy.numbers.names_alike_percent):
        return
    row.find("R16", "family_name", "this invoice was reported before for a different person. Check the invoice number; "
                                   "if the earlier report named the wrong person, say so on the open row.")  # fmt: skip


@rule("R15", Scope.REGISTER, "status", source="our decision: what is reported first is owed")
def first_report_is_open(row: Row) -> None:
    """First report of a debt that is already repaid or withdrawn."""
    if row.status is not None and row.status not in NEW:
        row.find("R15", "status", "this invoice was never reported here, so it cannot be {value}. Remove the row, or "
                                  "say on the open row that it was reported before the service began.",
                 row.status.label, "this invoice was never reported here, so it cannot end. Remove the row, or say on "
                                   "the open row that it was reported before the service began.")  # fmt: skip


@rule("R24", Scope.REGISTER, "invoice_number", source="our decision: mergers of organisations")
def at_one_organisation(row: Row, organisations: tuple[str, ...]) -> None:
    """This invoice number stands at two of your organisations."""
    names = " and ".join(organisations)
    row.find("R24", "invoice_number", f"this number stands at {names}. Change the debt on its own page, or withdraw "
                                      "the one that is wrong.")  # fmt: skip


@rule("W05", Scope.REGISTER, "amount_outstanding", source="our decision: a debt falls as it is paid")
def amount_not_up(row: Row, held: Held) -> None:
    """Amount outstanding went up."""
    if row.amount_outstanding is not None and row.amount_outstanding > held.amount_outstanding:
        row.find("W05", "amount_outstanding", "this is more than the {value} reported before. Check the amount.",
                 f"£{held.amount_outstanding / 100:,.2f}", "this is more than was reported before. "
                                                           "Check the amount.")  # fmt: skip


@rule("W10", Scope.REGISTER, "status", source="ICIBI figure 5")
def default_after_arrangement(row: Row, was: Status | None) -> None:
    """Default reported without an arrangement before."""
    if row.status is Status.DEFAULTED and was in (None, Status.OUTSTANDING):
        row.find("W10", "status", "a default is reported, but no arrangement was reported before. Check the status.")
