"""Taking a return back undoes that return alone: what others said before and after it stands as if it had never been."""

from collections.abc import Callable
from datetime import date

import pytest

from app.debts import holds, queries
from app.debts.models import DebtEvent
from app.returns import answering, open_rows
from app.returns.answering import Answer
from app.returns.models import Return
from tests.debts.test_warnings_index import at_once, feed
from tests.old_register.conftest import AS_AT, Office, line, office
from tests.returns.conftest import Trust, at, row
from tests.returns.test_open_rows import mended, rejections
from tests.returns.test_successors import merged

__all__ = ["at_once", "merged", "office"]

SEPTEMBER, OCTOBER, NOVEMBER = "2026-09", "2026-10", "2026-11"


def left_open(trust: Trust) -> list[tuple[str | None, str]]:
    """What is still to mend, each with the month of the return that says so."""
    return [(open_.invoice_number, open_.period) for open_ in trust.open_rows()]


def test_a_row_stays_closed_when_a_later_return_has_settled_its_invoice(rj1: Trust):
    rj1.send([row("1", date_of_birth="?")], SEPTEMBER)
    middle = rj1.send([row("1", date_of_birth="??")], OCTOBER).return_
    last = rj1.send([row("1")], NOVEMBER).return_
    rj1.withdraw(middle)
    assert left_open(rj1) == [] and rj1.debt("1").status == "outstanding"
    rj1.withdraw(last)
    assert left_open(rj1) == [("1", SEPTEMBER)] and rj1.debt("1").status == "withdrawn"


def test_an_invoice_that_came_back_three_times_is_open_once_whichever_returns_are_taken_back(rj1: Trust):
    first, middle, last = (
        rj1.send([row("1", date_of_birth=wrong)], month).return_
        for wrong, month in (("?", SEPTEMBER), ("??", OCTOBER), ("???", NOVEMBER))
    )
    rj1.withdraw(middle)
    assert left_open(rj1) == [("1", NOVEMBER)]
    rj1.withdraw(last)
    assert left_open(rj1) == [("1", SEPTEMBER)]
    rj1.withdraw(first)
    assert left_open(rj1) == []


def test_a_later_refusal_stands_alone_when_the_acceptance_before_it_is_taken_back(rj1: Trust):
    rj1.send([row("1", date_of_birth="?")], SEPTEMBER)
    accepted = rj1.send([row("1")], OCTOBER).return_
    last = rj1.send([row("1", amount_outstanding="-1")], NOVEMBER).return_
    rj1.withdraw(accepted)
    assert left_open(rj1) == [("1", NOVEMBER)]
    rj1.withdraw(last)
    assert left_open(rj1) == [("1", SEPTEMBER)]


def test_what_two_returns_accepted_stays_closed_while_one_of_them_stands(rj1: Trust):
    rj1.send([row("1", date_of_birth="?")], SEPTEMBER)
    accepted = rj1.send([row("1")], OCTOBER).return_
    last = rj1.send([row("1", amount_outstanding="2000.00")], NOVEMBER).return_
    rj1.withdraw(accepted)
    assert left_open(rj1) == [] and rj1.debt("1").status == "outstanding"
    rj1.withdraw(last)
    assert left_open(rj1) == [("1", SEPTEMBER)]


def test_a_row_is_open_again_when_only_a_confirmation_of_the_report_that_is_undone_came_later(rj1: Trust):
    rj1.send([row("1", date_of_birth="?")], SEPTEMBER)
    reported = rj1.send([row("1")], OCTOBER).return_
    rj1.send([row("1")], NOVEMBER)
    rj1.withdraw(reported)
    assert left_open(rj1) == [("1", SEPTEMBER)] and rj1.debt("1").status == "withdrawn"


def test_what_the_trust_will_not_mend_stays_closed_when_the_return_that_sent_it_back_again_is_taken_back(rj1: Trust):
    rj1.send([row("1", date_of_birth="?")], SEPTEMBER)
    again = rj1.send([row("1", date_of_birth="??")], OCTOBER).return_
    (open_,) = rj1.open_rows()
    with at("2026-11-22"), rj1.database.writing() as db:
        open_rows.close(db, rj1.officer, open_.id, "the patient has paid")
    rj1.withdraw(again)
    assert left_open(rj1) == []


def test_an_answer_that_was_taken_into_the_register_is_undone_with_its_return(rj1: Trust):
    repaid = row("1", status="Debt repaid", status_date="01/10/2026", amount_outstanding="0")
    rj1.send([repaid | {"date_of_birth": "?"}], SEPTEMBER)
    again = rj1.send([repaid], OCTOBER).return_
    (open_,) = rj1.open_rows()
    with at("2026-11-22"), rj1.database.writing() as db:
        answering.answer(db, rj1.officer, open_.id, Answer.REPORTED_BEFORE_SERVICE)
    rj1.withdraw(again)
    assert left_open(rj1) == [("1", SEPTEMBER)] and rj1.debt("1").status == "withdrawn"


def test_a_row_mended_under_another_number_stays_closed_while_a_later_return_confirms_that_number(rj1: Trust):
    sent = rj1.send([row("1", date_of_birth="?")], SEPTEMBER).return_
    corrected = mended(rejections(rj1, sent), Date_of_birth="27/03/1985", Invoice_number="1-corrected")
    middle = rj1.send(corrected, OCTOBER).return_
    last = rj1.send([row("1-corrected", given_names="Ada 1", passport_number="A0000001", uk_address="2 New Street")],
                    NOVEMBER).return_  # fmt: skip
    rj1.withdraw(middle)
    assert left_open(rj1) == [] and rj1.debt("1-corrected").status == "outstanding"
    rj1.withdraw(last)
    assert left_open(rj1) == [("1", SEPTEMBER)]


def test_a_row_without_a_number_that_an_old_workbook_sent_back_again_is_open_once(rj1: Trust):
    first = rejections(rj1, rj1.send([row("")], SEPTEMBER).return_)
    accepted = rj1.send(mended(first, Invoice_number="A7"), OCTOBER).return_
    last = rj1.send(mended(first, Family_name="Exx"), NOVEMBER).return_
    rj1.withdraw(accepted)
    assert left_open(rj1) == [(None, NOVEMBER)]
    rj1.withdraw(last)
    assert left_open(rj1) == [(None, SEPTEMBER)]


NOT_TOLD = {"patient_informed": "No"}


def is_held(trust: Trust) -> bool:
    """Whether debt 1 is held; that its history says the same of its holds is looked at too."""
    debt = trust.debt("1")
    with trust.database.reading() as db:
        standing = [(hold.kind, hold.code) for hold in holds.standing_of(db, debt.id)]
    kinds = [event.kind for event in history(trust)]
    assert standing == [("rule", "R18")] * (kinds.count("held") - kinds.count("released"))
    assert debt.held is bool(standing)
    return debt.held


@pytest.fixture
def doubted(rj1: Trust) -> Callable[..., list[Return]]:
    """Debt 1, reported in August, and what each return from September on says: that the patient was told, or not."""

    def sent(*told: bool) -> list[Return]:
        rj1.send([row("1")], "2026-08", on="2026-10-05")
        months = ("2026-09", "2026-10", "2026-11")
        said = [row("1", other_names=f"Name {place}", **({} if each else NOT_TOLD)) for place, each in enumerate(told)]
        return [rj1.send([each], month).return_ for month, each in zip(months, said, strict=False)]  # type: ignore[misc]

    return sent


def history(trust: Trust) -> list[DebtEvent]:
    with trust.database.reading() as db:
        return list(queries.history(db, trust.debt("1")))


def test_a_debt_stays_held_while_another_return_doubts_it_too(rj1: Trust, doubted):
    first, second = doubted(False, False)
    before = len(history(rj1))
    rj1.withdraw(first)
    assert is_held(rj1) and left_open(rj1) == [("1", OCTOBER)]
    assert len(history(rj1)) == before, "nothing happened to the debt"
    rj1.withdraw(second)
    assert not is_held(rj1)


def test_a_debt_is_flagged_again_only_when_nobody_doubts_it(rj1: Trust, at_once, doubted):
    first, second = doubted(False, False)
    rj1.withdraw(first)
    assert feed(rj1) == [("add", "1"), ("remove", "1")]
    rj1.withdraw(second)
    assert feed(rj1) == [("add", "1"), ("remove", "1"), ("add", "1")]


def test_a_doubt_that_was_taken_back_does_not_come_back_with_the_return_that_had_settled_it(rj1: Trust, doubted):
    doubting, settling = doubted(False, True)
    rj1.withdraw(doubting)
    rj1.withdraw(settling)
    assert not is_held(rj1) and left_open(rj1) == []


def test_a_doubt_that_a_later_return_has_settled_as_well_comes_back_with_the_last_of_them(rj1: Trust, doubted):
    _, settling, again = doubted(False, True, True)
    rj1.withdraw(settling)
    assert not is_held(rj1) and left_open(rj1) == []
    rj1.withdraw(again)
    assert is_held(rj1) and left_open(rj1) == [("1", SEPTEMBER)]


def test_a_doubt_that_two_returns_shared_comes_back_for_the_one_that_stands(rj1: Trust, doubted):
    first, second, settling = doubted(False, False, True)
    rj1.withdraw(first)
    rj1.withdraw(settling)
    assert is_held(rj1) and left_open(rj1) == [("1", OCTOBER)]
    rj1.withdraw(second)
    assert not is_held(rj1)


def test_a_debt_that_was_doubted_cleared_and_doubted_again_is_held_once(rj1: Trust, doubted):
    first, settling, last = doubted(False, True, False)
    rj1.withdraw(settling)
    assert is_held(rj1) and left_open(rj1) == [("1", NOVEMBER)]
    rj1.withdraw(last)
    assert is_held(rj1) and left_open(rj1) == [("1", SEPTEMBER)]
    rj1.withdraw(first)
    assert not is_held(rj1)


def test_closing_the_row_with_a_reason_settles_no_doubt_whichever_other_return_is_taken_back(rj1: Trust, doubted):
    first, second = doubted(False, False)
    (open_,) = rj1.open_rows()
    with at("2026-11-22"), rj1.database.writing() as db:
        open_rows.close(db, rj1.officer, open_.id, "the letter was lost")
    rj1.withdraw(first)
    assert is_held(rj1)
    rj1.withdraw(second)
    assert not is_held(rj1)


def test_details_count_from_the_day_on_which_they_were_stated_before(rj1: Trust):
    rj1.send([row("1")], OCTOBER)
    rj1.withdraw(rj1.send([row("1", uk_address="2 Newer Street")], NOVEMBER).return_)
    assert rj1.debt("1").particulars_on == date(2026, 10, 31)
    corrected = rj1.send([row("1", uk_address="3 Right Street")], OCTOBER).return_
    assert (rj1.results(corrected), rj1.debt("1").uk_address) == ({2: ("changed", [])}, "3 Right Street")


def test_details_of_the_old_register_count_from_the_day_of_which_it_spoke(rj1: Trust, office: Office):
    office.load([line("1")])
    sent = rj1.send(
        [row("1", invoice_date="14/06/2024", amount_outstanding="1200", uk_address="2 Newer Street")], NOVEMBER
    )
    rj1.withdraw(sent.return_)
    assert rj1.debt("1").particulars_on == AS_AT


def test_what_the_predecessor_confirmed_stays_confirmed_when_its_successors_return_is_taken_back(merged):
    _, successor = merged
    predecessor = Trust(successor.database, "RYJ", successor.officer)
    told = row("9", invoice_date="01/01/2026", status="Repayment arrangement", status_date="01/02/2026")
    predecessor.send([told], SEPTEMBER)
    late = predecessor.send([told], OCTOBER).return_
    successor.withdraw(successor.send([told], NOVEMBER).return_)
    assert successor.debt("9").confirmed_on == date(2026, 10, 31)
    successor.withdraw(late)
    assert successor.debt("9").confirmed_on == date(2026, 9, 30)


def test_a_flag_that_a_hold_keeps_off_is_not_shown_for_a_moment_while_a_payment_is_taken_back(
    rj1: Trust, at_once, doubted
):
    doubted(False)
    paid = rj1.send(
        [row("1", status="Debt repaid", status_date="01/11/2026", amount_outstanding="0")], NOVEMBER
    ).return_
    rj1.withdraw(paid)
    assert (rj1.debt("1").status, is_held(rj1)) == ("outstanding", True)
    assert feed(rj1) == [("add", "1"), ("remove", "1")]
