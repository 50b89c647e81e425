"""Whether an installed package has a known fault, by advisories in the OSV format that somebody brings in files.

The service asks nobody: whoever runs it fetches the advisories where there is a network, and carries them here.
"""

import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from app.core.errors import Refused

ECOSYSTEM = "PyPI"
LARGEST = 20 * 1024 * 1024  # of one advisory or list of them; the archive of all has many small ones


@dataclass(frozen=True)
class Affected:
    """One package with a known fault. `fixed_in` is empty where no version mends it."""

    package: str
    version: str
    advisory: str
    fixed_in: str


def installed() -> dict[str, str]:
    return {canonicalize_name(str(one.metadata["Name"])): one.version for one in distributions()}


def read(file: Path) -> Iterator[Mapping[str, Any]]:
    """The advisories of a JSON file (one, or a list) or of a zip of such. Raises Refused for anything else."""
    try:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                for entry in archive.infolist():
                    if entry.filename.endswith(".json") and entry.file_size <= LARGEST:
                        yield from _listed(archive.read(entry))
        else:
            yield from _listed(file.read_bytes())
    except (ValueError, zipfile.BadZipFile) as error:
        raise Refused(f"{file} holds no advisories in the OSV format (JSON, or a zip of JSON files).") from error


def against(advisories: Iterator[Mapping[str, Any]], packages: Mapping[str, str]) -> list[Affected]:
    """Which of the packages (name → version) are affected, in order of their names.

    Raises Refused for an advisory that says it of a version which is none.
    """
    found = {
        Affected(name, packages[name], str(advisory["id"]), ", ".join(sorted(set(_fixes(affected)))))
        for advisory in advisories
        if not advisory.get("withdrawn")
        for affected in advisory.get("affected", ())
        if affected.get("package", {}).get("ecosystem") == ECOSYSTEM
        and (name := canonicalize_name(str(affected["package"].get("name")))) in packages
        and _is_among(packages[name], affected, str(advisory["id"]))
    }
    return sorted(found, key=lambda one: (one.package, one.advisory))


def _listed(held: bytes) -> list[Mapping[str, Any]]:
    found = json.loads(held)
    listed = found if isinstance(found, list) else [found]
    if not all(isinstance(each, dict) and "id" in each for each in listed):
        raise ValueError("no advisory")
    return listed


def _is_among(version: str, affected: Mapping[str, Any], advisory: str) -> bool:
    if version in affected.get("versions", ()):
        return True
    ranges = [each["events"] for each in affected.get("ranges", ()) if each.get("type") == "ECOSYSTEM"]
    try:
        return any(_is_within(Version(version), events) for events in ranges)
    except InvalidVersion as error:
        raise Refused(f"Advisory {advisory} cannot be compared with what is installed: {error}.") from error


def _is_within(version: Version, events: list[Mapping[str, str]]) -> bool:
    """Events are in order; the last one that is not later than the version counts."""
    inside = False
    for event in events:
        if "introduced" in event and version >= Version(event["introduced"]):
            inside = True
        if "fixed" in event and version >= Version(event["fixed"]):
            inside = False
        if "last_affected" in event and version > Version(event["last_affected"]):
            inside = False
    return inside


def _fixes(affected: Mapping[str, Any]) -> Iterator[str]:
    for each in affected.get("ranges", ()):
        yield from (
            event["fixed"] for event in each.get("events", ()) if each.get("type") == "ECOSYSTEM" and "fixed" in event
        )
