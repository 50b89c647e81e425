"""Scratch files hold people: they go when their process ends, also when it is killed."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.core import scratch
from tests.guards.source import PROJECT

LEAVES_A_FILE = (
    "from app.core import scratch; (scratch.home() / 'people').write_text('x'); print(scratch.home(), flush=True); {}"
)


def process(then: str, folder: Path) -> tuple["subprocess.Popen[str]", Path]:
    started = subprocess.Popen(
        [sys.executable, "-c", LEAVES_A_FILE.format(then)], cwd=PROJECT, env={"TMPDIR": str(folder)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert started.stdout is not None
    return started, Path(started.stdout.readline().strip())


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_what_a_killed_process_left_goes_with_the_next_and_what_a_living_one_uses_stays(place: Path):
    killed, left = process("input()", place)
    living, used = process("input()", place)
    killed.kill()
    killed.communicate()
    assert (left / "people").exists()
    scratch.sweep()
    assert (left.exists(), (used / "people").exists()) == (False, True)
    living.communicate("\n")
    assert not used.exists()


def test_a_folder_that_is_gone_or_leads_elsewhere_stops_nobody(place: Path):
    (place / f"{scratch.PREFIX}gone").symlink_to(place / "not there")
    elsewhere = place / "elsewhere"
    elsewhere.mkdir()
    (place / f"{scratch.PREFIX}leads-away").symlink_to(elsewhere)
    scratch.sweep()
    assert elsewhere.is_dir()


def test_a_process_keeps_to_its_folder_and_makes_another_when_it_was_deleted(
    place: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(scratch, "_mine", {})
    first = scratch.home()
    assert scratch.home() == first
    assert first.stat().st_mode & 0o077 == 0
    first.rmdir()
    assert scratch.home() not in {first, None} and scratch.home().is_dir()
