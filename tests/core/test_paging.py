"""A cursor belongs to one list, and whatever else is sent as one is refused."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Refused
from app.core.paging import cut, from_cursor, part, to_cursor

KEY = "01a2166b786874659bc8bdfa758a5064"


def test_a_page_ends_with_the_cursor_of_its_last_item_and_the_last_page_with_none():
    page = cut(["a", "b", "c"], 2, str, "debts")
    assert (page.items, from_cursor(page.next, "debts")) == (["a", "b"], "b")
    assert cut(["a", "b"], 2, str, "debts").next is None


def test_without_a_cursor_a_list_begins():
    assert from_cursor(None, "debts") == from_cursor("", "debts") == ""


def test_a_cursor_of_another_list_is_refused():
    with pytest.raises(Refused, match="not one that this service gave for this list"):
        from_cursor(to_cursor(KEY, "returns"), "debts")
    with pytest.raises(Refused):
        from_cursor(to_cursor("7", "findings/1"), "findings/2")


@pytest.mark.parametrize(
    "cursor",
    [
        "W10", "zzz", "AAAA", "=", "x" * 300, "\N{PILE OF POO}", "AAAAAA",
        base64.urlsafe_b64encode(KEY.encode()).decode().rstrip("="),
        base64.urlsafe_b64encode(b"0000debts:" + KEY.encode()).decode().rstrip("="),
        to_cursor("", "debts"), to_cursor("a\nb", "debts"), to_cursor(KEY, "debts") + "=",
    ],
)  # fmt: skip
def test_what_this_service_never_gave_is_refused(cursor):
    with pytest.raises(Refused):
        from_cursor(cursor, "debts")


def test_a_part_of_a_cursor_and_one_with_a_slip_are_none():
    given = to_cursor(KEY, "debts")
    for end in range(1, len(given)):
        with pytest.raises(Refused):
            from_cursor(given[:end], "debts")
    for at, letter in enumerate(given):
        with pytest.raises(Refused):
            from_cursor(given[:at] + ("A" if letter != "A" else "B") + given[at + 1 :], "debts")


@given(st.lists(st.integers(), max_size=30), st.integers(1, 12))
def test_the_parts_of_a_short_list_are_the_list_each_item_once(found, limit):
    parts, cursor = [], None
    while True:
        page = part(found, limit, cursor, "rates")
        parts.append(page.items)
        if (cursor := page.next) is None:
            break
    assert [item for each in parts for item in each] == found
    assert all(len(each) == limit for each in parts[:-1])


@pytest.mark.parametrize("key", ["x", "-1", "1.5", "9" * 20, "\N{SUPERSCRIPT TWO}"])
def test_a_cursor_of_a_short_list_is_a_number(key):
    with pytest.raises(Refused):
        part([1, 2], 1, to_cursor(key, "rates"), "rates")
