"""Persons in the register: joined and parted without losing what was, on both databases."""

from datetime import UTC, date, datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import Session, select

from app.accounts.access import Actor
from app.core.errors import Conflict
from app.debts import debtors, grouping, joins, matches, service
from app.debts.grouping import Person
from app.debts.match_models import Match
from app.debts.matches import State
from app.debts.models import Debt, Debtor
from app.debts.rules.persons import agree
from tests.returns.conftest import MakeTrust, Trust, at, row

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
SAME = {"given_names": "Ada", "passport_number": "A7654321"}
NAMELESS = {"passport_number": "", "given_names": "Ada"}


def person_of(trust: Trust, number: str) -> str:
    with trust.database.reading() as db:
        debt = trust.debt(number)
        return joins.roots(db, [debt.debtor_id])[debt.debtor_id]


def amend(trust: Trust, number: str, **changes: object) -> None:
    with at("2026-11-22"), trust.database.writing() as db:
        service.amend(db, trust.officer, trust.debt(number).id, changes)


def decide(trust: Trust, team: Actor, numbers: tuple[str, str], decision: State, was: State | None = None) -> Match:
    """A decision about the debtors of two debts; they are put in the queue if they are not there."""
    older, younger = sorted(trust.debt(number).debtor_id for number in numbers)
    with at("2026-11-22"), trust.database.writing() as db:
        match = db.exec(select(Match).where(Match.older_id == older, Match.younger_id == younger)).one_or_none()
        if match is None:
            match = Match(older_id=older, younger_id=younger, score=60, evidence=["same_name"], found_at=NOW)
            db.add(match)
            db.flush()
        return matches.decide(db, team, match.id, decision, was or State(match.state))


def seen(trust: Trust, team: Actor, debtor_id: str) -> tuple[str, list[str]]:
    with at("2026-11-22"), trust.database.reading() as db:
        found = debtors.debtor(db, team, debtor_id)
        return found.id, sorted(debt.invoice_number for debt in found.debts)


def test_a_join_and_its_parting_leave_everything_as_it_was(hospital: MakeTrust, team: Actor):
    one, other = hospital("RJ1"), hospital("RYJ")
    one.send([row("1"), row("2")])
    other.send([row("3")])
    before = {debt.id: (debt.debtor_id, debt.changed_at) for debt in one.debts()}
    ids = [one.debt(number).debtor_id for number in "123"]
    decide(one, team, ("1", "3"), State.SAME)
    assert seen(one, team, ids[2]) == seen(one, team, ids[0]) == (ids[0], ["1", "3"])
    decide(one, team, ("1", "3"), State.DIFFERENT, was=State.SAME)
    assert [seen(one, team, each) for each in ids] == [(ids[0], ["1"]), (ids[1], ["2"]), (ids[2], ["3"])]
    assert {debt.id: (debt.debtor_id, debt.changed_at) for debt in one.debts()} == before


def test_a_debt_posted_meanwhile_goes_to_the_side_that_it_matches_exactly(rj1: Trust, team: Actor):
    rj1.send([row("1"), row("2")])
    ids = [rj1.debt(number).debtor_id for number in "12"]
    decide(rj1, team, ("1", "2"), State.SAME)
    rj1.send([row("3", given_names="Ada 2", passport_number="A0000002")])
    assert seen(rj1, team, ids[0]) == (ids[0], ["1", "2", "3"])
    decide(rj1, team, ("1", "2"), State.DIFFERENT, was=State.SAME)
    assert [seen(rj1, team, each) for each in ids] == [(ids[0], ["1"]), (ids[1], ["2", "3"])]


def test_a_debt_that_matches_both_sides_goes_to_the_older_and_joins_them(rj1: Trust, team: Actor):
    rj1.send([row("1", **NAMELESS), row("2", given_names="Adah", passport_number="A7654321")])
    ids = [rj1.debt(number).debtor_id for number in "12"]
    rj1.send([row("3", **SAME)])
    assert rj1.debt("3").debtor_id == ids[0]
    assert seen(rj1, team, ids[1]) == (ids[0], ["1", "2", "3"])


def test_what_a_person_decided_to_be_different_is_never_joined_by_the_service(rj1: Trust, team: Actor):
    rj1.send([row("1", **NAMELESS), row("2", given_names="Adah", passport_number="A7654321")])
    decide(rj1, team, ("1", "2"), State.DIFFERENT)
    rj1.send([row("3", **SAME)])
    assert (person_of(rj1, "3"), person_of(rj1, "2")) == (rj1.debt("1").debtor_id, rj1.debt("2").debtor_id)


def test_an_exact_join_can_be_parted_by_a_person_and_stays_parted(rj1: Trust, team: Actor):
    rj1.send([row("1", **NAMELESS), row("2", given_names="Adah", passport_number="A7654321"), row("3", **SAME)])
    assert person_of(rj1, "2") == person_of(rj1, "1")
    decide(rj1, team, ("1", "2"), State.DIFFERENT)
    rj1.send([row("4", **SAME)])
    assert person_of(rj1, "2") != person_of(rj1, "1")
    assert person_of(rj1, "4") == person_of(rj1, "1")


def test_a_debt_without_a_passport_joins_nobody_with_different_ones(rj1: Trust):
    rj1.send([row("1", given_names="Ada"), row("2", given_names="Ada")])
    rj1.send([row("3", **NAMELESS)])
    assert person_of(rj1, "1") != person_of(rj1, "2")
    assert person_of(rj1, "3") == person_of(rj1, "1")


def test_a_wrong_name_does_not_stay_with_a_stranger_once_it_is_corrected(rj1: Trust, team: Actor):
    rj1.send([row("1", **NAMELESS), row("2", **NAMELESS)])
    assert rj1.debt("1").debtor_id == rj1.debt("2").debtor_id
    amend(rj1, "2", given_names="Blessing")
    assert rj1.debt("1").debtor_id != rj1.debt("2").debtor_id
    assert seen(rj1, team, rj1.debt("2").debtor_id)[1] == ["2"]
    amend(rj1, "2", given_names="Ada")
    assert person_of(rj1, "1") == person_of(rj1, "2")


def test_a_corrected_debt_goes_to_the_debtor_that_it_matches_now(rj1: Trust):
    rj1.send([row("1", **NAMELESS), row("2", **NAMELESS), row("3", passport_number="", given_names="Blessing")])
    amend(rj1, "2", given_names="Blessing")
    assert rj1.debt("2").debtor_id == rj1.debt("3").debtor_id != rj1.debt("1").debtor_id


def test_an_exact_join_that_rested_on_a_correction_alone_is_parted_with_it(rj1: Trust, team: Actor):
    rj1.send([row("1", **NAMELESS), row("2", given_names="Adah", passport_number="A7654321"), row("3", **SAME)])
    ids = [rj1.debt(number).debtor_id for number in "12"]
    amend(rj1, "3", passport_number=None)
    assert [seen(rj1, team, each) for each in ids] == [(ids[0], ["1", "3"]), (ids[1], ["2"])]
    with rj1.database.reading() as db:
        assert db.exec(select(Match)).all() == [], "nobody decided it, so nothing is left of it"


def test_a_withdrawn_return_takes_its_correction_of_the_person_back(rj1: Trust):
    rj1.send([row("1", **NAMELESS), row("2", **NAMELESS)], period="2026-09", on="2026-10-05")
    later = rj1.send([row("2", passport_number="", given_names="Adaa", date_of_birth="27/03/1985")])
    assert rj1.debt("1").debtor_id != rj1.debt("2").debtor_id
    assert later.return_ is not None
    rj1.withdraw(later.return_)
    assert person_of(rj1, "1") == person_of(rj1, "2")


def test_a_decision_that_another_stands_against_is_a_conflict(rj1: Trust, team: Actor):
    rj1.send([row("1"), row("2"), row("3")])
    decide(rj1, team, ("1", "2"), State.SAME)
    decide(rj1, team, ("2", "3"), State.DIFFERENT)
    with pytest.raises(Conflict, match="decided"):
        decide(rj1, team, ("1", "3"), State.SAME)
    decide(rj1, team, ("2", "3"), State.SAME, was=State.DIFFERENT)
    with pytest.raises(Conflict, match="other joins"):
        decide(rj1, team, ("1", "3"), State.DIFFERENT)
    assert person_of(rj1, "3") == person_of(rj1, "1")


NUMBERS = count(1)
DEBTS = st.tuples(st.just("post"), st.sampled_from(["ada", "adah", None]), st.sampled_from(["A", "B", None]))
DECISIONS = st.tuples(st.just("decide"), st.integers(0, 5), st.integers(0, 5), st.sampled_from(matches.DECISIONS))
CORRECTIONS = st.tuples(
    st.just("correct"), st.integers(0, 9), st.sampled_from(["ada", "adah"]), st.sampled_from(["A", None])
)


class Model:
    """The same in sets: debtors with what their debts say, pairs that hold together, and what people said."""

    def __init__(self) -> None:
        self.debtors: dict[str, list[tuple[str | None, str | None]]] = {}
        self.said: dict[tuple[str, str], State] = {}
        self.exact: set[tuple[str, str]] = set()

    def person(self, debtor: str) -> frozenset[str]:
        edges = self.exact | {pair for pair, state in self.said.items() if state is State.SAME}
        found = {debtor}
        while more := {each for pair in edges if set(pair) & found for each in pair} - found:
            found |= more
        return frozenset(found)

    def matched(self, name: str | None, passport: str | None) -> list[str]:
        def is_match(debts: list[tuple[str | None, str | None]]) -> bool:
            namesakes = [other for mine, other in debts if mine is not None and mine == name]
            by_name = bool(namesakes) and not any(passport and other and passport != other for other in namesakes)
            return by_name or any(passport is not None and other == passport for _, other in debts)

        return sorted(debtor for debtor, debts in self.debtors.items() if is_match(debts))

    def post(self, debtor: str, name: str | None, passport: str | None) -> None:
        found = self.matched(name, passport)
        assert debtor == (found[0] if found else debtor)
        for other in found[1:]:
            pair, mine, theirs = (debtor, other), self._passports(debtor, name), self._passports(other, name)
            contradicts = passport is None and any(one != two for one in mine for two in theirs)
            if not contradicts and not self._is_kept_apart(pair):
                self.exact.add(pair)
        self.debtors.setdefault(debtor, []).append((name, passport))

    def decide(self, pair: tuple[str, str], state: State) -> None:
        self.said[pair] = state
        if state is not State.SAME:
            self.exact.discard(pair)

    def _passports(self, debtor: str, name: str | None) -> set[str]:
        return {passport for mine, passport in self.debtors[debtor] if mine == name and passport}

    def _is_kept_apart(self, pair: tuple[str, str]) -> bool:
        if self.said.get(pair) in (State.DIFFERENT, State.UNSURE):
            return True
        one, other = map(self.person, pair)
        crossing = [kept for kept, state in self.said.items() if state is State.DIFFERENT]
        return one != other and any((a in one and b in other) or (a in other and b in one) for a, b in crossing)


def posted(db: Session, name: str | None, passport: str | None) -> str:
    person = Person(name, passport)
    grouping.place(db, [person], NOW)
    number = f"H{next(NUMBERS)}"
    told = {
        "as_at": TODAY,
        "particulars_on": TODAY,
        "confirmed_on": TODAY,
        "first_reported_on": TODAY,
        "changed_at": NOW,
    }
    db.add(Debt(reference=number, organisation_code="RJ1", debtor_id=person.debtor_id, invoice_number=number,
                invoice_fold=number, invoice_date=TODAY, invoice_amount=1, amount_outstanding=1, status="outstanding",
                family_name="x", given_names="x", name_match=name, passport_match=passport, **told))  # fmt: skip
    db.flush()
    return person.debtor_id


def decided(db: Session, team: Actor, pair: tuple[str, str], state: State) -> bool:
    query = select(Match).where(Match.older_id == pair[0], Match.younger_id == pair[1])
    if db.exec(query).one_or_none() is None:
        db.add(Match(older_id=pair[0], younger_id=pair[1], score=60, evidence=[], found_at=NOW))
        db.flush()
    match = db.exec(query).one()
    try:
        with db.begin_nested():
            matches.decide(db, team, match.id, state, State(match.state))
    except Conflict:
        db.expire_all()
        return False
    return True


def persons(db: Session) -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for debtor in db.exec(select(Debtor).execution_options(populate_existing=True)):
        found.setdefault(debtor.root_id, set()).add(debtor.id)
    assert all(root == min(members) for root, members in found.items())
    return {frozenset(members) for members in found.values()}


@given(st.lists(st.one_of(DEBTS, DEBTS, DECISIONS), max_size=14))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_posting_and_deciding_in_any_order_gives_the_persons_of_a_simple_model(rj1: Trust, team: Actor, steps):
    model = Model()
    with at("2026-11-22"), rj1.database.writing() as db:
        for step, *what in steps:
            known = sorted(model.debtors)
            if step == "post":
                model.post(posted(db, *what), *what)
            elif len(known) > 1 and what[0] % len(known) != what[1] % len(known):
                one, other = sorted((known[what[0] % len(known)], known[what[1] % len(known)]))
                if decided(db, team, (one, other), what[2]):
                    model.decide((one, other), what[2])
            assert persons(db) == {model.person(debtor) for debtor in model.debtors}
        db.rollback()


@given(st.lists(st.one_of(DEBTS, CORRECTIONS), max_size=12))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_corrections_debts_of_one_debtor_agree_and_debts_that_agree_are_one_persons(rj1: Trust, steps):
    with rj1.database.writing() as db:
        for step, *what in steps:
            debts = db.exec(select(Debt).order_by(Debt.id)).all()
            if step == "post":
                posted(db, what[0], what[1] if what[1] != "B" else None)  # one passport number: nobody contradicts
            elif debts:
                corrected(db, debts[what[0] % len(debts)], what[1], what[2])
            check_debtors(db)
        db.rollback()


def corrected(db: Session, debt: Debt, name: str, passport: str | None) -> None:
    before = (debt.name_match, debt.passport_match)
    db.exec(update(Debt).where(Debt.id == debt.id).values(name_match=name, passport_match=passport))  # type: ignore[call-overload]
    if (name, passport) != before:
        grouping.place_corrected(db, [Person(name, passport, debt.debtor_id, debt.id)], NOW)


def check_debtors(db: Session) -> None:
    debts = db.exec(select(Debt).execution_options(populate_existing=True)).all()
    root_of = joins.roots(db, {debt.debtor_id for debt in debts})
    for debt in debts:
        others = [other for other in debts if other.id != debt.id]
        own = [other for other in others if other.debtor_id == debt.debtor_id]
        assert not own or any(agree(digests(debt), digests(other)) for other in own)
        for other in others:
            if agree(digests(debt), digests(other)):
                assert root_of[debt.debtor_id] == root_of[other.debtor_id]


def digests(debt: Debt) -> tuple[str | None, str | None]:
    return debt.name_match, debt.passport_match
