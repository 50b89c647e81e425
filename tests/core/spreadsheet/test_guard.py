"""The apostrophe that keeps a CSV for people free of formulas, and its removal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.spreadsheet.guard import guard, unguard

TEXTS = st.text() | st.text(alphabet="'=+-@\t\ra＝＠")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'=1", "''@x", "＝1+1", "＋1", "－1", "＠x"]
)
def test_a_text_that_could_become_a_formula_gets_one_apostrophe_more(text: str) -> None:
    assert guard(text) == "'" + text


@pytest.mark.parametrize("text", ["", "O'Brien", "'tis", "1-2", " =1", "\n=1", "'", "a=b"])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert guard(text) == text == unguard(text)


@given(TEXTS)
def test_reading_undoes_the_guard_exactly(text: str) -> None:
    assert unguard(guard(text)) == text


@given(TEXTS)
def test_nothing_that_was_guarded_starts_like_a_formula(text: str) -> None:
    assert guard(text)[:1] not in {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"}


def test_a_csv_that_nobody_guarded_keeps_its_formula_like_texts() -> None:
    assert unguard("-1") == "-1"
