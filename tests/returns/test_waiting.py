"""Checks that take their time: told by any process, to their sender alone, and never half done."""

from datetime import timedelta

import pytest

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE, Actor
from app.accounts.permissions import Role
from app.core import clock
from app.core.errors import NotFound
from app.periods.calendar import Period
from app.returns import waiting
from app.returns.models import WaitingCheck
from app.returns.service import Upload
from tests.api.conftest import fill, row, workbook


@pytest.fixture
def ovm(database) -> Actor:
    fill(database)
    with database.writing() as db:
        return accounts.actor_for_user(db, accounts.add_user(db, COMMAND_LINE, "ovm@rj1.example", Role.TRUST, "RJ1"))


def sent(data: bytes) -> Upload:
    return Upload("RJ1", Period(2026, 10), data, "return.xlsx", clock.now(), check_only=True)


def test_whoever_comes_back_finds_the_check_that_was_made_meanwhile(database, ovm):
    id_, future = waiting.begin(database, ovm, sent(workbook(row(1))))
    made = future.result(30).return_
    with database.reading() as db:
        found = waiting.find(db, ovm, id_)
    assert (found.return_id, found.refusal) == (made.id, [])


def test_a_refused_file_is_told_later_without_a_word_of_the_file(database, ovm):
    id_, future = waiting.begin(database, ovm, sent(b"Ada Okonkwo;1970-01-02\nBen Adeyemi;1971-01-02\n"))
    assert future.result(30).refusal
    with database.reading() as db:
        found = waiting.find(db, ovm, id_)
    assert found.return_id is None
    assert found.refusal
    assert "Okonkwo" not in " ".join(found.refusal)


def test_a_check_is_its_senders_alone(database, ovm):
    id_, future = waiting.begin(database, ovm, sent(workbook(row(1))))
    future.result(30)
    with database.reading() as db, pytest.raises(NotFound):
        waiting.find(db, Actor("somebody else", "Somebody Else"), id_)


def test_a_check_whose_process_died_says_so_after_a_minute(database, ovm):
    began = clock.now()
    check = WaitingCheck(actor=ovm.id, organisation_code="RJ1", period="2026-10", began_at=began)
    assert not waiting.has_stopped(check)
    with clock.at(began + timedelta(seconds=61)):
        assert waiting.has_stopped(check)
