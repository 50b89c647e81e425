"""The words of the mail about a dispute: that there is one, until when it waits, and where. Nothing of what it is about."""

from datetime import date

from app.accounts.letters import Letter


def opened(organisation: str, due_on: date, link: str, sign_off: str) -> Letter:
    """For everybody who reports for the organisation."""
    day = f"{due_on:%-d %B %Y}"
    return Letter(
        f"A dispute waits for your answer by {day}",
        f"""Hello

Somebody says that a record of {organisation} is wrong. The NHS Debtors Team has opened a dispute about it. The debt is held, so it is not passed on, until the dispute is settled.

Answer by {day}:
{link}

Keep details of patients out of e-mails: answer in the service.

{sign_off}""",
        link,
    )
