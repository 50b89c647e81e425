"""The stamp tells where a workbook of ours comes from, and rubbish in it harms nobody."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.return_template.stamp import TEMPLATE_VERSION, Stamp

WHEN = datetime(2026, 11, 22, 9, 30, 1, 250, tzinfo=UTC)
TEMPLATE = Stamp("template", "RJ1", "2026-10", TEMPLATE_VERSION, WHEN)
REJECTION = Stamp("rejection", "G6V2S", "2026-10", TEMPLATE_VERSION, WHEN, {14: "0af3", 3: "99b1", 20_001: "ff"})
STRAY = Stamp("template", None, None, TEMPLATE_VERSION, None)


@pytest.mark.parametrize("stamp", [TEMPLATE, REJECTION, STRAY])
def test_what_is_stamped_is_read_again(stamp: Stamp) -> None:
    assert Stamp.from_about(dict(stamp.to_about())) == stamp


def test_a_workbook_of_ones_own_carries_no_stamp() -> None:
    assert Stamp.from_about({}) is None
    assert Stamp.from_about({"Organisation": "RJ1", "Period": "2026-10"}) is None


def test_case_and_spacing_of_the_names_do_not_matter() -> None:
    about = {name.upper().replace(" ", "  "): f" {value} " for name, value in REJECTION.to_about()}
    assert Stamp.from_about(about) == REJECTION


@pytest.mark.parametrize("when", ["", "yesterday", "2026-11-22T09:30:01", "0001-01-01T00:00:00+14:00", "9" * 400])
def test_a_moment_that_is_none_is_left_out(when: str) -> None:
    stamp = Stamp.from_about({"Template version": "1", "Downloaded": when})
    assert stamp is not None
    assert stamp.downloaded_at is None


@pytest.mark.parametrize("line", [("Open row x", "0af3"), ("Open row ٣", "0af3"),
                                  ("Open row 3", ""), ("Open row 3", "a b"), ("Open row 3", "x" * 65),
                                  ("Open row 99999999", "0af3")])  # fmt: skip
def test_an_open_row_that_is_none_is_left_out(line: tuple[str, str]) -> None:
    stamp = Stamp.from_about(dict([("Template version", "1"), line]))
    assert stamp is not None
    assert stamp.open_rows == {}


@given(st.dictionaries(st.sampled_from(["Kind", "Template version", "Period", "Downloaded", "Open row 1"]) | st.text(),
                       st.text()))  # fmt: skip
def test_rubbish_never_breaks_the_reading_of_a_stamp(about: dict[str, str]) -> None:
    stamp = Stamp.from_about(about)
    assert stamp is None or stamp.kind in {"template", "rejection"}
