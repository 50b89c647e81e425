"""A debt is marked as below the threshold exactly while its person owes its trust less, whatever led there."""

from datetime import date

from app.debts import service, thresholds
from app.debts.service import Move
from app.organisations.models import Organisation
from app.return_template.choices import Status
from app.returns.answering import Answer, answer
from tests.returns.conftest import at, row

ADA = {"given_names": "Ada", "passport_number": "A0123456"}
SMALL = {"invoice_amount": "300.00", "amount_outstanding": "300.00"}


def marked(trust):
    return {debt.invoice_number: debt.below_threshold for debt in trust.debts()}


def pay(trust, number, left):
    debt = trust.debt(number)
    with at("2026-11-22"), trust.database.writing() as db:
        service.change_status(db, trust.officer, debt.id, Move(Status(debt.status), None, left))


def test_a_row_that_is_too_young_counts_for_the_others_but_does_not_hide_what_is_owed_without_it(rj1):
    sent = rj1.send([row("1", **ADA, **SMALL), row("2", **ADA, **SMALL, invoice_date="20/10/2026")]).return_
    assert rj1.codes(sent) == ["R10"]
    assert marked(rj1) == {"1": True}
    rj1.send([row("2", **ADA, **SMALL, invoice_date="20/10/2026")], period="2026-12", on="2026-12-31")
    assert marked(rj1) == {"1": False, "2": False}


def test_taking_back_a_correction_of_the_person_counts_for_the_person_as_it_was(rj1):
    rj1.send([row("1", **ADA, **SMALL), row("2", **ADA, **SMALL)], on="2026-10-20")
    corrected = rj1.send([row("1", given_names="Adaa", passport_number="B2", **SMALL)]).return_
    assert marked(rj1) == {"1": True, "2": True}
    rj1.withdraw(corrected)
    assert marked(rj1) == {"1": False, "2": False}


def test_a_person_with_another_name_under_the_same_passport_is_summed_with_all_that_is_theirs(rj1):
    rj1.send(
        [
            row("1", given_names="Ada", passport_number="A0123456"),
            row("2", given_names="Eva", passport_number="A0123456", **SMALL),
            row("3", given_names="Eva", passport_number="", **SMALL),
        ]
    )
    pay(rj1, "1", 1000)
    assert marked(rj1) == {"1": True, "2": False, "3": False}


def test_what_named_the_wrong_person_is_owed_by_nobody(rj1):
    rj1.send([row("1", **ADA), row("2", **ADA)], on="2026-10-20")
    pay(rj1, "1", 10000)
    pay(rj1, "2", 40000)
    rj1.send([row("1", family_name="Other", given_names="Quite", passport_number="Z9", date_of_birth="01/02/1950")])
    (asked,) = rj1.open_rows()
    with at("2026-11-22"), rj1.database.writing() as db:
        answer(db, rj1.officer, asked.id, Answer.WRONG_PERSON_BEFORE)
    assert sorted((debt.status, debt.invoice_number, debt.below_threshold) for debt in rj1.debts()) == [
        ("outstanding", "1", False), ("outstanding", "2", True), ("withdrawn", "1", False)
    ]  # fmt: skip


def test_a_predecessors_debt_counts_with_its_successors(hospital):
    before = hospital("RYJ")
    before.send([row("1", **ADA, **SMALL), row("2", **ADA, **SMALL)])
    with before.database.writing() as db:
        taken = db.get_one(Organisation, "RYJ")
        taken.successor_code, taken.successor_from = "RJ1", date(2026, 11, 20)
        db.add(taken)
    with at("2026-11-22"):
        thresholds.mergers_begun(before.database)
    after = hospital("RJ1", "RYJ")
    after.send([row("3", **ADA)])
    pay(after, "2", 10000)
    assert marked(after) == {"1": False, "2": False, "3": False}
