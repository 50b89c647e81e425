"""Spans of time as sentences tell them: for how long somebody has to wait."""


def span(seconds: int) -> str:
    """Such as 1 second, 64 seconds, 2 minutes: whole minutes, rounded up, where seconds would be too many to count."""
    number, unit = (seconds, "second") if seconds < 100 else (-(-seconds // 60), "minute")
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
