"""What a recipient sent back stays with its trust while the debt stands, whichever return is taken back."""

import pytest

from app.releases.funnel import Funnel
from tests.old_register.conftest import Office, line, office
from tests.releases.test_acknowledgement import LATER, mended, rejecting, released, steps, take
from tests.returns.conftest import Trust, at, hospital, rj1, row
from tests.verifying.conftest import Differences, differences

__all__ = ["at", "differences", "hospital", "office", "rj1"]

TO_MEND = Funnel(lines=1, rejected=1, to_mend=1)


def to_mend(trust: Trust) -> list[tuple[str | None, str, str, int]]:
    return [(open_.invoice_number, open_.origin, open_.return_id, open_.row) for open_ in trust.open_rows()]


def test_a_debt_that_was_sent_back_is_still_to_mend_when_the_return_that_changed_it_last_is_taken_back(
    rj1: Trust,
    differences: Differences,
):
    first = rj1.send([row("0"), row("1")]).return_
    last = rj1.send([row("1", amount_outstanding="2000.00")], "2026-11").return_
    of = released(rj1)
    take(rj1, of, rejecting(rj1, "1"))
    rj1.withdraw(last, on=LATER)
    assert to_mend(rj1) == [("1", "acknowledgement", first.id, 3)]
    assert steps(rj1, of).whole == Funnel(lines=2, loaded=1, rejected=1, to_mend=1)
    assert rj1.open_rows()[0].findings[0]["row"] == 3 and differences(LATER) == []
    rj1.send([row("1", passport_number="B7654321")], "2026-11", on=LATER)
    assert to_mend(rj1) == [] and mended(rj1) == {rj1.debt("1").id}


def test_it_closes_with_the_return_that_had_reported_the_debt_first(rj1: Trust, differences: Differences):
    first = rj1.send([row("1")]).return_
    take(rj1, released(rj1), rejecting(rj1, "1"))
    rj1.withdraw(first, on=LATER)
    assert to_mend(rj1) == [] and differences(LATER) == []


@pytest.mark.parametrize("mending", [{"passport_number": "B7654321"}, {"date_of_birth": "?"}])
def test_what_a_return_had_mended_or_sent_back_again_is_to_mend_once_both_returns_are_taken_back(
    rj1: Trust,
    differences: Differences,
    mending: dict[str, str],
):
    first = rj1.send([row("1")]).return_
    changed = rj1.send([row("1", amount_outstanding="2000.00")], "2026-11").return_
    of = released(rj1)
    take(rj1, of, rejecting(rj1, "1"))
    mend = rj1.send([row("1", amount_outstanding="2000.00", **mending)], "2026-11", on=LATER).return_
    for each in (changed, mend):
        rj1.withdraw(each, on=LATER)
    assert to_mend(rj1) == [("1", "acknowledgement", first.id, 2)] and steps(rj1, of).whole == TO_MEND
    assert differences(LATER) == []


def test_a_debt_of_the_old_register_that_was_sent_back_is_still_to_mend_when_no_return_speaks_of_it_any_more(
    rj1: Trust,
    office: Office,
    differences: Differences,
):
    office.load([line("1")])
    only = rj1.send([row("1", invoice_date="14/06/2024", amount_outstanding="1000.00")], "2026-11").return_
    of = released(rj1)
    take(rj1, of, rejecting(rj1, "1"))
    rj1.withdraw(only, on=LATER)
    assert [open_.invoice_number for open_ in rj1.open_rows()] == ["1"] and steps(rj1, of).whole == TO_MEND
    assert differences(LATER) == []
