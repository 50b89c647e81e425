"""Uploads at the same moment end as if one came after the other, on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from app.core.errors import NotFound
from app.debts.models import Debtor
from app.returns import checks
from app.returns.models import Return
from tests.returns.conftest import MakeTrust, Trust, at, row


def test_the_same_file_sent_twelve_times_at_once_is_one_return_merged_once(rj1: Trust):
    with ThreadPoolExecutor(12) as people:
        got = list(people.map(lambda _: rj1.send([row("1"), row("2")]), range(12)))
    assert len({each.return_.id for each in got}) == 1
    assert sum(each.created for each in got) == 1
    assert len(rj1.debts()) == 2


def test_two_people_of_one_trust_who_send_different_files_lose_nothing(rj1: Trust):
    files = [[row(f"{person}-{number}") for number in range(5)] for person in range(8)]
    with ThreadPoolExecutor(8) as people:
        got = list(people.map(rj1.send, files))
    assert sorted(each.return_.reference for each in got) == [f"DR-2026-10-RJ1-{number:02d}" for number in range(1, 9)]
    assert len(rj1.debts()) == 40


def test_a_check_submitted_by_two_hands_at_once_is_merged_once(rj1: Trust):
    checked = rj1.send([row("1")], check_only=True).return_
    with ThreadPoolExecutor(6) as people:
        got = list(people.map(lambda _: rj1.submit(checked.id), range(6)))
    assert {each.return_.reference for each in got} == {"DR-2026-10-RJ1-01"}
    assert len(rj1.debts()) == 1


def test_two_trusts_that_report_the_same_person_at_once_make_one_debtor(hospital: MakeTrust):
    trusts = [hospital(code) for code in ("RJ1", "RYJ", "RAL", "RRV")]
    with ThreadPoolExecutor(4) as people:
        list(people.map(lambda trust: trust.send([row("1")]), trusts))
    with hospital.database.reading() as db:
        assert len(db.exec(select(Debtor)).all()) == 1


def test_a_check_that_is_deleted_while_its_submission_waits_is_not_there_and_a_submitted_one_stays(rj1: Trust):
    """The purge deletes checks of yesterday; one of them may be submitted in the same moment."""
    first, second = (rj1.send([row(number)], check_only=True).return_ for number in ("1", "2"))
    with at("2026-11-22"), rj1.database.writing() as db:
        db.get_one(Return, first.id)  # seen, as by a submission that then waits
        with_it_gone = select(Return.id).where(Return.id == first.id)
        assert checks.forget(db, [first.id]) == 1
        assert db.execute(with_it_gone).all() == []
        with pytest.raises(NotFound):
            checks.kept_check(db, first.id)
    rj1.submit(second.id)
    with at("2026-11-24"), rj1.database.writing() as db:
        assert checks.forget(db, [second.id]) == 0, "found as a check, submitted before it was deleted"
    assert len(rj1.debts()) == 1
