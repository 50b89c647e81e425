"""How long ago a day was, in words. Pure."""

from datetime import date

from app.core.months import months_later

_YEARS_FROM = 24  # months from which years are told


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
