"""One attempt to deliver, what became of it, the pause after it, and the signature."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from app.core import clock
from app.core.delivering import LONGEST, Outcome, attempt, pause
from app.core.outgoing import each_within
from app.core.signing import signed
from tests import receiver
from tests.receiver import Receiver, receiving

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def send(there: Receiver, *answers: object, patience: timedelta = 5 * SECOND) -> Outcome:
    there.answers.extend(answers)
    with each_within(patience) as client:
        return attempt(client, there.url, b"{}", {"webhook-id": "1"})


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_2xx_answer_says_that_it_arrived(there: Receiver, status: int):
    assert send(there, status).arrived
    assert there.taken[0].headers["content-type"] == "application/json"


@pytest.mark.parametrize("status", [301, 400, 401, 404, 410, 422, 500, 503, 599])
def test_any_other_answer_is_named_by_its_number_and_nothing_else(there: Receiver, status: int):
    outcome = send(there, (status, {"Location": "/elsewhere", "X-Said": "secret words"}))
    assert outcome.trouble.startswith(f"The recipient answered {status}")
    assert "secret" not in outcome.trouble
    assert len(there.taken) == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (receiver.dies, "The connection broke"),
        (receiver.dies_mid_way, "The connection broke"),
        (receiver.stalls, "did not answer in time"),
    ],
)
def test_no_answer_is_told_in_words(there: Receiver, answer: receiver.Handling, words: str):
    assert words in send(there, answer, patience=timedelta(seconds=0.4)).trouble


def test_nobody_at_the_address_is_told_in_words():
    with receiving() as gone:
        pass
    assert "could not be reached" in send(gone).trouble


def test_a_second_answer_is_never_taken_for_the_answer_to_the_next_message(there: Receiver):
    there.answers.extend([receiver.answers_twice, 503])
    with each_within(5 * SECOND) as client:
        assert attempt(client, there.url, b"{}", {}).arrived
        assert "503" in attempt(client, there.url, b"{}", {}).trouble


def test_each_message_has_its_own_time_however_many_there_are(there: Receiver):
    with each_within(timedelta(seconds=0.4)) as client:
        there.answers.append(receiver.stalls)
        assert attempt(client, there.url, b"{}", {}).trouble
        assert attempt(client, there.url, b"{}", {}).arrived


def test_pauses_double_from_a_minute_to_an_hour_less_a_random_quarter_at_most():
    for attempts, full in enumerate([1, 2, 4, 8, 16, 32, 60, 60, 60], start=1):
        assert full * 0.75 * MINUTE <= pause(attempts) <= full * MINUTE
    assert pause(10_000) <= LONGEST
    assert len({pause(5) for _ in range(20)}) > 1


def test_a_recipient_may_ask_for_a_longer_pause_up_to_an_hour(there: Receiver):
    in_half_an_hour = format_datetime(clock.real_now() + 30 * MINUTE, usegmt=True)
    for asked, at_least in (("1800", 30 * MINUTE), (in_half_an_hour, 29 * MINUTE), ("9" * 30, LONGEST)):
        outcome = send(there, (503, {"Retry-After": asked}))
        assert at_least <= pause(1, outcome.asked) <= LONGEST


@pytest.mark.parametrize("asked", ["", "-5", "soon", "1.5", "٣", "Thu, 01 Jan 1970 00:00:00 GMT", "0"])
def test_what_cannot_be_waited_for_is_as_if_it_were_not_said(there: Receiver, asked: str):
    assert send(there, (429, {"Retry-After": asked.encode().decode("latin-1")})).asked == timedelta(0)


def test_a_signature_is_that_of_the_public_convention():
    """The example of the convention's own documents."""
    at, body = datetime.fromtimestamp(1614265330, UTC), b'{"test": 2432232314}'
    headers = signed("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_key_of_plain_letters_is_used_as_its_letters_stand():
    headers = signed("k" * 32, "7", datetime.fromtimestamp(1, UTC), b"{}")
    wanted = base64.b64encode(hmac.new(b"k" * 32, b"7.1.{}", hashlib.sha256).digest()).decode()
    assert headers == {"webhook-id": "7", "webhook-timestamp": "1", "webhook-signature": f"v1,{wanted}"}
