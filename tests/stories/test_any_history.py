"""After any history of returns, day-to-day changes, holds, releases and purges the register is what a small model says."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test
from sqlmodel import col, select

from app.accounts.access import COMMAND_LINE
from app.core.errors import Conflict
from app.debts import holds, service, warnings_index
from app.debts.matches import State
from app.debts.models import Debt, Debtor
from app.debts.rules.status import MoveNotAllowed
from app.debts.service import Move
from app.releases import lines
from app.releases.models import Release, ReleaseLine
from app.retention import service as retention
from app.return_template.choices import Status
from app.returns import amending
from app.verifying import service as verifying
from tests.conftest import Store
from tests.releases.carrying import sent
from tests.reports import adding_up
from tests.retention.conftest import acknowledge
from tests.returns.conftest import at
from tests.stories.desk import Desk
from tests.stories.model import Known

QUICK = settings(
    phases=[Phase.generate],
    max_examples=10,
    stateful_step_count=16,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
LONG = settings(max_examples=150, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))
NAMES = st.sampled_from(["Example", "Exampel", "Sample", "De la Example"])
DOUBT = {"nationality": "France"}


class Story(Desk):
    """What may happen, in any order, and what must be so after each of it."""

    # What happens

    @rule(code=st.sampled_from(["RJ1", "RYJ"]), name=NAMES, how_many=st.integers(1, 2))
    def report(self, code: str, name: str, how_many: int) -> None:
        numbers = [f"{code}-{self.reported + n}" for n in range(how_many)]
        self.reported += how_many
        new = {number: Known(number, code, name) for number in numbers}
        self.upload(self.trusts[code], list(new.values()), lambda: self.register.debts.update(new))

    @precondition(lambda self: self.live())
    @rule(data=st.data(), wanted=st.sampled_from(list(Status)))
    def state_in_a_return(self, data: st.DataObject, wanted: Status) -> None:
        known = self.pick(data)

        def expected() -> None:
            if known.may_become(wanted) or wanted is known.status:
                known.holds -= {"rule"}
            if known.may_become(wanted):
                known.become(wanted, self.day)

        changes = {"status": wanted.label, "status_date": f"{self.next_month():%d/%m/%Y}"}
        if wanted is known.status:
            changes = {}
        elif wanted is Status.REPAID:
            changes |= {"amount_outstanding": "0.00"}
        elif known.status is Status.REPAID:
            changes |= {"amount_outstanding": "10.00"}
        self.upload(self.trusts[known.trust], [known], expected, **changes)

    @precondition(lambda self: self.live())
    @rule(data=st.data())
    def doubt_in_a_return(self, data: st.DataObject) -> None:
        known = self.pick(data)

        def expected() -> None:
            known.holds |= {"rule"}

        self.upload(self.trusts[known.trust], [known], expected, **DOUBT)

    @precondition(lambda self: self.register.debts)
    @rule(data=st.data(), wanted=st.sampled_from(list(Status)))
    def change_on_the_page(self, data: st.DataObject, wanted: Status) -> None:
        known = data.draw(st.sampled_from(list(self.register.debts.values())))
        if wanted is known.status:
            return
        self.tomorrow(known)
        amount = 0 if wanted is Status.REPAID else known.amount or 100

        def deed() -> None:
            with at(self.noon), self.store.database.writing() as db:
                trust = self.trusts[known.trust]
                service.change_status(db, trust.officer, self.id_of(known), Move(wanted, self.day, amount))

        if known.may_become(wanted):
            deed()
            known.become(wanted, self.day)
            if wanted is Status.WITHDRAWN:
                known.holds -= {"rule"}
        else:
            with pytest.raises(MoveNotAllowed):
                deed()

    @precondition(lambda self: self.live())
    @rule(data=st.data(), pence=st.integers(1, 300000))
    def pay_a_part(self, data: st.DataObject, pence: int) -> None:
        known = self.pick(data)
        if not 0 < pence < known.amount:
            return
        self.tomorrow(known)
        with at(self.noon), self.store.database.writing() as db:
            move = Move(known.status, None, pence)
            service.change_status(db, self.trusts[known.trust].officer, self.id_of(known), move)
        known.amount = pence

    @precondition(lambda self: self.live())
    @rule(data=st.data(), name=NAMES)
    def correct_the_name(self, data: st.DataObject, name: str) -> None:
        known = self.pick(data)
        self.tomorrow(known)
        with at(self.noon), self.store.database.writing() as db:
            amending.amend(db, self.trusts[known.trust].officer, self.id_of(known), {"family_name": name})
        known.family_name = name

    @precondition(lambda self: self.register.debts)
    @rule(data=st.data(), deed=st.sampled_from(["hold", "unhold"]))
    def hold_or_release_by_hand(self, data: st.DataObject, deed: str) -> None:
        known = data.draw(st.sampled_from(list(self.register.debts.values())))
        self.tomorrow(known)
        can = "hand" not in known.holds if deed == "hold" else bool(known.holds)
        try:
            with at(self.noon), self.store.database.writing() as db:
                (holds.hold if deed == "hold" else holds.unhold)(db, COMMAND_LINE, self.id_of(known), "a question")
        except Conflict:
            assert not can
            return
        assert can
        known.holds = known.holds | {"hand"} if deed == "hold" else frozenset()

    @rule()
    def release(self) -> None:
        """In turn of everything and of what changed, to one recipient."""
        self.day += timedelta(days=1)
        self.released += 1
        sent(self.trusts["RJ1"], ("full", "changes")[self.released % 2], on=self.noon)
        self.register.release()

    @precondition(lambda self: self.newest)
    @rule()
    def withdraw_the_newest_return(self) -> None:
        assert self.newest
        return_, trust, before = self.newest
        trust.withdraw(return_, on=self.noon)
        self.register.go_back(before, self.day)
        self.newest = None

    @precondition(lambda self: any(known.ended_on for known in self.register.debts.values()))
    @rule()
    def purge_years_later(self) -> None:
        """The Warnings Index has taken everything by then: all that has ended goes, but what somebody holds."""
        self.day += timedelta(days=1100)
        acknowledge(self.store.database)
        with at(self.noon):
            retention.purge(self.store.database, COMMAND_LINE)
        debts = self.register.debts.values()
        self.register.debts = {known.number: known for known in debts if not known.ended_on or "hand" in known.holds}
        self.people.forget(set(self.register.debts))
        self.newest = None

    @precondition(lambda self: len(self.register.debts) > 1)
    @rule(data=st.data())
    def decide_that_two_are_one_person(self, data: st.DataObject) -> None:
        pair = frozenset(data.draw(st.permutations(sorted(self.register.debts)))[:2])
        if len({self.people.person(number) for number in pair}) == 1:
            return
        if not self.people.may_join(pair):
            with pytest.raises(Conflict):
                self.decide(pair, State.SAME)
            return
        self.decide(pair, State.SAME)
        self.people.same.add(pair)
        self.people.different.discard(pair)

    @precondition(lambda self: self.joined())
    @rule(data=st.data())
    def part_two_who_were_joined(self, data: st.DataObject) -> None:
        pair = data.draw(st.sampled_from(self.joined()))
        self.decide(pair, State.DIFFERENT)
        self.people.same.discard(pair)
        self.people.different.add(pair)

    # What must be so

    def teardown(self) -> None:
        with at(self.noon), self.store.database.reading() as db:
            assert [str(one) for result in verifying.verify(db) for one in result.differences] == []
            adding_up.check(db)

    @invariant()
    def a_release_says_nothing_of_a_debt_that_is_not_there(self) -> None:
        with self.store.database.reading() as db:
            there = set(db.exec(select(Debt.id)))
            said = {(release_id, line.line, line.debt_id) for release_id in db.exec(select(Release.id)).all()
                    for line in lines.stream(db, release_id)}  # fmt: skip
            told = select(ReleaseLine).where(col(ReleaseLine.forgotten_at).is_(None))
            assert said == {(one.release_id, one.line, one.debt_id) for one in db.exec(told)}
        assert {debt_id for _, _, debt_id in said} <= there

    @invariant()
    def the_register_is_as_the_model_says(self) -> None:
        with self.store.database.reading() as db:
            debts = {debt.invoice_number: debt for debt in db.exec(select(Debt))}
        expected = {
            number: (known.status, known.amount, bool(known.holds), known.family_name)
            for number, known in self.register.debts.items()
        }
        found = {
            number: (debt.status, debt.amount_outstanding, debt.held, debt.family_name)
            for number, debt in debts.items()
        }
        assert found == expected

    @invariant()
    def persons_are_those_who_were_decided_to_be_one(self) -> None:
        with self.store.database.reading() as db:
            query = select(Debt.invoice_number, Debtor.root_id).join(Debtor, Debtor.id == Debt.debtor_id)
            roots = dict(db.exec(query).all())
        for number in self.register.debts:
            together = {other for other, root in roots.items() if root == roots[number]}
            assert together == self.people.person(number) & set(self.register.debts)

    @invariant()
    def the_warnings_index_follows_from_the_feed_alone(self) -> None:
        shown: dict[str, str | None] = {}
        with self.store.database.reading() as db:
            events = warnings_index.events_after(db, COMMAND_LINE, 0, 10_000)
        assert [event.id for event in events] == list(range(1, len(events) + 1))
        for event in events:
            if not event.reference:  # its debt was purged
                assert event.family_name is None
            elif event.action == warnings_index.ADD:
                assert event.invoice_number not in shown
                shown[event.invoice_number] = event.family_name
            else:
                assert shown.pop(event.invoice_number) == event.family_name
        for known in self.register.debts.values():
            known.settle()
        assert shown == self.register.shown()


def test_the_register_and_the_feed_are_what_the_model_says(_store: Store) -> None:
    run_state_machine_as_test(lambda: Story(_store), settings=QUICK)


@pytest.mark.soak
def test_the_register_and_the_feed_are_what_the_model_says_for_long(_store: Store) -> None:
    run_state_machine_as_test(lambda: Story(_store), settings=LONG)
