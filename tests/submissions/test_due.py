"""Due dates as people say them."""

from datetime import date, timedelta

import pytest

from app.submissions.rules.due import in_words


@pytest.mark.parametrize(
    ("days", "words"),
    [(5, "due in 5 days"), (1, "due tomorrow"), (0, "due today"), (-1, "1 day late"), (-3, "3 days late")],
)
def test_a_due_date_is_said_as_seen_from_today(days: int, words: str):
    today = date(2026, 11, 22)
    assert in_words(today + timedelta(days=days), today) == words
