"""The clock of a dispute: when the answer is due, and how late it is or came, in words."""

from datetime import date

from app.core.months import months_later


def due_on(received_on: date, months: int) -> date:
    """One month after the day on which it was received, unless policy or the Debtors Team says otherwise."""
    return months_later(received_on, months)


def is_late(due: date, answered: date | None, today: date) -> bool:
    """Whether the answer came, or has still not come, after the day on which it was due."""
    return (answered or today) > due


def in_words(due: date, answered: date | None, today: date) -> str:
    """“answer due in 5 days”, “answer 1 day late”, “answered in time”, “answered 3 days late”."""
    days = (due - (answered or today)).days
    if answered is not None:
        return "answered in time" if days >= 0 else f"answered {_days(-days)} late"
    if days < 0:
        return f"answer {_days(-days)} late"
    return f"answer due in {_days(days)}" if days > 1 else f"answer due {'tomorrow' if days else 'today'}"


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"
