"""Where a story happens: two trusts, a register, its model, and the hands that do what the story says."""

from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from sqlmodel import col, select

from app.accounts.access import COMMAND_LINE
from app.core import clock
from app.debts import matches
from app.debts.match_models import Match
from app.debts.matches import State
from app.debts.models import Debt
from app.organisations import service as organisations
from app.periods.calendar import Period
from app.return_template.choices import Status
from app.returns.models import Return
from tests.conftest import Store
from tests.returns.conftest import MakeTrust, Row, Trust, at, row
from tests.stories.model import Known, People, Register


class Desk(RuleBasedStateMachine):
    """Two trusts, a few invoices, one calendar that only goes on: every upload in a month of its own."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        store.touched = True
        store.renew()
        with store.database.writing() as db:
            organisations.load_shipped(db, None)
        make = MakeTrust(store.database)
        self.trusts = {code: make(code) for code in ("RJ1", "RYJ")}
        self.register = Register()
        self.people = People()
        self.day = date(2026, 11, 3)
        self.reported = self.released = 0
        self.newest: tuple[Return, Trust, dict[str, Known | None]] | None = None

    @property
    def noon(self) -> str:
        return f"{self.day}T12:00:00"

    def live(self) -> list[Known]:
        return [known for known in self.register.debts.values() if known.status is not Status.WITHDRAWN]

    def pick(self, data: st.DataObject) -> Known:
        return data.draw(st.sampled_from(self.live()))

    def tomorrow(self, known: Known) -> None:
        """A change of this debt: if the newest return spoke of it, something rests on that return now."""
        self.day += timedelta(days=1)
        if self.newest and known.number in self.newest[2]:
            self.newest = None

    def next_month(self) -> date:
        return (self.day.replace(day=1) + timedelta(days=32)).replace(day=3)

    def id_of(self, known: Known) -> str:
        with self.store.database.reading() as db:
            return db.exec(select(Debt.id).where(Debt.invoice_number == known.number)).one()

    def joined(self) -> list[frozenset[str]]:
        return sorted((pair for pair in self.people.same if pair <= set(self.register.debts)), key=sorted)

    def decide(self, pair: frozenset[str], decision: State) -> None:
        """By the decider who sees how the pair stands now; it need not be alike enough for the queue."""
        with at(self.noon), self.store.database.writing() as db:
            query = select(Debt.debtor_id).where(col(Debt.invoice_number).in_(pair))
            older, younger = sorted(db.exec(query).all())
            match = db.exec(select(Match).where(Match.older_id == older, Match.younger_id == younger)).one_or_none()
            if match is None:
                match = Match(older_id=older, younger_id=younger, score=90, evidence=[], found_at=clock.now())
                db.add(match)
                db.flush()
            matches.decide(db, COMMAND_LINE, match.id, decision, State(match.state))

    def upload(self, trust: Trust, debts: list[Known], expected: Callable[[], None], **changes: str) -> None:
        self.day = self.next_month()
        before = {known.number: self.register.as_it_is(known.number) for known in debts}
        sent = trust.send([self.cells(known) | changes for known in debts], str(Period.containing(self.day)), self.noon)
        assert sent.return_
        expected()
        self.newest = (sent.return_, trust, before)

    def cells(self, known: Known) -> Row:
        return row(
            known.number, family_name=known.family_name, status=known.status.label,
            status_date=f"{known.since:%d/%m/%Y}" if known.since else "", amount_outstanding=f"{known.amount / 100:.2f}",
        )  # fmt: skip
