"""Mail through GOV.UK Notify, against a stand-in that speaks its API and checks that each question is signed with the key."""

import time
from datetime import timedelta

import pytest

from app.core.mail.channel import Mail, Outcome, Result
from app.core.mail.notify import Notify
from app.settings import Settings
from tests.mail_servers import KEY, TEMPLATE, Desk, free_port, notify_desk, slow_server

LETTER = Mail(
    "0190" * 8, "ovm@rj1.example", "Return received – October", "Hello\n\n£1,250\nhttps://returns.example/1\n"
)
UNSURE = Mail(LETTER.id, LETTER.to, LETTER.subject, LETTER.body, is_unsure=True)


@pytest.fixture
def desk():
    with notify_desk() as found:
        yield found


def by(url: str, key: str = KEY, patience: timedelta = timedelta(seconds=5)) -> Notify:
    return Notify(Settings(mail="notify", notify_api_key=key, notify_template_id=TEMPLATE, notify_url=url), patience)


def error(kind: str, words: str) -> dict:
    return {"errors": [{"error": kind, "message": words}]}


def test_a_mail_is_the_template_with_our_subject_and_text_under_our_own_reference(desk: Desk):
    assert by(desk.url).send(LETTER) == Outcome(Result.SENT, reference=f"notify-{LETTER.id}")
    assert desk.taken == [
        {
            "email_address": LETTER.to,
            "template_id": TEMPLATE,
            "personalisation": {"subject": LETTER.subject, "body": LETTER.body},
            "reference": LETTER.id,
        }
    ]


def test_with_another_secret_nothing_is_sent_and_the_setting_is_named(desk: Desk):
    outcome = by(desk.url, KEY[:-1] + "0").send(LETTER)
    assert (outcome.result, outcome.is_down, desk.taken) == (Result.TRY_AGAIN, True, [])
    assert "DEBTOR_RETURNS_NOTIFY_API_KEY" in outcome.trouble


@pytest.mark.parametrize(
    ("answer", "wanted", "is_down"),
    [
        ((400, error("ValidationError", "email_address Not a valid email address")), Result.FAILED, False),
        (
            (400, error("BadRequestError", "Can't send to this recipient using a team-only API key")),
            Result.FAILED,
            False,
        ),
        ((400, error("BadRequestError", "Something else")), Result.FAILED, False),
        ((400, error("BadRequestError", "Template not found")), Result.TRY_AGAIN, True),
        ((400, error("BadRequestError", "Missing personalisation: body")), Result.TRY_AGAIN, True),
        ((403, error("AuthError", "Invalid token: API key not found")), Result.TRY_AGAIN, True),
        ((429, error("TooManyRequestsError", "Exceeded send limits (50) for today")), Result.TRY_AGAIN, True),
        ((500, error("Exception", "Internal server error")), Result.TRY_AGAIN, True),
        ((404, b"<html>Okonkwo</html>"), Result.TRY_AGAIN, True),
    ],
)
def test_a_wrong_address_is_given_up_and_what_lies_with_the_service_is_tried_again(desk: Desk, answer, wanted, is_down):
    desk.answers.append(answer)
    outcome = by(desk.url).send(LETTER)
    assert (outcome.result, outcome.is_down) == (wanted, is_down)
    assert str(answer[0]) in outcome.trouble
    assert not any(words in outcome.trouble for words in ("Okonkwo", "valid", "Missing", "Exception", "Something"))


def test_the_pause_that_it_asks_for_is_kept(desk: Desk):
    desk.answers.append((429, error("RateLimitError", "slower"), {"Retry-After": "120"}))
    assert by(desk.url).send(LETTER).asked == timedelta(seconds=120)


@pytest.mark.parametrize("said", [b"not json", b"[]", b'{"other": 1}', b'{"id": null}', b"1"])
def test_an_answer_that_cannot_be_read_may_be_a_mail_that_was_taken(desk: Desk, said):
    desk.answers.append((200, said))
    outcome = by(desk.url).send(LETTER)
    assert (outcome.result, outcome.is_unsure) == (Result.TRY_AGAIN, True)


def test_after_an_attempt_that_was_cut_off_it_is_asked_first_whether_it_has_the_mail(desk: Desk):
    assert by(desk.url).send(UNSURE).result is Result.SENT
    assert by(desk.url).send(UNSURE) == Outcome(Result.SENT, reference=f"notify-{LETTER.id}")
    assert desk.asked == ["GET /v2/notifications", "POST /v2/notifications/email", "GET /v2/notifications"]
    assert len(desk.taken) == 1


def test_what_it_cannot_be_asked_stays_unknown():
    outcome = by(f"http://127.0.0.1:{free_port()}").send(UNSURE)
    assert (outcome.result, outcome.is_unsure, outcome.is_down) == (Result.TRY_AGAIN, True, True)
    assert not by(f"http://127.0.0.1:{free_port()}").send(LETTER).is_unsure


def test_a_redirect_is_not_followed(desk: Desk):
    with notify_desk() as elsewhere:
        desk.answers.append((307, {}, {"Location": f"{elsewhere.url}/v2/notifications/email"}))
        assert by(desk.url).send(LETTER).result is Result.TRY_AGAIN
        assert (elsewhere.asked, elsewhere.taken) == ([], [])


def test_a_service_that_drips_its_answer_is_waited_for_only_so_long():
    def drips(taken, over):
        taken.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 1000\r\n\r\n")
        while not over.wait(0.05):
            taken.sendall(b" ")

    with slow_server(drips) as port:
        began = time.monotonic()
        outcome = by(f"http://127.0.0.1:{port}", patience=timedelta(seconds=0.4)).send(LETTER)
        assert time.monotonic() - began < 3
    assert (outcome.result, outcome.is_unsure) == (Result.TRY_AGAIN, True)
    assert outcome.trouble == "GOV.UK Notify did not answer in time."
