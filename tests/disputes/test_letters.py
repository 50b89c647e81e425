"""What is written about a dispute, and that no mail of the service carries anything about a person or their debt."""

from datetime import date

import pytest
from sqlmodel import col, select

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.core.outbox import Message
from app.returns.models import Outcome
from tests.disputes.conftest import Desk
from tests.returns.conftest import row

MARK = "Zqxj"
MARKED = {
    "family_name": f"{MARK}family", "given_names": f"{MARK}given", "other_names": f"{MARK}other",
    "home_office_reference": f"{MARK}HO", "uk_address": f"{MARK} Street", "overseas_address": f"{MARK} Road",
    "site": f"{MARK} Hospital", "your_reference": f"{MARK}ours", "passport_number": f"{MARK}77",
    "invoice_amount": "4321.09", "amount_outstanding": "4321.09", "date_of_birth": "17/09/1961", "uk_postcode": "SE1 9ZZ",
}  # fmt: skip
TELLING = (MARK.lower(), "4321", "4,321", "1961", "17 september", "se1 9zz", "atlantis", "nigeria", "female", "june")


def mails(desk: Desk) -> list[Message]:
    with desk.trust.database.reading() as db:
        return list(db.exec(select(Message).order_by(col(Message.id))))


@pytest.fixture
def desk(desk: Desk) -> Desk:
    with desk.trust.database.writing() as db:
        for email in ("ovm.rj1@trust.example", "second@trust.example"):
            accounts.add_user(db, COMMAND_LINE, email, "trust", "RJ1")
        lpm = accounts.add_user(db, COMMAND_LINE, "lpm@team.example", "lpm", "RJ1")
        lpm.name = "Example Manager"
    return desk


def test_a_dispute_is_told_to_everybody_who_reports_there_by_its_link_and_its_day(desk: Desk):
    desk.trust.send([row("1")])
    opened = desk.open(due_on=date(2026, 12, 3))
    told = [mail for mail in mails(desk) if mail.kind == "dispute"]
    assert [mail.to for mail in told] == ["ovm.rj1@trust.example", "second@trust.example"]
    assert told[0].subject == "A dispute waits for your answer by 3 December 2026"
    assert f"http://127.0.0.1:8000/disputes/{opened.id}" in told[0].body
    assert "Your Local Partnership Manager: Example Manager, lpm@team.example" in told[0].body
    assert (told[0].about, told[0].once) == ("RJ1", f"dispute:{opened.id}:{desk.trust.officer.id}")


def test_no_mail_carries_anything_about_a_person_or_their_debt(desk: Desk):
    good = row(f"{MARK}1", **MARKED)
    bad = [row(f"{MARK}{n}", **MARKED | change) for n, change in enumerate(
        ({"nationality": "Atlantis"}, {"date_of_birth": f"{MARK}/02/1985"}, {"invoice_amount": MARK}, {"status": MARK},
         {"other_names": f"{MARK} diagnosis of cancer"}), start=2,
    )]  # fmt: skip
    sent = desk.trust.send([good, *bad]).return_
    assert (sent.outcome, sent.accepted, sent.rejected) == (Outcome.ACCEPTED_WITH_REJECTIONS, 1, 5)
    desk.trust.send([bad[0]], period="2026-09")
    desk.trust.send([good | {"amount_outstanding": "4000.00"}], period="2026-11")
    desk.trust.nil("2026-08")
    desk.open(f"{MARK}1", case_reference=f"{MARK}case", note=f"{MARK} says that it was paid")
    written = mails(desk)
    assert {mail.kind for mail in written} == {"receipt", "rows", "dispute"}
    assert len(written) == 4 + 2 * 2 + 2
    for mail in written:
        text = " ".join(filter(None, (mail.to, mail.subject, mail.body, mail.once, mail.trouble))).lower()
        assert not any(words in text for words in TELLING), text
