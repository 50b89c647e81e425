"""Memory does not grow with the uploads that a process has taken: a few here, two thousand by `make soak`."""

from pathlib import Path

import pytest

from bench import steady
from bench.serving import PROGRAM

# What keeps a megabyte of each upload, as a forgotten cache would.
LEAKING = """
from app.returns import service
kept, real = [], service.receive
def receive(*given, **named):
    kept.append(bytearray(b"x" * (1 << 20)))
    return real(*given, **named)
service.receive = receive
"""


def test_a_served_process_holds_no_more_after_some_uploads_and_a_leak_would_be_seen(tmp_path: Path):
    sound = steady.taking(tmp_path / "sound.db", 20, 10)
    assert len(sound) == 20
    assert steady.grown(sound) < steady.MOST_GROWN
    assert steady.grown([held + number for number, held in enumerate(sound)]) > steady.MOST_GROWN


@pytest.mark.soak
def test_a_served_process_holds_no_more_after_two_thousand_uploads(tmp_path: Path):
    held = steady.taking(tmp_path / "steady.db", 2_000, 400)
    assert steady.grown(held) < steady.MOST_GROWN


@pytest.mark.soak
def test_a_leak_of_a_megabyte_an_upload_is_seen(tmp_path: Path):
    held = steady.taking(tmp_path / "leaking.db", 20, 10, LEAKING + PROGRAM)
    assert steady.grown(held) > steady.MOST_GROWN
