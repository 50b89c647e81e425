"""Delivering over HTTP what must arrive: one attempt, what became of it in words, and how long to wait for the next.

What is delivered, in which order, and where that is kept is the business of whoever delivers.
"""

import random
import ssl
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from app.core import clock

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=1)
_DICE = random.SystemRandom()


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt. `trouble` is empty when it arrived; it never quotes what the recipient said.

    `asked` is how long the recipient asked to be left alone.
    """

    trouble: str = ""
    asked: timedelta = timedelta(0)

    @property
    def arrived(self) -> bool:
        return not self.trouble


def attempt(
    client: httpx.Client, url: str, body: bytes | Iterable[bytes], headers: Mapping[str, str],
    known: Collection[int] = (),
) -> Outcome:  # fmt: skip
    """Sends once. It arrived if the recipient answers 2xx, or one of `known`, by which it says that it has this already;
    anything else, or no answer, is a reason to try again.
    """
    try:
        answer = client.post(url, content=body, headers={"Content-Type": "application/json", **headers})
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Outcome(no_answer(error))
    if answer.is_success or answer.status_code in known:
        return Outcome()
    return Outcome(
        f"The recipient answered {status_words(answer.status_code)}.", asked_for(answer.headers.get("retry-after"))
    )


def pause(attempts: int, asked: timedelta = timedelta(0)) -> timedelta:
    """After so many attempts without success: 1 minute, 2, 4 and so on to 1 hour, or as long as the recipient asked.

    A random part, at most a quarter, is left off, so that what failed together does not come back together.
    """
    grown = min(SHORTEST * (1 << min(attempts - 1, 10)), LONGEST)
    return min(max(grown * _DICE.uniform(0.75, 1), asked), LONGEST)


def status_words(code: int) -> str:
    return f"{code} ({HTTPStatus(code).phrase})" if code in set(HTTPStatus) else str(code)


def no_answer(error: Exception, who: str = "The recipient") -> str:
    """Why there was none, in words."""
    if isinstance(error, httpx.TimeoutException):
        return f"{who} did not answer in time."
    if _is_about_the_certificate(error):
        return f"{who}’s certificate is not accepted. Check the address and the certificate."
    if isinstance(error, httpx.ConnectError | httpx.InvalidURL):
        return f"{who} could not be reached. Check the address and the network between."
    return f"The connection broke before {who[0].lower() + who[1:] if who.startswith('The ') else who} had answered."


def _is_about_the_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def asked_for(retry_after: str | None) -> timedelta:
    """Seconds or a date, as HTTP has it; nothing for whatever else stands there."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=int(text)) if len(text) < 8 else LONGEST
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return timedelta(0)
    return max((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - clock.real_now(), timedelta(0))
