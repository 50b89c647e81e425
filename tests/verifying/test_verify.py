"""After any history the register follows from it; whatever is changed behind its back is named."""

from datetime import date

import pytest
from sqlalchemy import text

from app.core import clock
from app.core.db import Database
from app.debts import holds, warnings_index
from app.debts.models import Debt
from app.organisations.models import Organisation
from app.retention import service as retention
from app.returns import amending
from app.verifying import service
from app.verifying.check import MOST_SHOWN
from tests.retention.conftest import Nightly, acknowledge, end
from tests.returns.conftest import MakeTrust, at, row
from tests.verifying.lives import Life


@pytest.mark.parametrize("seed", [36, 57])
def test_after_a_lively_year_of_two_trusts_the_register_follows_from_its_history(
    hospital: MakeTrust, team, differences, seed
):
    before, after = hospital("RYJ"), hospital("RJ1", "RYJ")
    with before.database.writing() as db:
        taken = db.get_one(Organisation, "RYJ")
        taken.successor_code, taken.successor_from = "RJ1", date(2026, 9, 20)
        db.add(taken)
    life = Life(seed, [after, before], team)
    life.live(60)
    assert len(life.done) > 25
    assert differences(life.day.isoformat()) == []
    if before.database.engine.dialect.name == "sqlite" or seed == 36:
        _purge_everything(before.database)
        assert differences("2029-01-01") == []


def _purge_everything(database: Database) -> None:
    with database.writing() as db:
        db.execute(text("UPDATE warnings_index_events SET acknowledged_at = at"))
    with at("2029-01-01"):
        retention.purge(database, Nightly())


@pytest.fixture
def lived(rj1, team):
    """Two debts: one of two events, amended and held; one flagged; a row that went back."""
    rj1.send([row("1"), row("2", amount_outstanding="2000.00"), row("3", nationality="Atlantis")])
    end(rj1, "2", "withdrawn")
    rj1.send([row("4"), row("5")], period="2026-09")
    with at("2026-11-22"), rj1.database.writing() as db:
        holds.hold(db, team, rj1.debt("1").id, "why")
        warnings_index.note_imported(db, clock.now(), [rj1.debt("4").id, rj1.debt("5").id])
    end(rj1, "4", "repaid")
    return rj1


DAMAGES = {
    "UPDATE debts SET status = 'repaid' WHERE invoice_number = '1'": "status: expected outstanding, found repaid",
    "UPDATE debts SET amount_outstanding = 5 WHERE invoice_number = '1'": "amount outstanding: expected 255000, found 5",
    "UPDATE debts SET status_date = '2026-11-01' WHERE invoice_number = '2'": "status date: expected 2026-11-22, found 2026-11-01",
    "UPDATE debts SET as_at = '2026-01-01' WHERE invoice_number = '1'": "as at: expected 2026-10-31, found 2026-01-01",
    "UPDATE debts SET withdrawal_reason = 'duplicate' WHERE invoice_number = '2'": "withdrawal reason: expected raised_in_error",
    "UPDATE debts SET status_period = '2020-01' WHERE invoice_number = '1'": "status period: expected 2026-10, found 2020-01",
    "UPDATE debts SET report_undone = NOT report_undone WHERE invoice_number = '1'": "report undone: expected False",
    "UPDATE debts SET family_name = 'Other' WHERE invoice_number = '1'": "family_name did not begin as row 2 of DR-2026-10-RJ1-01 says",
    "UPDATE debts SET name_match = 'x' WHERE invoice_number = '1'": "name_match is not the digest of its person",
    "UPDATE debts SET passport_match = NULL WHERE invoice_number = '1'": "passport_match is not the digest",
    "UPDATE debts SET held = NOT held WHERE invoice_number = '1'": "held: expected True, found False",
    "UPDATE holds SET lifted_at = placed_at": "held: expected False, found True",
    "DELETE FROM holds": "holds that stand by its events: expected 1, found 0",
    "UPDATE debts SET flagged = NOT flagged WHERE invoice_number = '5'": "flagged: expected True, found False",
    "UPDATE debts SET given_names = 'Eva' WHERE invoice_number = '5'": "its flag shows another person than the debt",
    "UPDATE debts SET below_threshold = NOT below_threshold WHERE invoice_number = '1'": "below threshold: expected False, found True",
    "UPDATE debts SET below_threshold = NOT below_threshold WHERE invoice_number = '2'": "below threshold: expected False, found True",
    "DELETE FROM debt_events WHERE kind = 'reported'": "its history does not begin with the one report",
    "UPDATE debt_events SET status = 'arrangement' WHERE kind = 'reported'": "status: expected arrangement, found outstanding",
    "DELETE FROM warnings_index_events WHERE id = 1": "numbers of its lines: expected 1 to 2, found 2 to 3",
    "UPDATE warnings_index_events SET action = 'remove'": "the feed removes what it never added",
    "UPDATE warnings_index_events SET action = 'add'": "the feed says the same twice running",
    "UPDATE warnings_index_events SET invoice_number = ''": "names nobody although its debt is in the register",
    "UPDATE warnings_index_events SET debt_id = 'x' WHERE id = 1": "names a person although its debt is not in the register",
    "UPDATE returns SET read = 7 WHERE reference = 'DR-2026-10-RJ1-01'": "DR-2026-10-RJ1-01: read: expected 3, found 7",
    "UPDATE returns SET qualifies = NOT qualifies WHERE reference = 'DR-2026-10-RJ1-01'": "qualifies: expected True, found False",
    "UPDATE returns SET submitted_at = '2026-10-01 09:00:00' WHERE reference = 'DR-2026-10-RJ1-01'": "qualifies: expected False",
    "UPDATE debts SET organisation_code = 'RYJ' WHERE invoice_number = '1'": "organisation code: expected RJ1, found RYJ",
    "UPDATE returns SET new = 1, changed = 0 WHERE reference = 'DR-2026-10-RJ1-01'": "accepted: expected 1, found 2",
    "UPDATE returns SET rejected = 0, read = 2 WHERE reference = 'DR-2026-10-RJ1-01'": "rejected rows kept: expected 0, found 1",
    "UPDATE return_parts SET content = original.content FROM return_parts AS original "
    "WHERE original.part = 'original' AND return_parts.part = 'accepted'": "what is kept of its file cannot be read",
    "DELETE FROM words_of_debts": "The index of words: debts that no search finds: expected 0, found 4",
    "UPDATE sums_of_debts SET number = number + 1": "sums that are not as their debts: expected 0, found",
    "UPDATE debts SET disputed = NOT disputed WHERE invoice_number = '1'": "disputed: expected False, found True",
    "UPDATE open_rows SET closed_at = opened_at": "closed by somebody at no time, or at some time by nobody",
    "UPDATE returns SET lifecycle = 'withdrawn'": "it is open although its return does not stand",
}  # fmt: skip


def test_what_is_left_alone_is_as_it_should_be(lived, differences):
    assert differences() == []


def test_whatever_is_changed_behind_its_back_is_named_without_a_name(lived):
    for damage, named in DAMAGES.items():
        with at("2026-11-22"), lived.database.writing() as db:
            assert db.connection().execute(text(damage)).rowcount, damage
            found = [str(one) for result in service.verify(db) for one in result.differences]
            db.rollback()
        assert any(named in one for one in found), (damage, found)
        assert not any(name in one for one in found for name in ("Example", "Ada", "Eva", "A00000"))


def test_details_that_do_not_follow_from_event_to_event_are_named_without_their_values(lived, differences):
    with at("2026-11-22"), lived.database.writing() as db:
        amending.amend_as_typed(db, lived.officer, lived.debt("1").id, {"other_names": "Maria"})
        amending.amend_as_typed(db, lived.officer, lived.debt("1").id, {"other_names": "Marie"})
    assert differences() == []
    _behind_its_back(lived.database, "UPDATE debts SET other_names = 'Miriam' WHERE invoice_number = '1'")
    (found,) = differences()
    assert found.endswith("other_names is not as its newest event says")
    _behind_its_back(
        lived.database,
        """UPDATE debt_events SET particulars = '{"other_names": ["Mary", "Miriam"]}' WHERE id = (SELECT max(id) FROM debt_events)""",
    )
    (found,) = differences()
    assert "other_names does not follow from event to event" in found


@pytest.mark.parametrize("_store", ["sqlite"], indirect=True)
def test_on_sqlite_what_points_to_nothing_is_named(lived, differences):
    with lived.database.engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA query_only=0")
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("UPDATE debts SET debtor_id = 'nobody' WHERE invoice_number = '1'")
        cursor.execute("PRAGMA foreign_keys=ON")
    assert any("points to something in debtors that is not there" in one for one in differences())


def test_of_many_differences_the_first_are_shown_and_all_are_counted(rj1):
    rj1.send([row(str(number)) for number in range(MOST_SHOWN + 5)])
    _behind_its_back(rj1.database, "UPDATE debts SET name_match = 'x'")
    with at("2026-11-22"), rj1.database.reading() as db:
        (digests,) = [result for result in service.verify(db) if "digests" in result.words]
    assert (digests.number, len(digests.differences), digests.wrong) == (MOST_SHOWN + 5, MOST_SHOWN, MOST_SHOWN + 5)


def test_a_removal_of_what_was_reported_before_the_service_began_is_no_difference(rj1, differences):
    rj1.send([row("1")])
    end(rj1, "1", "repaid")
    _behind_its_back(
        rj1.database, "UPDATE debt_events SET status = 'repaid', amount_outstanding = 0 WHERE kind = 'reported'"
    )
    with at("2026-11-22"), rj1.database.writing() as db:
        warnings_index.remove_unseen(db, clock.now(), rj1.debt("1").id)
    assert [one for one in differences() if "feed" in one] == []


def _behind_its_back(database: Database, damage: str) -> None:
    with database.writing() as db:
        assert db.connection().execute(text(damage)).rowcount


def test_the_purge_leaves_a_register_that_follows_from_its_history(lived, differences):
    acknowledge(lived.database)
    with at("2028-12-01"):
        retention.purge(lived.database, Nightly())
    assert [debt.invoice_number for debt in lived.debts()] == ["1", "5"]
    assert isinstance(lived.debts()[0], Debt)
    assert differences("2028-12-01") == []
