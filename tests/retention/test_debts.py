"""Debts that have ended: how long they are kept, what keeps them longer, and what is left when they are purged."""

from datetime import datetime

import pytest
from sqlmodel import select

from app.accounts.access import COMMAND_LINE
from app.audit.models import AuditEvent
from app.core import clock
from app.debts import holds, queries, warnings_index
from app.debts.filters import DebtFilter
from app.debts.models import Debt, DebtEvent, Debtor, Hold, RegisterImportPart, WarningsIndexEvent
from app.debts.posting import Source
from app.debts.rules.holding import HoldKind
from app.disputes import corrections
from app.disputes.corrections import How
from app.disputes.models import Dispute
from app.disputes.rules.cases import Answer, Outcome
from app.organisations.models import Organisation
from app.periods.calendar import Period
from app.releases import live
from app.releases.live import Output
from app.retention import debts, service
from app.retention.models import PurgedDebts
from app.returns import parts
from app.returns.service import Upload, receive
from tests.disputes.conftest import Desk
from tests.old_register.conftest import Office, line
from tests.retention.conftest import acknowledge, end
from tests.returns.conftest import at, csv_of, row

WORDS = "debts that have ended, with their history"


def flag(trust, *numbers):
    with at("2026-11-22"), trust.database.writing() as db:
        warnings_index.note_imported(db, clock.now(), [trust.debt(number).id for number in numbers])


@pytest.mark.parametrize(
    ("status", "kept_on", "gone_on"),
    [("repaid", "2028-11-21", "2028-11-22"), ("withdrawn", "2027-05-21", "2027-05-22")],
)
def test_a_debt_that_has_ended_is_kept_for_its_time_to_the_day(rj1, purge, status, kept_on, gone_on):
    rj1.send([row("1"), row("2")])
    end(rj1, "1", status)
    purge(kept_on)
    assert rj1.debt("1") is not None
    assert purge(gone_on)[WORDS] == 1
    assert [debt.invoice_number for debt in rj1.debts()] == ["2"]


def test_the_cells_go_with_the_debt_also_of_a_return_that_came_before_midnight_and_was_merged_after_it(rj1, purge):
    came = datetime(2026, 11, 20, 23, 59, 59, tzinfo=clock.UK)
    with at("2026-11-21T00:00:07"), rj1.database.writing() as db:
        content = csv_of([row("1", family_name="Leftoverson"), row("2")])
        sent = Upload("RJ1", Period(2026, 10), content, "r.csv", came, None)
        return_ = receive(db, rj1.officer, sent).return_
    end(rj1, "1", "withdrawn")
    purge("2028-12-01")
    with rj1.database.reading() as db:
        kept = [row.cells for row in parts.rows(db, return_.id, parts.ACCEPTED).rows]
    assert len(kept) == 1 and "Leftoverson" not in str(kept)


def test_an_open_debt_is_never_purged(rj1, purge):
    rj1.send([row("1")])
    purge("2046-11-22")
    assert rj1.debt("1").status == "outstanding"


def test_the_newest_event_counts_where_it_is_later_than_the_status_date(rj1, team, purge):
    rj1.send([row("1")])
    end(rj1, "1", "withdrawn")
    with at("2027-03-01"), rj1.database.writing() as db:
        holds.hold(db, team, rj1.debt("1").id, "to be looked into")
    with at("2027-03-02"), rj1.database.writing() as db:
        holds.unhold(db, team, rj1.debt("1").id, "all is well")
    purge("2027-06-01")
    assert rj1.debt("1") is not None
    assert purge("2027-09-02")[WORDS] == 1


def test_everything_about_a_purged_debt_goes_and_numbers_stay(rj1, purge):
    rj1.send([row("1", invoice_amount="2550.00"), row("2", invoice_amount="3000.00"), row("3")])
    end(rj1, "1")
    end(rj1, "2", "repaid")
    end(rj1, "3", "withdrawn")
    purge("2028-12-01")
    with rj1.database.reading() as db:
        for table in (Debt, DebtEvent, Debtor, Hold):
            assert db.exec(select(table)).all() == []
        counts = db.exec(select(PurgedDebts).order_by(PurgedDebts.status)).all()
        assert [(one.organisation_code, one.month, one.status, one.number, one.pence) for one in counts] == [
            ("RJ1", "2026-11", "repaid", 2, 555000),
            ("RJ1", "2026-11", "withdrawn", 1, 255000),
        ]


def test_numbers_of_a_later_purge_are_added(rj1, purge):
    rj1.send([row("1"), row("2")])
    end(rj1, "1", "withdrawn", on="2026-11-22")
    end(rj1, "2", "withdrawn", on="2026-11-25")
    purge("2027-05-22")
    purge("2027-05-25")
    with rj1.database.reading() as db:
        assert [(one.month, one.number) for one in db.exec(select(PurgedDebts))] == [("2026-11", 2)]


def test_a_debtor_stays_as_long_as_one_of_their_debts(rj1, purge):
    same = {"given_names": "Ada", "passport_number": "A0000001"}
    rj1.send([row("1", **same), row("2", **same)])
    end(rj1, "1", "withdrawn")
    purge("2027-06-01")
    with rj1.database.reading() as db:
        assert [one.id for one in db.exec(select(Debtor))] == [rj1.debt("2").debtor_id]


def test_a_joined_debtor_goes_with_the_older_one_and_not_before(rj1, purge):
    by_name, by_passport = (
        {"given_names": "Ada", "passport_number": ""},
        {"given_names": "Eva", "passport_number": "B1"},
    )
    rj1.send([row("1", **by_name), row("2", **by_passport)])
    rj1.send([row("3", given_names="Ada", passport_number="B1")], period="2026-09")
    with rj1.database.reading() as db:
        assert len({debtor.root_id for debtor in db.exec(select(Debtor))}) == 1
    end(rj1, "1", "withdrawn")
    end(rj1, "2", "withdrawn")
    purge("2027-06-01")
    with rj1.database.reading() as db:
        assert len(db.exec(select(Debtor)).all()) == 2
    end(rj1, "3", "withdrawn", on="2027-06-02")
    purge("2027-12-02")
    with rj1.database.reading() as db:
        assert db.exec(select(Debtor)).all() == []


def test_the_feed_keeps_its_lines_and_loses_the_person(rj1, purge):
    rj1.send([row("1")])
    flag(rj1, "1")
    end(rj1, "1", "withdrawn")
    acknowledge(rj1.database)
    assert purge("2027-06-01")[WORDS] == 1
    with rj1.database.reading() as db:
        lines = db.exec(select(WarningsIndexEvent).order_by(WarningsIndexEvent.id)).all()
    assert [(one.id, one.action, one.organisation_code) for one in lines] == [
        (1, "add", "RJ1"),
        (2, "remove", "RJ1"),
    ]
    for one in lines:
        assert one.at is not None
        personal = (one.family_name, one.given_names, one.date_of_birth, one.nationality, one.passport_number)
        assert personal == (None,) * 5
        assert (one.reference, one.invoice_number) == ("", "")


def test_a_removal_that_was_never_acknowledged_keeps_its_person(rj1, purge):
    rj1.send([row("1")])
    flag(rj1, "1")
    end(rj1, "1", "withdrawn")
    assert WORDS not in purge("2027-06-01")
    with at("2027-06-01"), rj1.database.reading() as db:
        assert service.plan(db).kept_back == {"the Warnings Index has not acknowledged that it was taken off": 1}
    acknowledge(rj1.database)
    assert purge("2027-06-01")[WORDS] == 1


@pytest.mark.parametrize("kind", [HoldKind.DISPUTE, HoldKind.SAMPLE, HoldKind.HAND])
def test_what_a_person_holds_is_not_purged(rj1, purge, kind):
    rj1.send([row("1")])
    end(rj1, "1", "withdrawn")
    with at("2026-11-23"), rj1.database.writing() as db:
        holds.place(db, Source("x", clock.now(), rj1.debt("1").as_at), kind, {rj1.debt("1").id: [None]}, "why")
    assert WORDS not in purge("2036-06-01")
    with at("2036-06-01"), rj1.database.reading() as db:
        assert service.plan(db).kept_back == {"somebody disputes it or holds it": 1}


def test_a_hold_of_a_rule_asks_nothing_of_a_debt_that_has_ended(rj1, purge):
    rj1.send([row("1")], on="2026-11-20")
    rj1.send([row("1", patient_informed="No")], on="2026-11-21")
    assert rj1.debt("1").held
    end(rj1, "1", "withdrawn")
    assert purge("2027-06-01")[WORDS] == 1


def test_the_return_of_a_purged_debt_still_tells_its_numbers_and_the_other_rows(rj1, purge):
    sent = rj1.send([row("1"), row("2"), row("3", sex="")]).return_
    later = rj1.send([row("1"), row("2")], period="2026-11", on="2026-11-30").return_
    end(rj1, "1", "withdrawn", on="2026-12-01")
    end(rj1, "3", "withdrawn", on="2026-12-01")
    purge("2027-06-01")
    with rj1.database.reading() as db:
        kept = {one.id: [row.number for row in parts.rows(db, one.id, parts.ACCEPTED).rows] for one in (sent, later)}
        assert kept == {sent.id: [3], later.id: [3]}
        assert (queries.get_debt(db, rj1.officer, rj1.debt("2").id).return_id, sent.read) == (sent.id, 3)
        assert [finding.code for finding in parts.findings(db, sent.id)] == ["W01"]
        assert [finding.invoice_number for finding in parts.findings(db, sent.id)] == [None]


def test_the_number_of_a_purged_debt_can_be_reported_anew(rj1, purge):
    rj1.send([row("1")])
    end(rj1, "1", "withdrawn")
    purge("2027-06-01")
    again = rj1.send([row("1")], period="2027-05", on="2027-06-01").return_
    assert (again.new, rj1.debt("1").first_return_id) == (1, again.id)


def test_the_same_file_after_a_purge_is_judged_anew(rj1, purge):
    first = rj1.send([row("1"), row("2")]).return_
    end(rj1, "1", "withdrawn")
    rj1.send([row("9")], period="2026-09")  # so that the register moves on
    purge("2027-06-01")
    again = rj1.send([row("1"), row("2")], on="2027-06-02").return_
    assert again.id != first.id


def test_a_return_whose_debt_was_purged_can_still_be_withdrawn(rj1, purge):
    sent = rj1.send([row("1"), row("2")]).return_
    end(rj1, "1", "withdrawn")
    purge("2027-06-01")
    taken_back = rj1.withdraw(sent, on="2027-06-02")
    assert (taken_back.undone, taken_back.left) == (1, [])


def test_the_number_of_a_purged_event_is_never_given_again(rj1, purge):
    rj1.send([row("1")])
    end(rj1, "1", "withdrawn")
    with rj1.database.reading() as db:
        last = db.exec(select(DebtEvent.id).order_by(DebtEvent.id.desc())).first()
    purge("2027-06-01")
    rj1.send([row("2")], period="2027-05", on="2027-06-01")
    with rj1.database.reading() as db:
        assert db.exec(select(DebtEvent.id)).one() > last


def test_a_purge_is_audited_in_numbers_and_finds_nothing_the_second_time(rj1, purge):
    rj1.send([row("1")])
    end(rj1, "1", "withdrawn")
    done = purge("2027-06-01")
    assert set(done.values()) == {1}
    assert purge("2027-06-01") == {}
    with rj1.database.reading() as db:
        events = db.exec(select(AuditEvent).where(AuditEvent.action == "retention:purge").order_by("id")).all()
    found = {(event.actor, event.subject_type, event.subject_id, event.detail["number"]) for event in events}
    assert ("nightly", "retention", "debts", 1) in found
    assert {event.detail.keys() == {"number"} for event in events} == {True}


def test_debts_of_a_predecessor_leave_the_returns_of_its_successor_too(hospital, purge):
    before = hospital("RJ1")
    before.send([row("1")])
    with before.database.writing() as db:
        taken = db.get_one(Organisation, "RJ1")
        taken.successor_code, taken.successor_from = "RYJ", before.debt("1").as_at
        db.add(taken)
    after = hospital("RYJ", "RJ1")
    sent = after.send([row("1", status="Withdrawn - reported in error", status_date="20/11/2026")]).return_
    assert sent.changed == 1, after.codes(sent)
    assert purge("2027-06-01")[WORDS] == 1
    with before.database.reading() as db:
        assert parts.rows(db, sent.id, parts.ACCEPTED).rows == []


class Stopped(Exception):
    """Somebody pulled the plug."""


def test_a_purge_that_was_stopped_halfway_is_finished_by_the_next(hospital, purge):
    trusts = hospital("RJ1"), hospital("RYJ")
    for trust, number in zip(trusts, "12", strict=True):
        trust.send([row(number)])
        end(trust, number, "withdrawn")

    def stop(words: str, _number: int) -> None:
        if words == WORDS:
            raise Stopped

    with at("2027-06-01"), pytest.raises(Stopped):
        service.purge(trusts[0].database, COMMAND_LINE, stop)
    assert len(trusts[0].debts()) == 1
    assert purge("2027-06-01") == {WORDS: 1}
    assert trusts[0].debts() == []


def give(trust, team):
    with at("2026-11-22"):
        live.write(trust.database, team, DebtFilter(), Output.CSV, "Monthly load", "MIDAS", {}).unlink()


def test_a_withdrawn_debt_stays_until_everybody_who_received_it_was_told(rj1, team, purge):
    rj1.send([row("1"), row("2")])
    give(rj1, team)
    end(rj1, "1", "withdrawn")
    end(rj1, "2", "repaid")
    assert WORDS not in purge("2027-06-01")
    with at("2027-06-01"), rj1.database.writing() as db:
        assert service.plan(db).kept_back == {debts.UNTOLD: 1}
        (waiting,) = corrections.waiting(db, team)
        corrections.mark_told(db, team, waiting.recipient_key, [(waiting.debt.id, waiting.through)], How.LETTER)
    assert purge("2027-06-01")[WORDS] == 1
    assert purge("2028-12-01")[WORDS] == 1  # that a debt was repaid is no correction


def test_a_settled_dispute_goes_with_its_debt_and_an_open_one_keeps_it(rj1, team, purge):
    rj1.send([row("1"), row("2")])
    desk = Desk(rj1, team)
    settled, still_open = desk.open("1"), desk.open("2")
    desk.settle(desk.answer(settled, Answer.STANDS, "It is owed."), Outcome.NOT_UPHELD)
    end(rj1, "1", "repaid")
    end(rj1, "2", "repaid")
    assert purge("2029-01-01")[WORDS] == 1
    with rj1.database.reading() as db:
        assert [one.id for one in db.exec(select(Dispute))] == [still_open.id]


def test_the_row_of_the_old_register_goes_with_its_debt(rj1, purge):
    office = Office(rj1.database)
    office.load([line("1"), line("2")])
    end(rj1, "1", "withdrawn")
    acknowledge(rj1.database)
    assert purge("2027-06-01")[WORDS] == 1
    with rj1.database.reading() as db:
        (part,) = db.exec(select(RegisterImportPart)).all()
        assert [kept.number for kept in parts.unpack_rows(part.content).rows] == [4]
    end(rj1, "2", "withdrawn", on="2027-06-02")
    acknowledge(rj1.database)
    purge("2027-12-02")
    with rj1.database.reading() as db:
        assert db.exec(select(RegisterImportPart)).all() == []
