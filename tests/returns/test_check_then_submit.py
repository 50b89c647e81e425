"""Check, then submit: nothing is merged by a check, and what was shown must still hold when it is sent."""

import pytest

from app.core.errors import NotFound
from tests.returns.conftest import Trust, row


def test_a_check_merges_nothing_and_has_no_reference(rj1: Trust):
    got = rj1.send([row("1"), row("2", date_of_birth="")], check_only=True).return_
    assert (got.lifecycle, got.reference, got.new, got.rejected) == ("checked", None, 1, 1)
    assert rj1.debts() == [] and rj1.open_rows() == []


def test_submitting_a_check_merges_it_under_the_same_id(rj1: Trust):
    checked = rj1.send([row("1"), row("2", date_of_birth="")], check_only=True).return_
    got = rj1.submit(checked.id)
    assert got.return_.id == checked.id and not got.conflict
    assert (got.return_.lifecycle, got.return_.reference) == ("submitted", "DR-2026-10-RJ1-01")
    assert len(rj1.debts()) == 1 and len(rj1.open_rows()) == 1


def test_submitting_twice_gives_the_same_return(rj1: Trust):
    checked = rj1.send([row("1")], check_only=True).return_
    assert rj1.submit(checked.id).return_.reference == rj1.submit(checked.id).return_.reference
    assert len(rj1.debts()) == 1


def test_a_check_that_another_upload_overtook_is_shown_anew_and_can_then_be_submitted(rj1: Trust):
    checked = rj1.send([row("1"), row("2")], check_only=True).return_
    rj1.send([row("1")])
    overtaken = rj1.submit(checked.id)
    assert overtaken.conflict and overtaken.return_.lifecycle == "checked"
    assert rj1.results(overtaken.return_) == {2: ("unchanged", []), 3: ("new", [])}
    assert len(rj1.debts()) == 1, "nothing was merged"
    assert rj1.submit(checked.id).return_.lifecycle == "submitted"


def test_a_check_of_bytes_that_were_submitted_meanwhile_gives_that_return(rj1: Trust):
    checked = rj1.send([row("1")], check_only=True).return_
    sent = rj1.send([row("1")]).return_
    assert rj1.submit(checked.id).return_.id == sent.id


def test_a_check_is_forgotten_after_a_day(rj1: Trust):
    checked = rj1.send([row("1")], check_only=True, on="2026-11-20T09:00").return_
    with pytest.raises(NotFound):
        rj1.submit(checked.id, on="2026-11-21T09:01")


def test_clinical_words_seen_in_a_check_are_still_withheld_when_it_is_submitted(rj1: Trust):
    checked = rj1.send([row("1", uk_address="HIV positive")], check_only=True).return_
    got = rj1.submit(checked.id)
    assert not got.conflict
    assert rj1.codes(got.return_) == ["R17"]
