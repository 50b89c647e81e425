"""Advisories that somebody carries here name the installed packages that have a known fault, and no others."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import Refused
from app.upkeep import advisories
from tests.cli.test_commands import refused, say


def advisory(*events: dict[str, str], versions: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}] if events else []
    affected = {"package": {"ecosystem": "PyPI", "name": "Some_Package"}, "ranges": ranges, "versions": list(versions)}
    return {"id": "PYSEC-1", "affected": [affected]} | changes


def found(version: str, *told: dict[str, Any]) -> list[advisories.Affected]:
    return advisories.against(iter(told), {"some-package": version})


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.9", True), ("1.9.9", True), ("2.0", False), ("2.0.0", False), ("2.1", False), ("3.0", True), ("3.1", False), ("0.9", False)],
)  # fmt: skip
def test_a_version_is_affected_from_the_one_that_brought_the_fault_to_the_one_that_mended_it(version, expected):
    told = advisory({"introduced": "1"}, {"fixed": "2.0"}, {"introduced": "3.0"}, {"last_affected": "3.0"})
    assert bool(found(version, told)) is expected


def test_a_release_candidate_comes_before_its_release_and_a_version_that_is_none_is_named():
    assert found("2.0rc1", advisory({"introduced": "1"}, {"fixed": "2.0"})) != []
    with pytest.raises(Refused, match="PYSEC-1 cannot be compared"):
        found("2.0", advisory({"introduced": "the beginning"}))


def test_a_version_that_is_listed_is_affected_whatever_the_ranges_say():
    assert found("1.0.post1", advisory(versions=("1.0.post1",))) and not found("1.0", advisory(versions=("1.1",)))


def test_what_mends_it_is_told_and_what_was_withdrawn_is_not():
    told = advisory({"introduced": "0"}, {"fixed": "2.0"})
    assert found("1.0", told) == [advisories.Affected("some-package", "1.0", "PYSEC-1", "2.0")]
    assert found("1.0", told | {"withdrawn": "2026-01-01T00:00:00Z"}) == []
    elsewhere = json.loads(json.dumps(told).replace("PyPI", "npm"))
    assert found("1.0", elsewhere) == []


def test_the_command_reads_files_and_archives_and_ends_with_1_for_a_known_fault(tmp_path: Path):
    told = json.loads(json.dumps(advisory({"introduced": "0"})).replace("Some_Package", "FastAPI"))
    one, archive = tmp_path / "one.json", tmp_path / "all.zip"
    one.write_text(json.dumps(advisory({"introduced": "0"})))
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("PYSEC-1.json", json.dumps(told))
        made.writestr("README.txt", "not one")
    well, bad = say("advisories", str(one)), say("advisories", str(one), str(archive))
    assert (well.returncode, well.stdout.endswith("looked for, 0 known faults.\n")) == (0, True)
    assert (bad.returncode, "fastapi " in bad.stdout, "no version mends it yet" in bad.stdout) == (1, True, True)


@pytest.mark.parametrize("held", [b"", b"{}", b"[1]", b"\xff\xfe", b'{"a"'])
def test_a_file_without_advisories_is_refused_in_a_sentence(tmp_path: Path, held: bytes):
    file = tmp_path / "x.json"
    file.write_bytes(held)
    with pytest.raises(Refused, match="OSV"):
        list(advisories.read(file))
    refused(say("advisories", str(file)), "OSV")
