"""Money is pence inside and a text outside; nothing is ever rounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.money import from_pounds, in_words, to_pounds


@given(st.integers(min_value=0, max_value=10**14 - 1))
def test_every_amount_comes_back_as_it_was(pence):
    assert from_pounds(to_pounds(pence)) == pence


@pytest.mark.parametrize(
    ("text", "pence"), [("0", 0), ("0.00", 0), ("1250.00", 125000), ("1250.5", 125050), ("7", 700)]
)
def test_pounds_and_pence_are_read(text, pence):
    assert from_pounds(text) == pence


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1 ",
        "-1",
        "+1",
        "1.005",
        "1,250",
        "£5",
        "1e3",
        "NaN",
        "inf",
        "٣",
        "1.",
        ".5",
        "1_000",
        "1\n",
        "9" * 13,
    ],
)
def test_anything_else_is_no_amount(text):
    with pytest.raises(ValueError, match=r"1250\.00"):
        from_pounds(text)


def test_a_negative_amount_is_written_with_its_sign():
    assert to_pounds(-5) == "-0.05"


def test_people_read_an_amount_with_its_sign_and_commas():
    assert [in_words(pence) for pence in (0, 5, 123456789, -10050)] == ["£0.00", "£0.05", "£1,234,567.89", "-£100.50"]
