"""Who hears of a return: its sender by a receipt, and everybody who reports there when rows are to be mended."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import col, select, update

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.models import User
from app.core import clock
from app.core.outbox import Message
from app.organisations.models import Organisation
from app.periods.calendar import Period
from app.returns import service
from tests.returns.conftest import Trust, at, csv_of, row


def with_role(trust: Trust, email: str, role: str = "trust", code: str | None = None) -> User:
    with trust.database.writing() as db:
        return accounts.add_user(db, COMMAND_LINE, email, role, code or trust.code)


@pytest.fixture
def rj1(rj1: Trust) -> Trust:
    with_role(rj1, "ovm.rj1@trust.example")
    return rj1


def mails(trust: Trust) -> list[Message]:
    with trust.database.reading() as db:
        return list(db.exec(select(Message).order_by(col(Message.id))))


def kinds(trust: Trust) -> list[tuple[str, str]]:
    return [(mail.kind, mail.to) for mail in mails(trust)]


def test_whoever_sends_a_return_gets_a_receipt_with_its_numbers_and_its_link(rj1: Trust):
    sent = rj1.send([row("1"), row("2")], on="2026-11-03T14:05:00").return_
    [mail] = mails(rj1)
    assert (mail.kind, mail.to, mail.about) == ("receipt", "ovm.rj1@trust.example", "RJ1")
    assert mail.subject == "Return DR-2026-10-RJ1-01 received"
    for words in (
        "for October 2026 was received at 14:05 on 3 November 2026, UK time", "(RJ1)", "Rows read: 2\nAccepted: 2\n",
        "There is nothing else to do.", f"http://127.0.0.1:8000/returns/{sent.id}",
        "Your Local Partnership Manager: nobody is named yet.",
    ):  # fmt: skip
        assert words in mail.body


def test_rows_to_mend_are_told_to_everybody_who_reports_there_and_may_still_come_in(rj1: Trust):
    with_role(rj1, "second@trust.example")
    with_role(rj1, "other@trust.example", code="RJZ")
    with_role(rj1, "lpm@team.example", "lpm")
    gone = with_role(rj1, "gone@trust.example")
    with rj1.database.writing() as db:
        db.get_one(User, gone.id).disabled_at = gone.created_at
    sent = rj1.send([row("1"), row("2", nationality="Atlantis"), row("3", family_name="")]).return_
    assert sorted(kinds(rj1)) == [
        ("receipt", "ovm.rj1@trust.example"), ("rows", "ovm.rj1@trust.example"), ("rows", "second@trust.example"),
    ]  # fmt: skip
    told = mails(rj1)[-1]
    assert told.subject == "2 rows to mend in the return for October 2026"
    assert f"/returns/{sent.id}" in told.body
    assert "Your Local Partnership Manager: lpm@team.example" in told.body
    assert "What to do next: 2 rows must be mended" in mails(rj1)[0].body


def test_rows_that_wait_for_nobody_are_no_reason_to_write(rj1: Trust):
    rj1.send([row("1"), row("2", invoice_date="20/10/2026")])
    assert [kind for kind, _ in kinds(rj1)] == ["receipt"]
    assert "There is nothing to mend now" in mails(rj1)[0].body


def test_a_file_in_which_no_row_was_good_is_no_return_yet_and_the_receipt_says_so(rj1: Trust):
    rj1.send([row("1", nationality="Atlantis")])
    assert (
        "no row was accepted, so this is not yet your return for October 2026. 1 row must be mended"
        in mails(rj1)[0].body
    )


def test_what_came_before_the_months_end_counts_only_when_it_is_sent_again(rj1: Trust):
    rj1.send([row("1")], period="2026-11", on="2026-11-22")
    assert "send it again on or after 30 November 2026" in mails(rj1)[0].body


def test_a_nil_return_has_its_receipt_and_said_twice_still_one(rj1: Trust):
    rj1.nil()
    rj1.nil()
    assert len(mails(rj1)) == 1
    assert "It is a nil return: no new debts and no changes." in mails(rj1)[0].body


def test_a_check_is_no_return_and_what_is_submitted_from_it_is_told_once(rj1: Trust):
    checked = rj1.send([row("1")], check_only=True).return_
    assert mails(rj1) == []
    for _ in range(2):
        rj1.submit(checked.id)
    rj1.send([row("1")])
    assert [kind for kind, _ in kinds(rj1)] == ["receipt"]


def test_on_behalf_the_sender_has_the_receipt_and_the_trust_hears_what_it_must_mend(rj1: Trust):
    with rj1.database.writing() as db:
        team = accounts.add_user(db, COMMAND_LINE, "dt@team.example", "debtors_team")
        actor = accounts.actor_for_user(db, team)
    Trust(rj1.database, "RJ1", actor).send([row("1"), row("2", nationality="Atlantis")])
    assert kinds(rj1) == [("receipt", "dt@team.example"), ("rows", "ovm.rj1@trust.example")]


def test_nobody_hears_of_what_is_loaded(rj1: Trust):
    with at("2026-11-22"), rj1.database.writing() as db:
        service.load(
            db, COMMAND_LINE, csv_of([row("1", nationality="Atlantis")]), "a.csv", "RJ1", Period.parse("2026-10")
        )
    Trust(rj1.database, "RJ1", replace(rj1.officer, sends_mail=False)).send([row("2", nationality="Atlantis")])
    assert mails(rj1) == []


def test_a_return_that_is_undone_has_no_mail(rj1: Trust):
    sent = service.Upload("RJ1", Period.parse("2026-10"), csv_of([row("1")]), "a.csv", clock.now())
    with pytest.raises(ZeroDivisionError), at("2026-11-22"), rj1.database.writing() as db:
        assert service.receive(db, rj1.officer, sent).return_
        raise ZeroDivisionError
    assert mails(rj1) == []


def test_after_a_merger_the_successors_people_hear_of_it(rj1: Trust, hospital):
    with rj1.database.writing() as db:
        taken = update(Organisation).where(col(Organisation.code) == "RJZ")
        db.exec(taken.values(successor_code="RJ1", successor_from=date(2026, 11, 10)))
    hospital("RJZ", "RJ1").send([row("1", nationality="Atlantis")])
    assert ("rows", "ovm.rj1@trust.example") in kinds(rj1)
