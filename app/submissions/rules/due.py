"""A due date in words, as seen from a day."""

from datetime import date


def in_words(due: date, today: date) -> str:
    """“due in 5 days”, “due tomorrow”, “due today”, “1 day late”."""
    days = (due - today).days
    if days > 1:
        return f"due in {days} days"
    if days >= 0:
        return "due tomorrow" if days else "due today"
    return f"{-days} day{'' if days == -1 else 's'} late"
