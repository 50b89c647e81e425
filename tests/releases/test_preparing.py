"""A release is the register at one instant, as changes against what its recipient was told before."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlmodel import col, delete, select

from app.audit.models import AuditAction, AuditEvent
from app.core.errors import Conflict, Refused
from app.debts import holds, service
from app.debts.models import Debt, DebtEvent
from app.debts.service import Move
from app.releases import moved_on, preparing, preview, queries
from app.releases.models import Release, ReleaseLine, ReleasePart
from app.releases.preparing import AnotherCameBetween, AnotherIsOpen, DebtsWentBetween
from app.releases.rules.words import Change, Scope
from app.return_template.choices import Status
from tests.old_register.conftest import Office, line, office
from tests.releases.carrying import TEAM, abandoned, lines_of, prepared, sent, told
from tests.returns.conftest import MakeTrust, Trust, at, hospital, rj1, row

__all__ = ["MakeTrust", "hospital", "office", "rj1"]

TODAY = date(2026, 11, 22)


def move(trust: Trust, number: str, status: str, amount: int, reason: str | None = None) -> None:
    actor = TEAM if reason else trust.officer
    with at("2026-11-22"), trust.database.writing() as db:
        service.change_status(db, actor, trust.debt(number).id, Move(Status(status), TODAY, amount, reason))


def amend(trust: Trust, number: str, **changes: object) -> None:
    with at("2026-11-22"), trust.database.writing() as db:
        service.amend(db, trust.officer, trust.debt(number).id, changes)


def hold(trust: Trust, number: str, deed=holds.hold) -> None:
    with at("2026-11-22"), trust.database.writing() as db:
        deed(db, TEAM, trust.debt(number).id, "a question")


def test_a_full_release_carries_every_debt_that_is_owed_and_not_held(rj1: Trust):
    rj1.send([row("1"), row("2"), row("3"), row("4")])
    move(rj1, "2", "arrangement", 10000)
    move(rj1, "3", "repaid", 0)
    hold(rj1, "4")
    release = prepared(rj1)
    assert told(rj1, release) == [("1", "new"), ("2", "new")]
    assert (release.state, release.number, release.lines, release.held) == ("checking", 1, 2, 1)
    assert release.counts["by_status"] == {
        "arrangement": {"lines": 1, "pence": 10000}, "outstanding": {"lines": 1, "pence": 255000},
    }  # fmt: skip
    assert release.counts["by_organisation"] == {"RJ1": {"lines": 2, "pence": 265000}}
    assert release.counts["by_nation"] == {"England": {"lines": 2, "pence": 265000}}
    assert release.counts["by_change"] == {"new": {"lines": 2, "pence": 265000}}


def test_its_lines_stay_as_they_were_whatever_becomes_of_the_register(rj1: Trust):
    rj1.send([row("1")])
    release = prepared(rj1)
    before = lines_of(rj1, release)
    move(rj1, "1", "defaulted", 100)
    amend(rj1, "1", family_name="Sample")
    rj1.send([row("2")])
    assert lines_of(rj1, release) == before
    assert before[0].values["family_name"] == "Example" and before[0].values["invoice_date"] == date(2026, 6, 14)
    assert (before[0].shown, before[0].flagged, before[0].row) == (True, False, 2)


def test_each_change_since_the_last_release_is_told_and_nothing_else(rj1: Trust):
    rj1.send([row(str(number)) for number in range(1, 8)])
    assert {change for _, change in sent(rj1)} == {"new"}
    assert sent(rj1, "changes") == []
    rj1.send([row("8")])
    move(rj1, "1", "defaulted", 100)
    amend(rj1, "2", nationality="GHA")
    move(rj1, "3", "repaid", 0)
    move(rj1, "4", "withdrawn", 0)
    hold(rj1, "5")
    amend(rj1, "6", site="North")
    assert sorted(sent(rj1, "changes")) == [
        ("1", "updated"), ("2", "corrected"), ("3", "removed"), ("4", "removed"), ("8", "new")
    ]  # fmt: skip
    assert sent(rj1, "changes") == []


def test_a_debt_that_was_held_meanwhile_is_flagged_again_by_the_next_release(rj1: Trust):
    rj1.send([row("1")])
    sent(rj1)
    hold(rj1, "1")
    assert sent(rj1, "changes") == []
    hold(rj1, "1", holds.unhold)
    assert sent(rj1, "changes") == [("1", "updated")]
    assert rj1.debt("1").flagged
    assert sent(rj1, "changes") == []


def test_a_removal_waits_for_the_next_release_and_comes_once(rj1: Trust):
    rj1.send([row("1"), row("2")])
    sent(rj1)
    move(rj1, "1", "repaid", 0)
    assert sent(rj1) == [("1", "removed"), ("2", "same")]
    assert sent(rj1) == [("2", "same")]
    move(rj1, "1", "outstanding", 100, "payment_failed")
    assert sent(rj1, "changes") == [("1", "updated")]


def test_a_debt_that_ended_before_anybody_was_told_needs_no_removal(rj1: Trust):
    rj1.send([row("1")])
    move(rj1, "1", "repaid", 0)
    assert sent(rj1) == []


def test_a_line_that_was_taken_out_was_not_told(rj1: Trust):
    rj1.send([row("1"), row("2")])
    sent(rj1, without=["1"])
    assert sent(rj1, "changes") == [("1", "new")]


def test_an_abandoned_release_has_told_nothing(rj1: Trust):
    rj1.send([row("1")])
    abandoned(rj1, prepared(rj1))
    assert sent(rj1, "changes") == [("1", "new")]


def test_recipients_are_told_apart_however_they_are_spelled(rj1: Trust):
    rj1.send([row("1")])
    sent(rj1, recipient="MIDAS")
    assert sent(rj1, "changes", recipient="  midas ") == []
    assert sent(rj1, "changes", recipient="Another department") == [("1", "new")]


def test_what_the_recipient_rejected_is_sent_again_when_it_is_mended(rj1: Trust):
    rj1.send([row("1"), row("2")])
    sent(rj1)
    with rj1.database.writing() as db:
        for one in db.exec(select(ReleaseLine)):
            one.result, one.reason = "rejected", "no match"
    assert sent(rj1, "changes") == []
    with rj1.database.writing() as db:
        db.exec(select(ReleaseLine).where(ReleaseLine.line == 1)).one().mended_at = datetime(2026, 11, 22, tzinfo=UTC)
    assert sent(rj1, "changes") == [("1", "corrected")]
    assert sent(rj1, "changes") == []


def test_imported_debts_were_told_as_they_were_loaded(office: Office, rj1: Trust):
    office.load([line("1"), line("2"), line("3"), line("4", status="Paid", left="0")])
    move(rj1, "2", "arrangement", 100)
    amend(rj1, "3", family_name="Sample")
    assert sent(rj1, "changes") == [("2", "updated"), ("3", "corrected")]
    assert sent(rj1, "changes") == []
    assert sent(rj1) == [("1", "same"), ("2", "same"), ("3", "same")]


def test_an_imported_debt_that_is_repaid_is_removed(office: Office, rj1: Trust):
    office.load([line("1"), line("2")])
    move(rj1, "1", "repaid", 0)
    assert sent(rj1) == [("1", "removed"), ("2", "same")]
    assert sent(rj1, "changes") == []


def test_only_one_release_is_open_over_all_recipients(rj1: Trust):
    rj1.send([row("1")])
    prepared(rj1)
    with pytest.raises(Conflict) as refused:
        prepared(rj1, recipient="Another department")
    assert "Release 1 for MIDAS is still being checked" in refused.value.detail
    with rj1.database.reading() as db:
        assert len(db.exec(select(Release)).all()) == 1


def test_of_two_that_are_prepared_at_once_one_is_refused(rj1: Trust):
    rj1.send([row("1")])

    def attempt(_: int) -> str:
        try:
            return prepared(rj1).state
        except Conflict:
            return "refused"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(attempt, range(2))) == ["checking", "refused"]


def prepare_while(trust: Trust, happens: Callable[[], object]) -> Release:
    """Something happens while the lines are gathered, in another connection; it must not have to wait for them."""
    with ThreadPoolExecutor(1) as another, at("2026-11-22"):

        def gone_on(_lines: int) -> None:
            another.submit(happens).result(timeout=8)

        return preparing.prepare(trust.database, TEAM, Scope.FULL, "MIDAS", "Monthly load", gone_on)


def test_nobody_waits_while_it_is_gathered_and_what_they_do_comes_after_its_instant(rj1: Trust):
    rj1.send([row("1"), row("2")])

    def happens() -> None:
        move(rj1, "1", "repaid", 0)
        rj1.send([row("3")])

    release = prepare_while(rj1, happens)
    assert told(rj1, release) == [("1", "new"), ("2", "new")]
    with rj1.database.reading() as db:
        later = db.exec(select(DebtEvent).where(col(DebtEvent.id) > release.seen).order_by(col(DebtEvent.id))).all()
        assert [event.kind for event in later] == ["changed", "reported"]
        assert [(out, why.value) for out, why in moved_on.look(db, release).out.items()] == [(1, "repaid")]


def test_a_release_that_another_came_before_is_not_made(rj1: Trust):
    rj1.send([row("1")])
    with pytest.raises(AnotherIsOpen):
        prepare_while(rj1, lambda: prepared(rj1, recipient="Another department"))
    with rj1.database.reading() as db:
        (other,) = db.exec(select(Release)).all()
    abandoned(rj1, other)
    with pytest.raises(AnotherCameBetween):
        prepare_while(rj1, lambda: abandoned(rj1, prepared(rj1)))
    assert prepared(rj1).number == 3


def test_a_debt_that_is_deleted_meanwhile_does_not_come_back_in_a_release(rj1: Trust):
    rj1.send([row("1"), row("2")])
    gone = rj1.debt("1").id

    def purge() -> None:
        with rj1.database.writing() as db:
            db.execute(delete(DebtEvent).where(col(DebtEvent.debt_id) == gone))
            db.execute(delete(Debt).where(col(Debt.id) == gone))

    with pytest.raises(DebtsWentBetween):
        prepare_while(rj1, purge)
    with rj1.database.reading() as db:
        assert not db.exec(select(Release)).all() and not db.exec(select(ReleasePart)).all()
    assert told(rj1, prepared(rj1)) == [("2", "new")]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"flagged": True, "held": True}, "flagged on the Warnings Index although held"),
     ({"amount_outstanding": -1}, "with an amount below zero"), ({"held": True}, "held although no hold stands")],
)  # fmt: skip
def test_nothing_is_made_of_a_register_that_contradicts_itself(rj1: Trust, wrong: dict[str, object], words: str):
    rj1.send([row("1")])
    with rj1.database.writing() as db:
        debt = db.exec(select(Debt)).one()
        for key, value in wrong.items():
            setattr(debt, key, value)
    with pytest.raises(Conflict) as refused:
        prepared(rj1)
    assert words in refused.value.detail and rj1.debt("1").reference in refused.value.detail


def test_a_debt_whose_hold_was_forgotten_is_named_too(rj1: Trust):
    rj1.send([row("1")])
    hold(rj1, "1")
    with rj1.database.writing() as db:
        db.exec(select(Debt)).one().held = False
    with pytest.raises(Conflict) as refused:
        prepared(rj1)
    assert "1 debt not held although a hold stands" in refused.value.detail


@pytest.mark.parametrize("recipient", ["", " ", "a\nb", "x" * 201])
def test_without_a_recipient_nothing_is_prepared(rj1: Trust, recipient: str):
    with pytest.raises(Refused):
        prepared(rj1, recipient=recipient)


def test_it_is_recorded_without_a_name(rj1: Trust):
    rj1.send([row("1")])
    release = prepared(rj1)
    with rj1.database.reading() as db:
        (event,) = db.exec(select(AuditEvent).where(AuditEvent.action == AuditAction.RELEASE_PREPARED)).all()
    assert (event.subject_id, event.actor) == (release.id, "team")
    assert event.detail == {"number": 1, "scope": "full", "lines": 1, "held": 0}


def test_lines_are_kept_in_parts_and_each_is_found_again(rj1: Trust, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.releases.lines.A_PART", 2)
    rj1.send([row(str(number)) for number in range(1, 6)])
    release = prepared(rj1)
    with rj1.database.reading() as db:
        assert [part.first_line for part in db.exec(select(ReleasePart).order_by(ReleasePart.first_line))] == [1, 3, 5]  # type: ignore[arg-type]
        assert [one.line.line for one in queries.sample_of(db, release)] == [1, 2, 3, 4, 5]
        first = preview.changes(db, release, None, 3, None)
        rest = preview.changes(db, release, Change.NEW, 3, first.next)
    assert [one.line.line for one in first.items] == [1, 2, 3]
    assert ([one.line.line for one in rest.items], rest.next) == ([4, 5], None)


def test_the_sample_shows_the_source_as_it_was_read_without_what_never_leaves(rj1: Trust):
    rj1.send([row("1", family_name=" Example ", site="North", your_reference="case 1", invoice_amount="£2,550.00")])
    release = prepared(rj1)
    with rj1.database.reading() as db:
        (one,) = queries.sample_of(db, release)
    assert one.source is not None and (one.source.reference, one.source.row) == ("DR-2026-10-RJ1-01", 2)
    assert one.source.by_heading["Invoice amount (£)"] == "£2,550.00"
    assert not {"Hospital site", "Your reference"} & set(one.source.by_heading)


def test_the_sample_shows_the_row_of_the_old_register(office: Office, rj1: Trust):
    office.load([line("1"), line("2")])
    release = prepared(rj1)
    with rj1.database.reading() as db:
        one = queries.sample_of(db, release)[1]
    assert one.source is not None and one.source.reference.startswith("IMP-")
    assert one.source.cells["invoice_number"] == "2"


def test_differences_are_told_line_by_line_against_what_was_carried(rj1: Trust):
    rj1.send([row("1"), row("2")])
    sent(rj1)
    move(rj1, "1", "defaulted", 100)
    amend(rj1, "2", family_name="Sample")
    release = prepared(rj1, "changes")
    with rj1.database.reading() as db:
        updated, corrected = preview.changes(db, release, None, 10, None).items
        assert [one.line.line for one in preview.changes(db, release, Change.CORRECTED, 10, None).items] == [2]
        before = queries.released_before(db, release)
    assert before is not None and (before.number, updated.before) == (1, 1)
    assert [(each.key, each.was, each.now) for each in updated.differences] == [
        ("status", "outstanding", "defaulted"), ("status_date", None, TODAY), ("amount_outstanding", 255000, 100),
    ]  # fmt: skip
    assert [(each.heading, each.was, each.now) for each in corrected.differences] == [
        ("Family name", "Example", "Sample")
    ]


def test_differences_of_an_imported_debt_are_told_against_what_was_loaded(office: Office, rj1: Trust):
    office.load([line("1")])
    amend(rj1, "1", family_name="Sample")
    release = prepared(rj1, "changes")
    amend(rj1, "1", family_name="Later")
    with rj1.database.reading() as db:
        (one,) = preview.changes(db, release, None, 10, None).items
    assert (one.before, [(each.was, each.now) for each in one.differences]) == (None, [("Example", "Sample")])
