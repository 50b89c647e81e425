"""Mail through GOV.UK Notify: its own client for what is said, our own transport for how long, how much and to whom."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import httpx
from notifications_python_client.errors import InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient

from app.core.delivering import asked_for, no_answer, status_words
from app.core.mail.channel import Mail, Outcome, Result
from app.core.outgoing import each_within
from app.mail_settings import MailSettings

PATIENCE = timedelta(seconds=5)  # for each question; a mail whose last attempt was cut off takes two
WHO = "GOV.UK Notify"
_ODD = f"{WHO} answered something that cannot be read."


class _Transport:
    """In place of the client's own: ends in time, follows no redirect, and asks nobody but the address that is set."""

    def __init__(self, patience: timedelta) -> None:
        self._patience = patience

    def request(self, method: str, url: str, **asked: Any) -> httpx.Response:
        with each_within(self._patience) as client:
            return client.request(
                method, url, headers=asked["headers"], content=asked.get("data"), params=asked.get("params")
            )


class Notify:
    name = "notify"

    def __init__(self, settings: MailSettings, patience: timedelta = PATIENCE) -> None:
        self._template = settings.notify_template_id
        make: Any = NotificationsAPIClient
        self._client = make(settings.notify_api_key.get_secret_value(), base_url=settings.notify_url)
        self._client.request_session = _Transport(patience)

    def send(self, mail: Mail) -> Outcome:
        if mail.is_unsure:
            looked = _asked(lambda: self._known(mail))
            if looked is not None:
                return replace(looked, is_unsure=looked.result is Result.TRY_AGAIN)
        sent = _asked(lambda: self._handed_over(mail))
        return sent or Outcome(Result.TRY_AGAIN, _ODD, is_unsure=True)

    def _known(self, mail: Mail) -> str | None:
        """What Notify calls a mail that it has from us already."""
        found = self._client.get_all_notifications(template_type="email", reference=mail.id)["notifications"]
        return str(found[0]["id"]) if found else None

    def _handed_over(self, mail: Mail) -> str:
        answer = self._client.send_email_notification(
            email_address=mail.to,
            template_id=self._template,
            personalisation={"subject": mail.subject, "body": mail.body},
            reference=mail.id,
        )
        return str(answer["id"] or "")


def _asked(question: Callable[[], str | None]) -> Outcome | None:
    """What came of a question; None when the answer is that there is nothing."""
    try:
        reference = question()
    except httpx.HTTPStatusError as error:
        return _refused(error.response)
    except httpx.HTTPError as error:
        begun = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
        return Outcome(Result.TRY_AGAIN, no_answer(error, WHO), is_unsure=begun, is_down=True)
    except (InvalidResponse, LookupError, TypeError):
        return Outcome(Result.TRY_AGAIN, _ODD, is_unsure=True)
    return Outcome(Result.SENT, reference=reference[:100]) if reference else None


def _refused(answer: httpx.Response) -> Outcome:
    """What Notify says of it is read, to tell a wrong address from a wrong setting, and not passed on."""
    code, asked = answer.status_code, asked_for(answer.headers.get("retry-after"))
    if code == HTTPStatus.BAD_REQUEST:
        said = answer.text
        if "email_address" in said:
            return Outcome(Result.FAILED, f"{WHO} does not take mail for this address (400).")
        if "emplate" in said or "personalisation" in said:
            words = f"{WHO} cannot use the template (400): it must be there, with ((subject)) and ((body)) in it."
            return Outcome(Result.TRY_AGAIN, words, is_down=True)
        if "team" in said or "trial" in said:
            return Outcome(
                Result.FAILED,
                f"{WHO} is in trial mode or the key is for the team only (400): it writes to nobody else.",
            )
        return Outcome(Result.FAILED, f"{WHO} does not take this mail (400).")
    if code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        words = (
            f"{WHO} does not accept the API key ({code}). Check DEBTOR_RETURNS_NOTIFY_API_KEY and this machine’s clock."
        )
        return Outcome(Result.TRY_AGAIN, words, is_down=True)
    if code == HTTPStatus.TOO_MANY_REQUESTS:
        return Outcome(Result.TRY_AGAIN, f"{WHO} takes no more mails for now (429).", asked=asked, is_down=True)
    words = f"{WHO} answered {status_words(code)}."
    return Outcome(Result.TRY_AGAIN, words, asked=asked, is_unsure=answer.is_server_error, is_down=True)
