"""Which status may be reported first, which may follow which, and on what day (R13, R14, R15, R21, W05, W10)."""

from datetime import date

import pytest

from app.debts.rules.status import MOVES
from app.return_template.choices import Status
from tests.returns.rules.building import codes, finding, held, judged, outcome, row

OCTOBER_5 = date(2026, 10, 5)


def typed(status: Status, **changes):
    """A row that says this status, dated 5 October unless it is outstanding."""
    when = {} if status is Status.OUTSTANDING else {"status_date": OCTOBER_5}
    left = {"amount_outstanding": "0"} if status is Status.REPAID else {}
    return row(status=status.label, **when | left | changes)


def known(status: Status, **changes):
    left = {"amount_outstanding": 0} if status is Status.REPAID else {}
    day = None if status is Status.OUTSTANDING else date(2026, 9, 1)
    return held(**{"status": status.value, "status_date": day, "status_from": "outstanding"} | left | changes)


@pytest.mark.parametrize(
    "words",
    ["Debt outstanding", "debt  OUTSTANDING", "outstanding", "Repayment arrangement", "repaid", "Defaulted",
     "Defaulted – debt still outstanding", "Withdrawn - reported in error"],
)  # fmt: skip
def test_a_status_is_known_by_its_words_whatever_their_case_and_punctuation(words: str):
    assert "R13" not in codes(row(status=words, status_date=OCTOBER_5))


@pytest.mark.parametrize("words", ["Paid", "Open", "Debt", "-", 1.0, "Debt outstanding?!x"])
def test_another_word_is_no_status_and_the_finding_lists_those_that_are(words: object):
    assert codes(row(status=words)) == ["R13"]
    assert "Debt outstanding, Repayment arrangement" in finding("R13", row(status="Paid")).message


def test_a_debt_is_first_reported_while_it_is_owed():
    assert codes(typed(Status.OUTSTANDING)) == []
    assert codes(typed(Status.ARRANGEMENT)) == []
    assert codes(typed(Status.DEFAULTED)) == ["W10"]
    assert codes(typed(Status.REPAID)) == ["R15"]
    assert codes(typed(Status.WITHDRAWN)) == ["R15"]


def test_a_repaid_debt_is_taken_when_the_trust_says_that_it_was_reported_before_the_service_began():
    assert outcome(typed(Status.REPAID), answers={"R15"}) == ("new", [])


@pytest.mark.parametrize("was", Status)
@pytest.mark.parametrize("wanted", Status)
def test_a_status_moves_as_the_table_says_and_the_same_again_is_no_move(was: Status, wanted: Status):
    result, found = outcome(typed(wanted), register=known(was))
    assert ("R14" in found) == (wanted is not was and wanted not in MOVES[was])
    if not found or found == ["W10"]:
        assert result == "changed" if wanted is not was or was is not Status.OUTSTANDING else "unchanged"


def test_the_words_say_from_what_to_what_and_what_is_allowed():
    words = finding("R14", typed(Status.OUTSTANDING), register=known(Status.ARRANGEMENT)).message
    assert words == (
        'Row 2, Debt status (E2): a debt with the status "Repayment arrangement" cannot become "Debt outstanding". It '
        "can become Defaulted - debt still outstanding, Debt repaid or Withdrawn - reported in error."
    )
    closed = finding("R14", typed(Status.OUTSTANDING), register=known(Status.REPAID)).message
    assert closed.endswith('a debt with the status "Debt repaid" cannot become "Debt outstanding". '
                           "Only the Debtors Team can reopen it: ask them.")  # fmt: skip


def test_a_default_without_an_arrangement_before_draws_a_question():
    assert codes(typed(Status.DEFAULTED), register=known(Status.OUTSTANDING)) == ["W10"]
    assert codes(typed(Status.DEFAULTED), register=known(Status.ARRANGEMENT)) == []


@pytest.mark.parametrize("status", [Status.ARRANGEMENT, Status.DEFAULTED])
def test_every_status_but_outstanding_has_its_day(status: Status):
    assert "R21" in codes(typed(status, status_date=None))
    assert "R21" not in codes(typed(status))


def test_a_new_status_needs_a_day_of_its_own_even_when_the_debt_has_one():
    assert codes(typed(Status.DEFAULTED, status_date=None), register=known(Status.ARRANGEMENT)) == ["R21"]
    assert codes(typed(Status.ARRANGEMENT, status_date=None), register=known(Status.ARRANGEMENT)) == []


def test_a_status_cannot_begin_before_the_invoice_or_after_the_upload():
    assert codes(typed(Status.ARRANGEMENT, status_date=date(2026, 6, 13))) == ["R21"]
    assert codes(typed(Status.ARRANGEMENT, status_date=date(2026, 6, 14))) == []
    assert codes(typed(Status.ARRANGEMENT, status_date=date(2026, 11, 22))) == []
    assert codes(typed(Status.ARRANGEMENT, status_date=date(2026, 11, 23))) == ["R21"]


def test_a_status_date_that_cannot_be_read_is_not_missing_too():
    assert codes(typed(Status.ARRANGEMENT, status_date="soon")) == ["R02"]
    assert codes(typed(Status.DEFAULTED, status_date="soon"), register=known(Status.ARRANGEMENT)) == ["R02"]


def test_more_outstanding_than_before_draws_a_question_and_less_does_not():
    before = held(amount_outstanding=100000)
    assert outcome(row(amount_outstanding="1000.01"), register=before) == ("changed", ["W05"])
    assert outcome(row(amount_outstanding="999.99"), register=before) == ("changed", [])
    words = finding("W05", row(amount_outstanding="2000"), register=before)
    assert '"£1,000.00" reported before' in words.message
    assert "1,000" not in words.unquoted


def test_an_amount_alone_is_an_update_and_does_not_move_the_status_date():
    (one,) = judged(row(amount_outstanding="2000", status="Repayment arrangement"), register=known(Status.ARRANGEMENT))
    assert one.statement is not None
    assert (one.statement.move, one.statement.keys) == ("updated", {"amount_outstanding"})
    assert one.row.status_date == date(2026, 9, 1)


def test_a_status_that_cannot_be_read_brings_no_question_about_the_move():
    assert codes(row(status="Paid", amount_outstanding="0"), register=known(Status.REPAID)) == ["R13"]
