"""The whole register downloaded from a real server, small: the bench's own way of asking for it works."""

from pathlib import Path

import pytest

from bench import export


@pytest.mark.soak
def test_a_register_is_downloaded_whole_in_both_kinds_without_much_memory(tmp_path: Path):
    found = export.figures(tmp_path, 2_000, lambda _: None)
    sizes = [one.value for one in found if one.name == "  size"]
    assert len(sizes) == len(export.KINDS) and min(sizes) > 0.1
    assert [one.name for one in found if one.is_within is False] == []
