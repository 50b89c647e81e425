"""A day in words, as seen from another: when something is due, and how long ago something was."""

from datetime import date

from app.core.months import months_later

_YEARS_FROM = 24  # months from which years are told


def in_words(due: date, today: date) -> str:
    """“due in 5 days”, “due tomorrow”, “due today”, “1 day late”."""
    days = (due - today).days
    if days > 1:
        return f"due in {days} days"
    if days >= 0:
        return "due tomorrow" if days else "due today"
    return f"{-days} day{'' if days == -1 else 's'} late"


def ago(day: date, today: date) -> str:
    """“today”, “yesterday”, “12 days ago”, “3 months ago”, “2 years ago”."""
    months = (today.year - day.year) * 12 + today.month - day.month
    if months_later(day, months) > today:
        months -= 1
    if months >= _YEARS_FROM:
        return f"{months // 12} years ago"
    if months >= 2:
        return f"{months} months ago"
    days = (today - day).days
    return f"{days} days ago" if days > 1 else "yesterday" if days == 1 else "today"
