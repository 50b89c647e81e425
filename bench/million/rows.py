"""The rows of the large register, in the order in which they were reported, as texts and numbers that both databases take."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from pydantic_core import PydanticUndefined
from sqlmodel import SQLModel

from app.core.ids import reference
from app.debts.held import STATUS_KEYS
from app.debts.models import Debt, DebtEvent, Debtor, Hold
from app.debts.posting import HELD
from app.debts.rules.holding import HoldKind
from app.debts.rules.keys import day_of, keys_of
from app.debts.rules.likeness import traits
from app.returns.models import Return
from app.returns.rules.together import fold_invoice
from bench.million.people import People, Person

SEED = 20_261_122
_BEGAN, _DAYS = datetime(2021, 11, 1, 9, tzinfo=UTC), 1_840
_STATUSES, _SHARES = ("outstanding", "arrangement", "defaulted", "repaid", "withdrawn"), (60, 8, 7, 20, 5)
Row = dict[str, Any]


def _usual(model: type[SQLModel]) -> Row:
    """What the columns hold unless something else is said; a number that the database gives is left to it."""
    fields = {name: field.default for name, field in model.model_fields.items() if field.default_factory is None}
    usual = {name: None if value is PydanticUndefined else value for name, value in fields.items()}
    usual = {name: int(value) if isinstance(value, bool) else value for name, value in usual.items()}
    return {name: value for name, value in usual.items() if name != "id"}


_DEBT, _DEBTOR, _EVENT, _HOLD, _RETURN = (_usual(model) for model in (Debt, Debtor, DebtEvent, Hold, Return))


@dataclass
class Batch:
    """Rows of six tables that follow one another."""

    returns: list[Row] = field(default_factory=list)
    debtors: list[Row] = field(default_factory=list)
    debts: list[Row] = field(default_factory=list)
    debt_events: list[Row] = field(default_factory=list)
    holds: list[Row] = field(default_factory=list)
    likeness_keys: list[Row] = field(default_factory=list)


class Maker:
    """Makes the same register from the same numbers. Organisations differ in size as trusts do."""

    def __init__(self, organisations: Sequence[str], debts: int) -> None:
        self._chance = Random(SEED)
        self._people = People(self._chance)
        self._organisations = organisations
        self._weights = list(accumulate(1 / (rank + 20) for rank in range(len(organisations))))
        self._number = debts
        self._known: list[tuple[str, Person]] = []
        self._returns: dict[tuple[str, str], str] = {}
        self._serials = dict.fromkeys(organisations, 0)

    def batches(self, size: int = 20_000) -> Iterator[Batch]:
        for start in range(0, self._number, size):
            batch = Batch()
            for place in range(start, min(start + size, self._number)):
                self._add(batch, _BEGAN + timedelta(days=_DAYS * place / self._number))
            yield batch

    def _add(self, batch: Batch, at: datetime) -> None:
        chance = self._chance
        debtor_id, person = self._person(batch, at)
        organisation = chance.choices(self._organisations, cum_weights=self._weights)[0]
        self._serials[organisation] += 1
        debt = _DEBT | self._debt(batch, organisation, person, at) | {"debtor_id": debtor_id}
        batch.debts.append(debt)
        batch.debt_events.append(_event(debt, at, "reported", {"status": "outstanding", "status_date": None}))
        if debt["status"] != "outstanding":
            moved = {key: debt[key] for key in STATUS_KEYS} | {"status_from": "outstanding"}
            batch.debt_events.append(_event(debt, at + timedelta(days=40), "changed", moved))
        if debt["held"]:
            self._hold(batch, debt, at + timedelta(days=50))

    def _hold(self, batch: Batch, debt: Row, at: datetime) -> None:
        batch.holds.append(_HOLD | {
            "id": self._id(at), "debt_id": debt["id"], "kind": HoldKind.HAND.value, "reason": "a question",
            "placed_at": _instant(at), "placed_by": "command line",
        })  # fmt: skip
        unsaid = dict.fromkeys(("status", "status_date", "amount_outstanding", "return_id", "return_row"))
        batch.debt_events.append(_event(debt, at, HELD, unsaid | {"reason": HoldKind.HAND.value}))

    def _person(self, batch: Batch, at: datetime) -> tuple[str, Person]:
        if self._known and self._chance.randrange(10) >= 7:
            return self._chance.choice(self._known)
        known = self._id(at), self._people()
        self._known.append(known)
        batch.debtors.append(_DEBTOR | {"id": known[0], "created_at": _instant(at), "root_id": known[0]})
        batch.likeness_keys += [
            {"key": key, "debtor_id": known[0], "born": day_of(known[1].date_of_birth)}
            for key in keys_of(traits(known[1])).all
        ]
        return known

    def _debt(self, batch: Batch, organisation: str, person: Person, at: datetime) -> Row:
        chance, id_, day = self._chance, self._id(at), at.date()
        pence = int(50_000 * (1 + chance.paretovariate(1.4)))
        status = chance.choices(_STATUSES, _SHARES)[0] if chance.random() < 0.9 else "outstanding"
        moved = day + timedelta(days=40)
        return_id = self._return(batch, organisation, at)
        number = f"{organisation}{self._serials[organisation]:07d}"
        return {
            "id": id_, "reference": reference(id_, "ND"), "organisation_code": organisation,
            "invoice_number": number, "invoice_fold": fold_invoice(number),
            "invoice_date": _day(day - timedelta(days=70 + chance.randrange(40))),
            "invoice_amount": pence, "amount_outstanding": 0 if status == "repaid" else pence,
            "status": status, "status_date": None if status == "outstanding" else _day(moved),
            "family_name": person.family_name, "given_names": person.given_names, "other_names": None,
            "date_of_birth": _day(person.date_of_birth), "sex": person.sex, "nationality": person.nationality,
            "passport_number": person.passport_number, "home_office_reference": None, "ni_number": None,
            "uk_address": f"{chance.randrange(1, 240)} Specimen Lane, Exampleton", "uk_postcode": "ZZ1 1AA",
            "overseas_address": None, "site": "Demo General", "patient_informed": "yes",
            "your_reference": f"invented person {self._serials[organisation]}",
            "name_match": person.name_match, "passport_match": person.passport_match,
            "below_threshold": int(chance.random() < 0.02), "held": int(chance.random() < 0.01),
            "withdrawal_reason": "raised_in_error" if status == "withdrawn" else None, "report_undone": 0,
            "as_at": _day(day), "particulars_on": _day(day),
            "confirmed_on": _day(date(2026, 10, 31) if chance.random() < 0.8 else day),
            "status_from": None, "status_period": str(day)[:7], "first_reported_on": _day(day),
            "first_return_id": return_id, "return_id": return_id, "return_row": self._serials[organisation] % 500 + 2,
            "changed_at": _instant(at if status == "outstanding" else at + timedelta(days=40)),
        }  # fmt: skip

    def _return(self, batch: Batch, organisation: str, at: datetime) -> str:
        month = str(at.date())[:7]
        if (organisation, month) not in self._returns:
            self._returns[organisation, month] = self._id(at)
            batch.returns.append(_returned(self._returns[organisation, month], organisation, month, at))
        return self._returns[organisation, month]

    def _id(self, at: datetime) -> str:
        """As a UUIDv7 has it: the time first, the rest by chance."""
        return f"{int(at.timestamp() * 1000):012x}7{self._chance.getrandbits(76):019x}"


def _returned(id_: str, organisation: str, month: str, at: datetime) -> Row:
    numbers = dict.fromkeys(
        ("size", "last_event_id", "read", "blank", "accepted", "new", "changed", "unchanged", "rejected", "warnings",
         "confirmed", "not_confirmed"), 0,
    )  # fmt: skip
    return _RETURN | numbers | {
        "id": id_, "reference": f"DR-{month}-{organisation}-01", "organisation_code": organisation, "period": month,
        "lifecycle": "submitted", "outcome": "accepted", "qualifies": 1, "submitted_at": _instant(at),
        "ruleset": "bench", "reporting_day": _day(at.date()),
    }  # fmt: skip


def _event(debt: Row, at: datetime, kind: str, status: Row) -> Row:
    return _EVENT | {
        "debt_id": debt["id"], "at": _instant(at), "actor": "command line", "kind": kind, "status_from": None,
        "amount_outstanding": debt["invoice_amount"], "as_at": _day(at.date()), "reason": None, "particulars": None,
        "return_id": debt["return_id"], "return_row": debt["return_row"],
    } | status  # fmt: skip


def _day(day: date) -> str:
    return day.isoformat()


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond:06d}"
