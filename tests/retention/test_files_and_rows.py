"""Files as they were sent, rows that went back, and what lasts hours: each goes in its own time."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from app.accounts import links, service, sessions
from app.accounts.access import COMMAND_LINE
from app.accounts.models import ApiToken, BrowserSession, OneTimeLink, SignInFailures, User
from app.core import clock, outbox
from app.core.outbox import Message
from app.debts import searches
from app.debts.models import Search
from app.returns import open_rows, parts
from app.returns.answering import Answer, answer
from app.returns.models import OpenRow, RefusedUpload, Return, WaitingCheck
from tests.retention.conftest import end
from tests.returns.conftest import at, row

CLOSED = "rows that nobody mended in time, to be closed"


def kept(trust, return_):
    names = (parts.ORIGINAL, parts.ACCEPTED, parts.REJECTED, parts.FINDINGS)
    with trust.database.reading() as db:
        return [name for name in names if parts.has(db, return_.id, name)]


def rows(trust):
    with trust.database.reading() as db:
        return db.exec(select(OpenRow).order_by(OpenRow.id)).all()


def close(trust, number, on):
    open_row = next(one for one in trust.open_rows() if one.invoice_number == number)
    with at(on), trust.database.writing() as db:
        open_rows.close(db, trust.officer, open_row.id, "Mrs Example asked us to")


def test_a_file_as_it_was_sent_is_kept_for_ninety_days(rj1, purge):
    sent = rj1.send([row("1")], on="2026-11-01").return_
    purge("2027-01-29")
    assert parts.ORIGINAL in kept(rj1, sent)
    purge("2027-01-30")
    assert kept(rj1, sent) == [parts.ACCEPTED, parts.REJECTED, parts.FINDINGS]


def test_a_files_name_and_why_a_return_was_taken_back_are_forgotten_with_it(rj1, purge):
    sent = rj1.send([row("1")], on="2026-11-01").return_
    rj1.withdraw(sent, on="2026-11-20")
    told = lambda: _words(rj1, sent)  # noqa: E731
    purge("2027-01-29")
    assert told() == ("return.csv", "sent by mistake")
    purge("2027-01-30")
    assert told() == (None, "sent by mistake")
    purge("2027-02-18")
    assert told() == (None, None)


def _words(trust, return_):
    with trust.database.reading() as db:
        found = db.get_one(Return, return_.id)
        return found.filename, found.withdrawn_reason


def test_rejected_rows_are_kept_for_ninety_days_after_the_last_of_them_closed(rj1, purge):
    sent = rj1.send([row("1", nationality="Atlantis"), row("2", nationality="Atlantis")], on="2026-11-01").return_
    close(rj1, "1", on="2026-11-02")
    close(rj1, "2", on="2026-12-02")
    purge("2027-02-01")
    assert [bool(one.cells) for one in rows(rj1)] == [False, True]
    assert parts.REJECTED in kept(rj1, sent)
    purge("2027-03-02")
    assert [bool(one.cells) for one in rows(rj1)] == [False, False]
    assert parts.REJECTED not in kept(rj1, sent)
    assert [(one.code, one.row, "Atlantis" in one.message) for one in found(rj1, sent)] == [
        ("R06", 2, False),
        ("R06", 3, False),
    ]


def found(trust, return_):
    with trust.database.reading() as db:
        return parts.findings(db, return_.id)


def test_a_closed_row_loses_what_it_said_and_what_a_person_wrote_about_it(rj1, purge):
    rj1.send([row("1", nationality="Atlantis")], on="2026-11-01")
    close(rj1, "1", on="2026-11-02")
    purge("2027-02-01")
    (one,) = rows(rj1)
    assert (one.cells, one.findings, one.invoice_number, one.closed_reason) == ({}, [], None, None)
    assert one.closed_at is not None


def test_rows_that_are_no_open_work_go_ninety_days_after_the_return(rj1, purge):
    sent = rj1.send([row("1", invoice_amount="100.00", amount_outstanding="100.00")], on="2026-11-01").return_
    assert rj1.results(sent)[2][1] == ["R09"]
    assert rows(rj1) == []
    purge("2027-01-29")
    assert parts.REJECTED in kept(rj1, sent)
    purge("2027-01-30")
    assert parts.REJECTED not in kept(rj1, sent)


def test_a_row_that_nobody_mends_closes_at_the_end_of_its_last_day(rj1, purge):
    rj1.send([row("1", nationality="Atlantis")], on="2026-11-01")
    assert CLOSED not in purge("2027-05-01")
    assert purge("2027-05-02")[CLOSED] == 1
    (one,) = rows(rj1)
    assert clock.uk_date(one.closed_at).isoformat() == "2027-05-02"
    assert (one.closed_by, one.closed_reason) == ("retention", "time over")


def test_however_late_the_purge_an_expired_row_goes_ninety_days_after_its_last_day(rj1, purge):
    sent = rj1.send([row("1", nationality="Atlantis")], on="2026-11-01").return_
    purge("2027-08-01")
    assert [one.cells for one in rows(rj1)] == [{}]
    assert parts.REJECTED not in kept(rj1, sent)


def test_a_row_that_was_forgotten_is_not_opened_again_by_withdrawing_a_return(rj1, purge):
    rj1.send([row("1", nationality="Atlantis"), row("2")], on="2026-11-01")
    mended = rj1.send([row("1")], period="2026-09", on="2026-11-02").return_
    purge("2027-02-10")
    rj1.withdraw(mended, on="2027-02-11")
    assert [(one.cells, one.closed_reason) for one in rows(rj1)] == [({}, "accepted")]


def test_a_row_of_a_withdrawn_return_is_not_opened_again_by_withdrawing_another(rj1):
    first = rj1.send([row("1", nationality="Atlantis"), row("2")], on="2026-11-01").return_
    mended = rj1.send([row("1")], period="2026-09", on="2026-11-02").return_
    rj1.withdraw(first, on="2026-11-03")
    rj1.withdraw(mended, on="2026-11-04")
    assert rj1.open_rows() == []


def test_a_confirmed_address_is_known_as_long_as_its_debt(rj1, purge):
    address = "Oncology Ward 7, Mercy Hospital"
    rj1.send([row("1", uk_address=address)], on="2026-11-01")
    (open_row,) = rj1.open_rows()
    with at("2026-11-02"), rj1.database.writing() as db:
        answer(db, rj1.officer, open_row.id, Answer.IS_AN_ADDRESS)
    assert rj1.send([row("1", uk_address=address)], on="2026-11-02").return_.new == 1
    purge("2027-04-01")
    assert [(one.cells, bool(one.answers)) for one in rows(rj1)] == [({}, True)]
    again = rj1.send([row("1", uk_address=address)], period="2027-03", on="2027-04-02").return_
    assert again.unchanged == 1
    end(rj1, "1", "withdrawn", on="2027-04-03")
    purge("2027-10-03")
    assert [(one.answers, one.has_answers, one.invoice_number) for one in rows(rj1)] == [({}, False, None)]


def test_checks_and_what_came_of_them_go_after_a_day(rj1, purge):
    check = rj1.send([row("1"), row("2", nationality="Atlantis")], check_only=True).return_
    with at("2026-11-22"), rj1.database.writing() as db:
        db.add(WaitingCheck(actor="x", organisation_code="RJ1", period="2026-10", began_at=clock.now()))
    purge("2026-11-23")
    assert len(kept(rj1, check)) == 4
    purge("2026-11-24")
    assert kept(rj1, check) == []
    with rj1.database.reading() as db:
        assert db.exec(select(Return)).all() == db.exec(select(WaitingCheck)).all() == []


def test_that_a_file_was_refused_is_known_for_two_years(rj1, purge):
    rj1.send(b"\x89PNG\r\n\x1a\n")
    purge("2028-11-21")
    with rj1.database.reading() as db:
        assert len(db.exec(select(RefusedUpload)).all()) == 1
    purge("2028-11-22")
    with rj1.database.reading() as db:
        assert db.exec(select(RefusedUpload)).all() == []


def test_searches_sessions_and_tries_go_when_they_are_over(rj1, purge):
    long_ago = datetime.now(UTC) - timedelta(days=3)
    with rj1.database.writing() as db:
        user = db.exec(select(User)).first()
        searches.keep(db, rj1.officer, "example")
        db.add(Search(actor=user.id, q="long ago", created_at=long_ago))
        sessions.start(db, user, sessions.Step.IN)
        db.add(BrowserSession(digest="0", user_id=user.id, step="in", started_at=long_ago, last_used_at=long_ago,
                              ends_at=long_ago))  # fmt: skip
        db.add(SignInFailures(key="0", count=1, first_at=long_ago))
    purge("2026-11-22")
    with rj1.database.reading() as db:
        assert [one.q for one in db.exec(select(Search))] == ["example"]
        assert [one.digest == "0" for one in db.exec(select(BrowserSession))] == [False]
        assert db.exec(select(SignInFailures)).all() == []


def test_ways_in_that_ended_go_after_a_month_texts_of_mails_after_three_and_mails_after_a_year(rj1, purge):
    with rj1.database.writing() as db:
        user = db.exec(select(User)).first()
        service.create_token(db, COMMAND_LINE, user.email)
        links.invite(db, COMMAND_LINE, user, "https://returns.example")
        outbox.put(db, user.email, "Subject", "Text", "reminder")
        now = clock.real_now()
        for model, column in ((ApiToken, "expires_at"), (OneTimeLink, "expires_at"), (Message, "created_at")):
            for one in db.exec(select(model)).all():
                setattr(one, column, now - timedelta(days=10))
                db.add(one)
    today = clock.uk_date(now)
    left = lambda: _numbers(rj1)  # noqa: E731
    done = purge(today.isoformat())
    assert done["texts of mails that are old or whose link has run out"] == 1
    assert left() == (1, 1, 2, ["", "Text"])
    purge((today + timedelta(days=40)).isoformat())
    assert left() == (0, 0, 2, ["", "Text"])
    purge((today + timedelta(days=90)).isoformat())
    assert left() == (0, 0, 2, ["", ""])
    purge((today + timedelta(days=370)).isoformat())
    assert left() == (0, 0, 0, [])


def test_a_mail_that_still_waits_when_its_text_goes_is_not_sent_any_more(rj1, purge):
    with rj1.database.writing() as db:
        id_ = outbox.put(db, "ovm@rj1.example", "Subject", "Text", "reminder").id
        db.get_one(Message, id_).state = "waiting"
    purge((clock.today() + timedelta(days=120)).isoformat())
    with rj1.database.reading() as db:
        kept = db.get_one(Message, id_)
    assert (kept.body, kept.state, kept.trouble) == ("", "failed", outbox.ENDED_UNSENT)


def _numbers(trust):
    with trust.database.reading() as db:
        texts = sorted(one.body for one in db.exec(select(Message)))
        return len(db.exec(select(ApiToken)).all()), len(db.exec(select(OneTimeLink)).all()), len(texts), texts


@pytest.mark.parametrize("day", ["2026-11-22", "2027-02-01"])
def test_a_purge_before_anything_is_over_changes_nothing(rj1, purge, day):
    rj1.send([row("1"), row("2", nationality="Atlantis")], on="2026-11-22")
    assert purge(day) == {}
