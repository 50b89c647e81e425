"""Links in mails: an invitation and a forgotten password, each good once, for a while, and only the newest."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from app.accounts import links, service, sessions, sign_in
from app.accounts.access import COMMAND_LINE
from app.accounts.links import LinkEnded, Purpose
from app.accounts.models import OneTimeLink, Step
from app.core import clock
from app.core.errors import Refused
from app.core.outbox import Message
from tests.accounts.conftest import PASSWORD

BASE = "https://returns.example/"
NEW = "walrus fourteen bicycle"


def token_of(link: str) -> str:
    return link.rsplit("/", 1)[1]


def mails(db) -> list[Message]:
    return list(db.exec(select(Message).order_by(Message.id)).all())


def ask(db, email="ovm@rj1.example") -> bool:
    """What a page does before its answer and afterwards."""
    may = links.ask_reset(db, email)
    if may:
        links.send_if_known(db, email, BASE)
    return may


def asked(db, email="ovm@rj1.example") -> str:
    """The token in the newest mail after asking for a new password."""
    ask(db, email)
    return re.search(r"/reset-password/(\S+)", mails(db)[-1].body)[1]


@pytest.fixture
def known(db, officer):
    officer.password_hash = "there is one"
    return officer


def test_an_invitation_says_where_to_go_how_long_and_what_to_do_if_it_was_not_expected(db, officer):
    link = links.invite(db, COMMAND_LINE, officer, BASE)
    mail = mails(db)[0]
    assert link.startswith("https://returns.example/welcome/")
    assert link in mail.body
    assert (mail.to, mail.kind) == ("ovm@rj1.example", "invite")
    assert "works once, until" in mail.body
    assert "did not expect this" in mail.body
    found = links.find(db, token_of(link))
    assert (found.user.id, found.purpose) == (officer.id, Purpose.INVITE)


def test_who_follows_an_invitation_chooses_a_password_and_sets_up_the_second_factor(db, officer):
    token = token_of(links.invite(db, COMMAND_LINE, officer, BASE))
    assert links.use(db, token, NEW) == officer
    attempt = sign_in.by_password(db, officer.email, NEW, "192.0.2.1")
    assert (attempt.user, attempt.step) == (officer, Step.ENROL)


def test_a_link_works_once_and_is_taken_out_of_the_outbox(db, officer):
    token = token_of(links.invite(db, COMMAND_LINE, officer, BASE))
    links.use(db, token, NEW)
    assert links.find(db, token) is None
    assert token not in str([mail.model_dump() for mail in mails(db)])
    with pytest.raises(LinkEnded, match="newest"):
        links.use(db, token, NEW)


def test_a_password_that_is_not_good_enough_leaves_the_link_good(db, officer):
    token = token_of(links.invite(db, COMMAND_LINE, officer, BASE))
    with pytest.raises(Refused):
        links.use(db, token, "short")
    assert links.find(db, token) is not None


def test_a_newer_link_ends_the_older_one_and_blanks_its_mail(db, officer):
    first = token_of(links.invite(db, COMMAND_LINE, officer, BASE))
    second = token_of(links.invite(db, COMMAND_LINE, officer, BASE))
    assert links.find(db, first) is None
    assert links.find(db, second) is not None
    assert [bool(mail.body) for mail in mails(db)] == [False, True]


@pytest.mark.parametrize(("purpose", "good", "over"), [("invite", 7 * 24 * 60 - 1, 2), ("reset", 59, 2)])
def test_an_invitation_lasts_seven_days_and_a_reset_one_hour(db, known, later, purpose, good, over):
    link = token_of(links.invite(db, COMMAND_LINE, known, BASE)) if purpose == "invite" else asked(db)
    later(timedelta(minutes=good))
    assert links.find(db, link) is not None
    later(timedelta(minutes=over))
    assert links.find(db, link) is None
    with pytest.raises(LinkEnded):
        links.use(db, link, NEW)


def test_only_a_digest_of_a_link_is_kept_beside_the_mail(db, officer):
    token = token_of(links.invite(db, COMMAND_LINE, officer, BASE))
    assert token not in str(db.exec(select(OneTimeLink)).one().model_dump())


@pytest.mark.parametrize("email", ["nobody@rj1.example", "", "\0", "\ud800@rj1.example", "x" * 10_000])
def test_for_an_address_nobody_has_nothing_is_sent_and_it_is_in_the_audit_as_for_any_other(db, known, email, audited):
    assert [ask(db, email) for _ in range(4)] == [True, True, True, False]
    assert mails(db) == []
    assert [event.outcome for event in audited()] == ["done", "done", "done", "refused"]
    assert {event.subject_type for event in audited()} == {"account"}
    assert ".example" not in str([event.model_dump() for event in audited()])


def test_neither_the_disabled_nor_those_who_never_had_a_password_get_a_link(db, known, officer):
    officer.password_hash = None
    ask(db)
    officer.password_hash, officer.disabled_at = "there is one", clock.real_now()
    ask(db)
    assert mails(db) == []


def test_three_resets_an_hour_and_no_more(db, known, later, audited):
    for _ in range(4):
        ask(db, " OVM@rj1.example")
    assert len(mails(db)) == 3
    assert [event.subject_type for event in audited()] == [*["account", "user"] * 3, "account"]
    assert audited()[-1].outcome == "refused"
    later(timedelta(minutes=61))
    assert links.find(db, asked(db)) is not None


def test_a_new_password_ends_every_session_and_lifts_the_lock(db, known, audited):
    session = sessions.start(db, known, Step.IN)
    for _ in range(10):
        sign_in.by_password(db, known.email, "wrong", "192.0.2.1")
    links.use(db, asked(db), PASSWORD)
    assert sessions.find(db, session) is None
    assert sign_in.by_password(db, known.email, PASSWORD, "192.0.2.2").user == known
    assert audited()[-1].action == "user:set-password"
    assert ".example" not in str([event.model_dump() for event in audited()])


def test_a_link_of_somebody_who_was_disabled_does_not_work(db, known):
    token = asked(db)
    known.disabled_at = clock.real_now()
    assert links.find(db, token) is None


@pytest.mark.parametrize("token", ["", "guess", "\0", "\ud800", "x" * 10_000])
def test_a_guess_is_no_link(db, officer, token):
    assert links.find(db, token) is None
    with pytest.raises(LinkEnded):
        links.use(db, token, NEW)


def test_a_password_replaced_from_the_command_line_is_judged_like_any_other(db, officer):
    with pytest.raises(Refused, match="common"):
        service.add_user(db, COMMAND_LINE, officer.email, "lpm", password="password1234")
