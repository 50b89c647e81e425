"""The search for reference cycles rests while somebody asks for it, and goes on afterwards."""

import gc

import pytest

from app.core.cycles import not_searched


def test_the_search_rests_until_the_last_is_done():
    assert gc.isenabled()
    with not_searched():
        with not_searched():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_search_goes_on_after_an_error():
    with pytest.raises(ZeroDivisionError), not_searched():
        _ = 1 / 0
    assert gc.isenabled()
