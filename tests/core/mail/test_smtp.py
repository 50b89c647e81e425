"""Mail through a real SMTP server: what arrives, by which kind of connection, and what each refusal means."""

import time
from datetime import timedelta

import pytest

from app.core.mail.channel import Mail, Outcome, Result
from app.core.mail.smtp import TWICE, Smtp
from app.mail_settings import SmtpTls
from app.settings import Settings
from tests.mail_servers import certificate, free_port, slow_server, smtp_server

SOON = timedelta(seconds=0.6)
LETTER = Mail(
    "0190" * 8, "ovm@rj1.example", "Return received – October", "Hello\n\n£1,250 – ¿qué?\nhttps://returns.example/1\n"
)


def by(port: int, patience: timedelta = timedelta(seconds=5), **more: str) -> Smtp:
    plain = {
        "mail": "smtp",
        "smtp_host": "127.0.0.1",
        "mail_from": "returns@service.example",
        "smtp_tls": SmtpTls.PLAIN,
    }
    return Smtp(Settings(**plain | {"smtp_port": port} | more), patience)


def test_a_mail_arrives_as_it_was_written_and_says_that_a_machine_wrote_it():
    with smtp_server() as box:
        outcome = by(box.port).send(LETTER)
    assert outcome == Outcome(Result.SENT, reference=f"<{LETTER.id}@service.example>")
    taken = box.taken[0]
    assert (taken["to"], taken["subject"], taken["message-id"]) == (LETTER.to, LETTER.subject, outcome.reference)
    assert str(taken["from"]) == "NHS debtor returns <returns@service.example>"
    assert (taken["auto-submitted"], taken.get_content_type()) == ("auto-generated", "text/plain")
    assert taken.get_content().replace("\r\n", "\n") == LETTER.body


def test_a_mail_that_is_sent_once_more_is_the_same_mail():
    with smtp_server() as box:
        for _ in range(2):
            by(box.port).send(LETTER)
    assert box.taken[0]["message-id"] == box.taken[1]["message-id"]


def test_a_line_break_in_a_subject_starts_no_heading_and_one_in_an_address_reaches_nobody():
    with smtp_server() as box:
        by(box.port).send(Mail("1", LETTER.to, "Hello\r\nBcc: other@rj2.example\n\nText", "Hello"))
        refused = by(box.port).send(Mail("2", "ovm@rj1.example>\r\nRCPT TO:<other@rj2.example", "Hello", "Hello"))
    assert (box.taken[0]["subject"], box.taken[0]["bcc"]) == ("Hello Bcc: other@rj2.example Text", None)
    assert (refused.result, len(box.taken)) == (Result.FAILED, 1)


@pytest.mark.parametrize(
    "to", ["ovm", "a@b@c.example", "a b@rj1.example", "ü@rj1.example", "a@rj1.example, b@rj1.example", ""]
)
def test_what_is_no_address_is_given_up_at_once(to):
    assert by(1).send(Mail("1", to, "Hello", "Hello")).result is Result.FAILED


def test_a_line_with_a_single_dot_does_not_end_the_mail():
    with smtp_server() as box:
        by(box.port).send(Mail("1", LETTER.to, "Hello", "before\n.\nafter\n" + "long " * 400))
    assert box.taken[0].get_content().splitlines()[:3] == ["before", ".", "after"]


@pytest.mark.parametrize("tls", [SmtpTls.STARTTLS, SmtpTls.TLS])
def test_a_connection_is_secret_from_the_start_or_soon_after_and_then_the_password_is_said(tls, tmp_path, monkeypatch):
    file, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    more = (
        {"ssl_context": context, "auth_require_tls": False}
        if tls is SmtpTls.TLS
        else {"tls_context": context, "require_starttls": True}
    )
    with smtp_server(**more) as box:
        account = {"smtp_tls": tls, "smtp_user": "returns", "smtp_password": "right"}
        assert by(box.port, **account).send(LETTER).result is Result.SENT
        wrong = by(box.port, **account | {"smtp_password": "wrong"}).send(LETTER)
    assert (box.were_secret == [True]) is (
        tls is SmtpTls.STARTTLS
    )  # the server does not count what is secret from the start
    assert (set(box.signed_in), len(box.taken)) == ({"returns"}, 1)
    assert (wrong.result, wrong.is_down) == (Result.TRY_AGAIN, True)
    assert wrong.trouble == "The mail server does not accept the user and password (535)."


def test_a_server_that_cannot_show_who_it_is_gets_nothing(tmp_path):
    _file, context = certificate(tmp_path)
    with smtp_server(tls_context=context) as box:
        outcome = by(box.port, smtp_tls=SmtpTls.STARTTLS).send(LETTER)
    assert (outcome.result, box.taken) == (Result.TRY_AGAIN, [])
    assert "certificate is not accepted" in outcome.trouble


def test_a_server_without_starttls_gets_nothing_unless_plain_is_chosen():
    with smtp_server() as box:
        outcome = by(box.port, smtp_tls=SmtpTls.STARTTLS).send(LETTER)
        late = by(box.port, smtp_tls=SmtpTls.TLS).send(LETTER)
    assert "DEBTOR_RETURNS_SMTP_TLS" in outcome.trouble and "DEBTOR_RETURNS_SMTP_TLS" in late.trouble
    assert (outcome.result, outcome.is_down, box.taken) == (Result.TRY_AGAIN, True, [])


@pytest.mark.parametrize("place", ["answers", "after"])
@pytest.mark.parametrize(("code", "result"), [(451, Result.TRY_AGAIN), (452, Result.TRY_AGAIN), (550, Result.FAILED)])
def test_a_refusal_is_for_now_or_for_good_by_its_code_and_its_words_are_not_passed_on(place, code, result):
    with smtp_server() as box:
        getattr(box, place).append(f"{code} Okonkwo is not here")
        outcome = by(box.port).send(LETTER)
        assert by(box.port).send(LETTER).result is Result.SENT
    assert (outcome.result, outcome.is_down, outcome.is_unsure) == (result, False, False)
    assert str(code) in outcome.trouble and "Okonkwo" not in outcome.trouble


def test_when_the_connection_breaks_after_the_mail_nobody_knows_and_the_next_attempt_says_so():
    with smtp_server() as box:
        box.after.append("dies")
        outcome = by(box.port).send(LETTER)
        again = by(box.port).send(Mail(LETTER.id, LETTER.to, LETTER.subject, LETTER.body, is_unsure=True))
    assert (outcome.result, outcome.is_unsure) == (Result.TRY_AGAIN, True)
    assert (again.result, again.trouble) == (Result.SENT, TWICE)
    assert len({taken["message-id"] for taken in box.taken}) == 1


def test_a_server_that_is_not_there_is_down():
    outcome = by(free_port()).send(LETTER)
    assert (outcome.result, outcome.is_down, outcome.is_unsure) == (Result.TRY_AGAIN, True, False)
    assert "could not be reached" in outcome.trouble


def silent(_taken, over):
    over.wait(5)


def drips(taken, over):
    while not over.wait(0.05):
        taken.sendall(b"2")


def talks_without_end(taken, over):
    while not over.wait(0.001):
        taken.sendall(b"220-welcome\r\n")


@pytest.mark.parametrize("says", [silent, drips, talks_without_end])
@pytest.mark.parametrize("tls", [SmtpTls.PLAIN, SmtpTls.TLS])
def test_a_slow_server_is_waited_for_only_so_long(says, tls):
    with slow_server(says) as port:
        began = time.monotonic()
        outcome = by(port, SOON, smtp_tls=tls).send(LETTER)
        took = time.monotonic() - began
    assert (outcome.result, outcome.is_down) == (Result.TRY_AGAIN, True)
    assert took < 3


def test_a_server_that_hangs_up_or_talks_nonsense_is_tried_again():
    for words in (b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"554 go away\r\n", b"\xff\xfe\r\n", b"2" * 100_000):
        with slow_server(lambda taken, _over, words=words: taken.sendall(words)) as port:
            outcome = by(port, SOON).send(LETTER)
        assert (outcome.result, outcome.is_down) == (Result.TRY_AGAIN, True), words
