"""A debtor: one person's debts across organisations, for those who may look across."""

from datetime import date

import pytest

from app.accounts.access import Actor
from app.core.errors import NotFound
from app.debts import debtors, service
from app.debts.debtors import DebtorView
from app.debts.service import Move
from app.return_template.choices import Status
from tests.returns.conftest import MakeTrust, Trust, at, row

SAME = {"given_names": "Ada", "passport_number": "A7654321"}


def seen(trust: Trust, actor: Actor, debtor_id: str) -> DebtorView:
    with at("2026-11-22"), trust.database.reading() as db:
        return debtors.debtor(db, actor, debtor_id)


def test_debts_of_one_person_at_two_trusts_are_added_up_while_they_are_open(hospital: MakeTrust, team: Actor):
    one, other = hospital("RJ1"), hospital("RYJ")
    one.send([row("1", **SAME), row("2", **SAME, amount_outstanding="600.00")])
    other.send([row("3", **SAME, amount_outstanding="500.50", invoice_date="01/02/2026")])
    with at("2026-11-22"), one.database.writing() as db:
        move = Move(Status.WITHDRAWN, date(2026, 11, 22), 60000, "duplicate")
        service.change_status(db, one.officer, one.debt("2").id, move)
    found = seen(one, team, one.debt("1").debtor_id)
    assert [debt.invoice_number for debt in found.debts] == ["3", "1", "2"]
    assert (found.outstanding, found.organisations) == (255000 + 50050, ["RJ1", "RYJ"])


def test_the_id_of_a_debtor_who_was_joined_answers_with_the_older(rj1: Trust, team: Actor):
    rj1.send([row("1", passport_number="", given_names="Ada"), row("2", given_names="Adah")])
    older, younger = rj1.debt("1").debtor_id, rj1.debt("2").debtor_id
    assert older != younger
    with at("2026-11-22"), rj1.database.writing() as db:
        service.amend(db, rj1.officer, rj1.debt("2").id, {"given_names": "Ada"})
    assert seen(rj1, team, younger) == seen(rj1, team, older)
    assert seen(rj1, team, younger).id == older
    assert len(seen(rj1, team, older).debts) == 2


def test_a_trust_finds_no_debtor_and_nobody_finds_one_that_is_not_there(rj1: Trust, team: Actor):
    rj1.send([row("1")])
    for actor, debtor_id in ((rj1.officer, rj1.debt("1").debtor_id), (team, "0" * 32)):
        with pytest.raises(NotFound):
            seen(rj1, actor, debtor_id)
