"""Two debts that share an organisation's invoice number, or a successor's and its predecessor's: each has its own fate."""

from datetime import date

import pytest
from sqlmodel import select, update

from app.core import clock
from app.core.db import Database
from app.debts.models import Debt
from app.organisations.models import Organisation
from app.releases.funnel import funnel
from app.retention import open_rows as retention
from app.returns import amending, answering
from app.returns.answering import Answer
from app.returns.models import OpenRow
from tests.releases.leaving import answered, leaves
from tests.returns.conftest import MakeTrust, Trust, at, hospital, rj1, row

__all__ = ["hospital", "rj1"]

STRANGER = {
    "family_name": "Other",
    "given_names": "Somebody",
    "date_of_birth": "01/02/1970",
    "passport_number": "Z1234567",
}


def debts_of(database: Database) -> list[Debt]:
    with database.reading() as db:
        return list(db.exec(select(Debt).order_by(Debt.id)))


def test_what_the_successor_mends_is_not_the_predecessors(hospital: MakeTrust):
    before, after = hospital("RYJ"), hospital("RJ1")
    database = before.database
    before.send([row("1")])
    after.send([row("1", **STRANGER)])
    with database.writing() as db:
        succeeds = {"successor_code": "RJ1", "successor_from": date(2026, 11, 23)}
        db.execute(update(Organisation).values(**succeeds).where(Organisation.code == "RYJ"))
    of = leaves(database, "full", on="2026-11-24")
    answered(database, of, *[(debt.reference, "rejected", "no match") for debt in debts_of(database)], on="2026-11-25")
    (own,) = [debt for debt in debts_of(database) if debt.organisation_code == "RJ1"]
    with at("2026-11-26"), database.writing() as db:
        amending.amend(db, after.officer, own.id, {"passport_number": "B7654321"})
    with at("2026-11-26"), database.reading() as db:
        found = {code: (one.mended, one.to_mend) for code, one in funnel(db, of.id).by_organisation.items()}
    assert found == {"RJ1": (1, 0), "RYJ": (0, 1)}


@pytest.fixture
def both(rj1: Trust) -> tuple[Debt, Debt]:
    """The debt of the person whom the trust had named wrongly, which is withdrawn, and that of the right one."""
    rj1.send([row("1")])
    leaves(rj1.database, "full")
    rj1.send([row("1", **STRANGER)], on="2026-11-23", period="2026-11")
    with at("2026-11-24"), rj1.database.writing() as db:
        answering.answer(db, rj1.officer, rj1.open_rows()[0].id, Answer.WRONG_PERSON_BEFORE)
    wrong, right = debts_of(rj1.database)
    return wrong, right


def test_a_removal_that_is_loaded_after_all_closes_no_row_of_the_right_person(
    rj1: Trust, both: tuple[Debt, Debt],
):  # fmt: skip
    wrong, right = (debt.reference for debt in both)
    of = leaves(rj1.database, on="2026-11-25")
    answered(rj1.database, of, (wrong, "rejected", "locked"), (right, "rejected", "no match"), on="2026-11-26")
    answered(rj1.database, of, (wrong, "loaded", ""), on="2026-11-27", replaces=True)
    assert [open_.invoice_number for open_ in rj1.open_rows()] == ["1"]


def test_a_row_that_the_version_before_opened_is_found_by_its_number(rj1: Trust):
    rj1.send([row("1")])
    of, (debt,) = leaves(rj1.database, "full"), debts_of(rj1.database)
    answered(rj1.database, of, (debt.reference, "rejected", "no match"), on="2026-11-24")
    with rj1.database.writing() as db:
        db.execute(update(OpenRow).values(debt_id=None))
    with at("2026-11-25"), rj1.database.writing() as db:
        amending.amend(db, rj1.officer, debt.id, {"passport_number": "B7654321"})
    with rj1.database.reading() as db:
        assert (rj1.open_rows(), funnel(db, of.id).whole.mended) == ([], 1)


def test_a_row_is_forgotten_with_its_debt_though_another_bears_the_number_by_now(rj1: Trust):
    rj1.send([row("1")])
    of, (wrong,) = leaves(rj1.database, "full"), debts_of(rj1.database)
    answered(rj1.database, of, (wrong.reference, "rejected", "no match"), on="2026-11-23")
    rj1.send([row("1", **STRANGER)], on="2026-11-23", period="2026-11")
    (came_back,) = rj1.open_rows()
    with at("2026-11-24"), rj1.database.writing() as db:
        answering.answer(db, rj1.officer, came_back.id, Answer.WRONG_PERSON_BEFORE)
    right = debts_of(rj1.database)[-1]
    for debt, said in ((right, [False, False]), (wrong, [True, False])):
        with rj1.database.writing() as db:
            retention.forget_sent_back(db, ["RJ1"], {debt.id: "1"}, clock.now())
            rows = db.exec(select(OpenRow).order_by(OpenRow.id)).all()
            assert [one.cells == {} for one in rows] == said
