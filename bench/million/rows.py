"""The rows of the large register, in the order in which they were reported, as texts and numbers that both databases take."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from app.audit.models import AuditAction
from app.core.ids import reference
from app.debts.posting import CHANGED, HELD, REPORTED, UPDATED
from app.debts.rules.holding import HoldKind
from app.debts.rules.keys import day_of, keys_of
from app.debts.rules.likeness import traits
from app.debts.rules.words import words_of
from app.returns.rules.together import fold_invoice
from bench.million.feed import ADD, REMOVE, Feed
from bench.million.months import Sending, sendings
from bench.million.people import People, Person
from bench.million.sent_back import sent_back
from bench.million.shapes import Batch, Row, day, instant

SEED = 20_261_122
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)  # nothing is said of a later time
_STATUSES, _SHARES = ("outstanding", "arrangement", "defaulted", "repaid", "withdrawn"), (60, 8, 7, 20, 5)
_FLAGGED_AFTER, _MOVED_AFTER, _HELD_AFTER = timedelta(days=30), timedelta(days=40), timedelta(days=50)
_ALONE, _HELD, _FLAGGED, _KNOWN = 0.02, 0.01, 0.9, 0.3  # shares of the debts
_SHOWN = frozenset({"outstanding", "defaulted"})
_BY = "command line"


@dataclass(frozen=True)
class _Told:
    """What all debts of one return have in common, as texts."""

    sending: Sending
    return_id: str
    period: str
    at: str
    day: str
    moved_at: str
    moved_day: str
    held_at: str
    held_day: str
    may_move: bool
    may_be_held: bool

    @classmethod
    def of(cls, sending: Sending, return_id: str) -> "_Told":
        moved, held = sending.at + _MOVED_AFTER, sending.at + _HELD_AFTER
        return cls(
            sending, return_id, str(sending.period), instant(sending.at), day(sending.at.date()), instant(moved),
            day(moved.date()), instant(held), day(held.date()), moved < NOW, held < NOW,
        )  # fmt: skip


class Maker:
    """Makes the same register from the same numbers."""

    def __init__(self, organisations: Sequence[str], debts: int, months: int) -> None:
        self._chance = Random(SEED)
        self._people = People(self._chance)
        self._sendings = sendings(Random(SEED), organisations, months, debts)
        self._known: list[tuple[str, Person]] = []
        self._serials = dict.fromkeys(organisations, 0)
        self._feed = Feed(NOW - timedelta(days=30))
        self._made = 0

    def batches(self, size: int = 20_000) -> Iterator[Batch]:
        batch = Batch()
        for sending in self._sendings:
            self._return(batch, sending)
            if len(batch.rows["debts"]) + len(batch.rows["returns"]) >= size:
                yield batch
                batch = Batch()
        batch.rows["warnings_index_events"] += self._feed.due(NOW)
        yield batch

    def _return(self, batch: Batch, sending: Sending) -> None:
        batch.rows["warnings_index_events"] += self._feed.due(sending.at)
        told = _Told.of(sending, self._id(sending.at))
        outcome = "accepted_with_rejections" if sending.sent_back else "accepted" if sending.debts else "nil"
        code, id_ = sending.organisation, told.return_id
        batch.rows["returns"].append((
            id_, f"DR-{told.period}-{code}-01", code, told.period, "submitted", outcome, 1, told.at, "bench", told.day,
            sending.debts + sending.sent_back, sending.debts, sending.debts, sending.sent_back,
        ))  # fmt: skip
        kind = AuditAction.RETURN_SUBMITTED if sending.debts else AuditAction.RETURN_NIL
        batch.rows["audit_events"].append((told.at, _BY, kind.value, code, "return", id_, "{}"))
        sent_back(self._chance, batch, sending, id_, self._id)
        for place in range(sending.debts):
            self._debt(batch, told, place)

    def _debt(self, batch: Batch, told: _Told, place: int) -> None:
        chance, code, at = self._chance, told.sending.organisation, told.sending.at
        self._made += 1
        id_ = self._id(at)
        is_alone = chance.random() < _ALONE and told.may_move
        debtor_id, person = self._person(batch, at, told.at, is_alone=is_alone)
        invoiced = int(50_000 * (1 + chance.paretovariate(1.4)))
        status, moved, outstanding = "outstanding", False, invoiced
        if is_alone:
            outstanding = 30_000 + chance.randrange(20_000)
        elif told.may_move and chance.random() < 0.9:
            status = chance.choices(_STATUSES, _SHARES)[0]
            moved = status != "outstanding"
            outstanding = 0 if status == "repaid" else invoiced
        held = told.may_be_held and chance.random() < _HELD
        is_shown = status in _SHOWN and not held
        flagged = told.may_move and chance.random() < _FLAGGED
        self._serials[code] += 1
        number, code_of_debt = f"{code}{self._serials[code]:07d}", reference(id_, "ND")
        carried = (code_of_debt, code, number, person.family_name, person.given_names, day(person.date_of_birth),
                   person.nationality, person.passport_number)  # fmt: skip
        newest = told.moved_day if moved or is_alone else told.day
        reason = "raised_in_error" if status == "withdrawn" else None
        batch.rows["debts"].append((
            id_, code_of_debt, code, debtor_id, number, fold_invoice(number),
            day(at.date() - timedelta(days=70 + chance.randrange(40))), invoiced, outstanding, status,
            told.moved_day if moved else None, person.family_name, person.given_names, carried[5], person.sex,
            person.nationality, person.passport_number, f"{chance.randrange(1, 240)} Specimen Lane, Exampleton",
            "ZZ1 1AA", "Demo General", "yes", f"invented person {self._made}", person.name_match, person.passport_match,
            int(is_alone), int(held), int(flagged and is_shown), reason, newest, told.day,
            "2026-10-31" if chance.random() < 0.8 else newest, "outstanding" if moved or is_alone else None,
            None if moved or is_alone else told.period, told.day, told.return_id, told.return_id, place + 2,
            told.held_at if held else told.moved_at if moved or is_alone else told.at,
        ))  # fmt: skip
        words = words_of(
            code, code_of_debt, number, person.family_name, person.given_names, None, person.passport_number
        )
        batch.rows["words_of_debts"].append((id_, words))
        batch.rows["debt_events"].append((
            id_, told.at, _BY, REPORTED, None, "outstanding", None, invoiced, told.day, None, told.return_id, place + 2,
        ))  # fmt: skip
        if moved or is_alone:
            batch.rows["debt_events"].append((
                id_, told.moved_at, _BY, CHANGED if moved else UPDATED, "outstanding", status,
                told.moved_day if moved else None, outstanding, told.moved_day, reason, None, None,
            ))  # fmt: skip
        if held:
            self._hold(batch, told, id_)
        if flagged:
            self._feed.say(at + _FLAGGED_AFTER, ADD, id_, carried)
            if not is_shown:
                after = _HELD_AFTER if status in _SHOWN else _MOVED_AFTER
                self._feed.say(at + after, REMOVE, id_, carried)
        if self._made % 5 == 0:
            batch.rows["audit_events"].append((told.at, _BY, AuditAction.VIEWED.value, code, "debt", id_, "{}"))

    def _hold(self, batch: Batch, told: _Told, id_: str) -> None:
        hold = self._id(told.sending.at + _HELD_AFTER)
        kind = HoldKind.HAND.value
        batch.rows["holds"].append((hold, id_, kind, "a question", told.held_at, _BY))
        event: Row = (id_, told.held_at, _BY, HELD, None, None, None, None, told.held_day, kind, None, None)
        batch.rows["debt_events"].append(event)

    def _person(self, batch: Batch, at: datetime, told_at: str, *, is_alone: bool) -> tuple[str, Person]:
        if self._known and not is_alone and self._chance.random() < _KNOWN:
            return self._known[int(self._chance.random() * len(self._known))]
        found = self._id(at), self._people(is_alone=is_alone)
        id_, person = found
        if not is_alone:
            self._known.append(found)
        batch.rows["debtors"].append((id_, told_at, id_))
        born = day_of(person.date_of_birth)
        batch.rows["likeness_keys"] += [(key, id_, born) for key in keys_of(traits(person)).all]
        return found

    def _id(self, at: datetime) -> str:
        """As a UUIDv7 has it: the time first, the rest by chance."""
        return f"{int(at.timestamp() * 1000):012x}7{self._chance.getrandbits(76):019x}"
