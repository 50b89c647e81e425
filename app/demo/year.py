"""Sends a year of returns through the service's own upload path, each in its own transaction and at its own moment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from itertools import count
from random import Random

from app.accounts.access import Actor
from app.core import clock
from app.core.db import Database
from app.demo import files
from app.demo.desk import Desk, Entry
from app.demo.diary import Sending, diary, some_days_later
from app.demo.dice import dice, weighted
from app.demo.invoices import Invoice
from app.demo.trusts import Trust
from app.periods.calendar import Period
from app.policy.in_force import policy_in_force
from app.returns import prefill, queries, service
from app.returns.models import Return
from app.returns.nil import nil_return

_NIL = 0.6  # of the months in which there is nothing to say
_LATELY = timedelta(days=7)
_IN_THE_WORKBOOK, _IN_A_NEW_FILE, _NEXT_MONTH, _NOT_AT_ALL = "workbook", "file", "next month", "not"
_MENDING = ((_IN_THE_WORKBOOK, 40.0), (_IN_A_NEW_FILE, 15.0), (_NEXT_MONTH, 22.0), (_NOT_AT_ALL, 23.0))


@dataclass(frozen=True)
class Mending(Sending):
    """A return's rejected rows on their way back; `right` are those put right, by their number in the file."""

    return_id: str = ""
    right: Mapping[int, Invoice] = field(default_factory=dict)
    in_workbook: bool = True

    @property
    def is_planned(self) -> bool:
        return False


class Year:
    """The trusts at work until now. `actors` are the people who send, by organisation."""

    def __init__(self, database: Database, trusts: Sequence[Trust], periods: Sequence[Period],
                 actors: Mapping[str, Actor]) -> None:  # fmt: skip
        self._database, self._actors, self._now = database, actors, clock.now()
        today = clock.uk_date(self._now)
        self._desks = {trust.code: Desk(trust, periods[0], today) for trust in trusts}
        self._numbers = count()  # settles who is first among files of one moment
        self._waiting = [(one.at, next(self._numbers), one) for one in diary(trusts, periods, self._now)]
        heapify(self._waiting)

    def __len__(self) -> int:
        """How many files are planned; those that mend come on top."""
        return len(self._waiting)

    @property
    def next_at(self) -> datetime | None:
        """When the next file is sent; None when there is none left."""
        return self._waiting[0][0] if self._waiting else None

    def send_all(self) -> Iterator[Sending]:
        """Sends one file after the other, in the order of time, and gives each when it is in."""
        while self._waiting:
            _, _, sending = heappop(self._waiting)
            with clock.at(sending.at):
                self._send(sending)
            yield sending

    def _send(self, sending: Sending) -> None:
        if isinstance(sending, Mending):
            self._mend(sending)
        elif sending.is_wrong:
            name, data = files.wrong(sending.trust, sending.period, dice("wrong", sending.trust, sending.period))
            self._upload(sending, data, name)
        else:
            self._monthly(sending)

    def _monthly(self, sending: Sending) -> None:
        desk, chance = self._desks[sending.trust], dice("monthly", sending.trust, sending.period)
        desk.look_up(sending.period)
        entries = [*self._prefilled(sending), *desk.new_entries(sending.period, clock.today())]
        if not any(one.is_news for one in entries) and (not entries or chance.random() < _NIL):
            with self._database.writing() as db:
                nil_return(db, self._actor(sending.trust), sending.trust, sending.period, sending.at)
            return
        sent = self._upload(sending, files.filled_in(sending.trust, sending.period, [one.cells for one in entries]))
        if sent is not None and sent.rejected:
            self._take_back(sending, sent, dict(enumerate(entries, start=2)), chance)

    def _prefilled(self, sending: Sending) -> list[Entry]:
        with self._database.reading() as db:
            debts = prefill.reportable(db, [sending.trust], sending.period, policy_in_force())
        return self._desks[sending.trust].prefilled_entries(debts, sending.period, clock.today())

    def _upload(self, sending: Sending, data: bytes, name: str = "") -> Return | None:
        name = name or files.name_of(sending.trust, sending.period, sending.at)
        upload = service.Upload(sending.trust, sending.period, data, name, sending.at)
        with self._database.writing() as db:
            return service.receive(db, self._actor(sending.trust), upload).return_

    def _actor(self, trust: str) -> Actor:
        """Who sends for a trust. Mails are written about the last days only: those of a year would bury them."""
        return replace(self._actors[trust], sends_mail=clock.now() > self._now - _LATELY)

    def _take_back(self, sending: Sending, sent: Return, entries: Mapping[int, Entry], chance: Random) -> None:
        """What the trust does about rejected rows: mend them within days, next month, or not at all."""
        with self._database.reading() as db:
            rejected = {row.row: entries[row.row] for row in queries.rejected_rows(db, sent)}
        mendable = {
            row: one.invoice
            for row, one in rejected.items()
            if one.invoice is not None and one.fault is not None and one.fault.can_be_mended
        }
        how, at = weighted(chance, _MENDING), some_days_later(sending.at, chance)
        if not mendable or how == _NOT_AT_ALL:
            return
        if how == _NEXT_MONTH or at >= self._now:
            self._desks[sending.trust].put_back(mendable.values())
            return
        again = Mending(at, sending.trust, sending.period, False, sent.id, mendable, how == _IN_THE_WORKBOOK)
        heappush(self._waiting, (at, next(self._numbers), again))

    def _mend(self, mending: Mending) -> None:
        right = {row: invoice.cells_on(clock.today()) for row, invoice in mending.right.items()}
        if not mending.in_workbook:
            rows = [*(one.cells for one in self._prefilled(mending)), *right.values()]
            self._upload(mending, files.filled_in(mending.trust, mending.period, rows))
            return
        with self._database.reading() as db:
            found = queries.get_return(db, self._actor(mending.trust), mending.return_id)
            stamp, rejected = queries.rejection_stamp(db, found), queries.rejected_rows(db, found)
        self._upload(mending, files.mended(stamp, rejected, right), f"rejected rows {mending.period}.xlsx")


def year_before(today_period: Period, months: int) -> list[Period]:
    """So many whole months before the current one."""
    return list(Period.span(today_period.plus(-months), today_period.previous()))
