"""Comparing after a posting: who waits, who is proposed, and what happens when a process dies in between."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import select, update

from app.accounts.access import Actor
from app.core.db import Database, take_turns
from app.core.patience import Patience
from app.debts import comparing, joins, matches, proposals, service
from app.debts.comparing import compare_waiting
from app.debts.match_models import LikenessKey, Match
from app.debts.matches import State
from app.debts.models import Debt, Debtor
from app.debts.rules.likeness import in_words
from app.debts.service import Move
from app.return_template.choices import Status
from tests.returns.conftest import MakeTrust, Trust, at, row

SWAPPED = {"date_of_birth": "03/07/1985"}
ADA = {"given_names": "Ada", "passport_number": "A7654321", "date_of_birth": "07/03/1985"}


def found(trust: Trust) -> list[Match]:
    with trust.database.reading() as db:
        return list(db.exec(select(Match).order_by(Match.id)))


def waiting(trust: Trust) -> list[str]:
    return [debt.invoice_number for debt in trust.debts() if debt.to_compare]


def queue(trust: Trust, team: Actor, *states: State) -> list[tuple[str, str]]:
    with trust.database.reading() as db:
        listed = matches.list_matches(db, team, states or matches.WAITING, 100, None).items
        return [(one.debts[0].invoice_number, other.debts[0].invoice_number) for _, (one, other) in listed]


def test_a_person_reported_with_day_and_month_of_birth_swapped_is_proposed_with_the_reasons(hospital: MakeTrust):
    one, other = hospital("RJ1"), hospital("RYJ")
    one.send([row("1", **ADA), row("9")])
    other.send([row("2", **ADA | SWAPPED)])
    assert compare_waiting(one.database) == 3
    (match,) = found(one)
    assert (match.older_id, match.younger_id) == (one.debt("1").debtor_id, one.debt("2").debtor_id)
    assert in_words(match.evidence)[0][:3] == [
        "Same passport number.",
        "Same full name.",
        "Day and month of birth swapped.",
    ]
    assert waiting(one) == []
    assert compare_waiting(one.database) == 0


def test_only_the_new_and_the_corrected_wait(rj1: Trust):
    rj1.send([row("1", **ADA), row("2", **ADA), row("3")])
    assert waiting(rj1) == ["1", "3"], "the second invoice of one person says nothing new of them"
    compare_waiting(rj1.database)
    rj1.send([row("1", **ADA, amount_outstanding="100.00"), row("2", **ADA, uk_postcode="SE1 7EJ")], on="2026-11-23")
    assert waiting(rj1) == ["2"]


def test_people_within_one_file_are_compared_with_each_other_too(rj1: Trust, team: Actor):
    rj1.send([row("1", **ADA), row("2", **ADA | SWAPPED)])
    compare_waiting(rj1.database)
    assert queue(rj1, team) == [("1", "2")]


def test_whoever_is_one_person_already_is_neither_proposed_nor_shown(rj1: Trust, team: Actor):
    rj1.send([row("1", **ADA), row("2", **ADA | SWAPPED), row("3", **ADA | {"passport_number": "B1111111"})])
    ids = [rj1.debt(number).debtor_id for number in "123"]
    together(rj1, ids[0], ids[1])
    compare_waiting(rj1.database)
    assert {(match.older_id, match.younger_id) for match in found(rj1)} <= {(ids[0], ids[2]), (ids[1], ids[2])}
    assert queue(rj1, team)
    together(rj1, ids[0], ids[2])
    assert queue(rj1, team) == []


def together(trust: Trust, one: str, other: str) -> None:
    with trust.database.writing() as db:
        joins.join(db, one, other, joins.Kind.DECIDED, "somebody", datetime(2026, 11, 22, tzinfo=UTC))


def test_a_correction_takes_back_what_is_no_longer_alike(rj1: Trust, team: Actor):
    rj1.send([row("1", **ADA), row("2", **ADA | SWAPPED)])
    compare_waiting(rj1.database)
    become_another(rj1)
    compare_waiting(rj1.database)
    assert found(rj1) == []


def become_another(trust: Trust) -> None:
    """The person of invoice 2 is corrected and is like nobody any more."""
    with at("2026-11-23"), trust.database.writing() as db:
        changes = {"given_names": "Blessing", "passport_number": "C1111111", "uk_postcode": None}
        service.amend(db, trust.officer, trust.debt("2").id, changes)


def test_a_correction_brings_several_questions_up_to_date_at_once(rj1: Trust):
    rj1.send([row(str(number), given_names=name, passport_number=f"P111111{number}")
              for number, name in enumerate(("Ada", "Adah", "Adaa"))])  # fmt: skip
    compare_waiting(rj1.database)
    before = {match.id: match.score for match in found(rj1)}
    with at("2026-11-23"), rj1.database.writing() as db:
        service.amend(db, rj1.officer, rj1.debt("0").id, {"passport_number": None})
    compare_waiting(rj1.database)
    assert waiting(rj1) == []
    assert sum(match.score != before[match.id] for match in found(rj1)) == 2 < len(before)


def test_what_was_decided_is_left_alone_and_what_is_unsure_stays_in_the_queue(rj1: Trust, team: Actor):
    rj1.send([row("1", **ADA), row("2", **ADA | SWAPPED)])
    compare_waiting(rj1.database)
    for decision, was, queued in (
        (State.UNSURE, State.OPEN, [("1", "2")]),
        (State.DIFFERENT, State.UNSURE, []),
    ):
        with at("2026-11-22"), rj1.database.writing() as db:
            matches.decide(db, team, found(rj1)[0].id, decision, was)
        rj1.send([row("2", **ADA | SWAPPED, uk_postcode=f"SE1 {len(queued)}EJ")], on="2026-11-23")
        compare_waiting(rj1.database)
        assert [match.state for match in found(rj1)] == [decision]
        assert queue(rj1, team) == queued


def test_withdrawn_debts_are_not_compared_until_they_are_owed_again(rj1: Trust, team: Actor):
    rj1.send([row("1", **ADA), row("2", **ADA | SWAPPED)])
    with at("2026-11-22"), rj1.database.writing() as db:
        move = Move(Status.WITHDRAWN, date(2026, 11, 22), 255000, "duplicate")
        service.change_status(db, rj1.officer, rj1.debt("2").id, move)
    compare_waiting(rj1.database)
    assert (found(rj1), waiting(rj1)) == ([], [])
    with at("2026-11-22"), rj1.database.writing() as db:
        move = Move(Status.OUTSTANDING, date(2026, 11, 22), 255000, "recorded_in_error")
        service.change_status(db, team, rj1.debt("2").id, move)
    compare_waiting(rj1.database)
    assert queue(rj1, team) == [("1", "2")]


def test_what_a_process_left_undone_the_next_one_takes_up(rj1: Trust, team: Actor, monkeypatch):
    rj1.send([row("1", **ADA)])
    rj1.send([row("2", **ADA | SWAPPED)])
    monkeypatch.setattr(comparing, "BATCH", 1)
    assert comparing._compare_some(rj1.database) == 1  # and dies here
    assert waiting(rj1) == ["2"]
    rj1.send([row("3")])
    assert compare_waiting(rj1.database) == 2
    assert queue(rj1, team) == [("1", "2")]


def test_comparing_changes_nothing_that_a_trust_could_see(rj1: Trust):
    rj1.send([row("1", **ADA), row("2", **ADA | SWAPPED)])
    before = [debt.model_dump(exclude={"to_compare"}) for debt in rj1.debts()]
    compare_waiting(rj1.database)
    assert [debt.model_dump(exclude={"to_compare"}) for debt in rj1.debts()] == before


def test_a_key_stands_once_for_each_debtor(rj1: Trust):
    rj1.send([row("1", **ADA)])
    compare_waiting(rj1.database)
    rj1.send([row("1", **ADA, uk_postcode="SE1 7EJ")], on="2026-11-23")
    compare_waiting(rj1.database)
    with rj1.database.reading() as db:
        keys = db.exec(select(LikenessKey.key)).all()
        assert db.exec(select(Debt.to_compare)).all() == [False]
    assert len(keys) == len(set(keys)) > 3


def test_a_birthday_written_for_all_who_did_not_tell_costs_no_comparisons(rj1: Trust, monkeypatch):
    monkeypatch.setattr(comparing, "CROWD", 3)
    rj1.send([row(str(number), **ADA | {"passport_number": f"B{number}000000"}) for number in range(1, 6)])
    compare_waiting(rj1.database)
    assert (found(rj1), waiting(rj1)) == ([], [])


def test_what_is_too_much_for_one_transaction_is_done_in_several(rj1: Trust, monkeypatch):
    monkeypatch.setattr(comparing, "PAIRS", 2)
    rj1.send([row(str(number), **ADA | {"passport_number": f"B{number}000000"}) for number in range(1, 6)])
    assert comparing._compare_some(rj1.database) == 1
    assert compare_waiting(rj1.database) == 4
    assert (len(found(rj1)), waiting(rj1)) == (10, [])


def meanwhile(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object]) -> None:
    """Does something between the scoring of persons and the writing down of what came out."""
    scored = proposals.look_again

    def then(*asked: Any) -> Any:
        found = scored(*asked)
        deed()
        return found

    monkeypatch.setattr(proposals, "look_again", then)


def test_nobody_who_writes_waits_while_persons_are_scored(rj1: Trust, monkeypatch):
    rj1.send([row("1", **ADA), row("2", **ADA | SWAPPED)])
    somebody = Database(rj1.database.url.render_as_string(hide_password=False), Patience(locked=0.2, turn=0.2))

    def write() -> None:
        with somebody.writing() as db:
            take_turns(db, ["register"])
            db.execute(update(Debtor).values(created_at=Debtor.created_at))

    meanwhile(monkeypatch, write)
    assert compare_waiting(rj1.database) == 2
    somebody.close()
    assert len(found(rj1)) == 1


def test_a_debt_that_is_corrected_while_it_is_compared_is_compared_again(rj1: Trust, team: Actor, monkeypatch):
    rj1.send([row("1", **ADA), row("2", **ADA | SWAPPED)])

    meanwhile(monkeypatch, lambda: become_another(rj1))
    comparing._compare_some(rj1.database)
    assert waiting(rj1) == ["2"]
    monkeypatch.undo()
    compare_waiting(rj1.database)
    assert (found(rj1), waiting(rj1)) == ([], [])


def test_what_is_decided_while_it_is_looked_at_again_is_left_alone(rj1: Trust, team: Actor, monkeypatch):
    rj1.send([row("1", **ADA), row("2", **ADA | SWAPPED)])
    compare_waiting(rj1.database)
    become_another(rj1)

    def decide() -> None:
        with at("2026-11-23"), rj1.database.writing() as db:
            matches.decide(db, team, found(rj1)[0].id, State.DIFFERENT, State.OPEN)

    meanwhile(monkeypatch, decide)
    compare_waiting(rj1.database)
    assert [match.state for match in found(rj1)] == [State.DIFFERENT]


def test_a_service_that_stops_leaves_the_rest_waiting(rj1: Trust):
    rj1.send([row("1", **ADA), row("2", **ADA | SWAPPED)])
    assert compare_waiting(rj1.database, lambda: True) == 0
    assert waiting(rj1) == ["1", "2"]


def test_where_only_withdrawn_debts_wait_there_is_nothing_to_compare(rj1: Trust):
    rj1.send([row("1", **ADA)])
    with at("2026-11-22"), rj1.database.writing() as db:
        move = Move(Status.WITHDRAWN, date(2026, 11, 22), 255000, "duplicate")
        service.change_status(db, rj1.officer, rj1.debt("1").id, move)
    assert waiting(rj1) == ["1"]
    assert compare_waiting(rj1.database) == 1
    assert (found(rj1), waiting(rj1)) == ([], [])
