"""What the service is made of: every package is locked, is what is installed, has a licence we may use, and no known fault."""

import json
import re
from importlib.metadata import Distribution, distributions

from app.upkeep import advisories
from tests.guards.source import PROJECT
from tests.guards.test_repository import pins

FREE = frozenset({
    "MIT", "MIT-0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC", "PSF-2.0", "MPL-2.0",
})  # fmt: skip
# Licences that ask for more than to be named, each with the reason why it may be used.
BY_NAME = {
    "psycopg": ("LGPL-3.0-only", "used as it stands, as a library that anybody can exchange"),
    "psycopg-binary": ("LGPL-3.0-only", "used as it stands, as a library that anybody can exchange"),
    "pycountry": ("LGPL-2.1-only", "only the tests use it, and nobody is given it"),
}
SAME = {
    "BSD License": "BSD-3-Clause", "BSD 2-Clause License": "BSD-2-Clause", "Apache Software License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0", "MIT License": "MIT", "ISC License": "ISC", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}  # fmt: skip
# What a package's licence file says where its metadata has no word for it.
IN_ITS_FILE = {"python-dateutil": "Apache-2.0 OR BSD-3-Clause", "atheris": "Apache-2.0"}
NOT_HERE = {
    "colorama": "Windows only",
    "httpx2-jsfetch": "in a browser only",
}  # locked for every platform, installed where it is needed
OURS = {"debtor-returns", "pip"}  # ourselves, and what installs


def name_of(one: Distribution) -> str:
    return re.sub(r"[-_.]+", "-", one.metadata["Name"]).lower()


INSTALLED = {name_of(one): one for one in distributions() if name_of(one) not in OURS}
LOCKED = {re.sub(r"[-_.]+", "-", name): version for name, version in pins(PROJECT / "requirements-dev.lock").items()}
NPM = {
    name.rpartition("node_modules/")[2]: each
    for name, each in json.loads((PROJECT / "package-lock.json").read_text())["packages"].items()
    if name
}


def licence_of(one: Distribution) -> str:
    """As the package says it, in the words of SPDX."""
    if said := one.metadata.get("License-Expression") or IN_ITS_FILE.get(name_of(one)):
        return str(said)
    if 0 < len(said := one.metadata.get("License") or "") < 40:
        return SAME.get(said, said)
    listed = [each.split(" :: ")[-1] for each in one.metadata.get_all("Classifier") or () if each.startswith("License")]
    return SAME.get(listed[-1], listed[-1]) if listed else "none"


def may_be_used(licence: str) -> bool:
    """Of licences joined by OR one is enough, of those joined by AND each is needed."""
    return any(all(each in FREE for each in choice.split(" AND ")) for choice in licence.strip("()").split(" OR "))


def test_what_is_installed_is_what_is_locked():
    """Some have a version for each Python: one of them is installed."""
    locked = re.findall(r"^([a-z0-9._-]+)==(\S+)", (PROJECT / "requirements-dev.lock").read_text(), re.M)
    found = {name: one.version for name, one in INSTALLED.items()}
    assert set(found.items()) - {(re.sub(r"[-_.]+", "-", name), version) for name, version in locked} == set()
    assert set(LOCKED) - set(found) == set(NOT_HERE)


def test_every_package_has_a_licence_that_may_be_used():
    told = {name: licence_of(one) for name, one in INSTALLED.items()}
    assert len(told) > 60
    named = {name for name, licence in told.items() if BY_NAME.get(name, ("", ""))[0] == licence}
    assert {name: licence for name, licence in told.items() if name not in named and not may_be_used(licence)} == {}
    assert set(BY_NAME) - named == set(), "a reason that is needed no more"


def test_every_npm_package_has_a_licence_that_may_be_used():
    assert len(NPM) > 3
    assert {name: each.get("license") for name, each in NPM.items() if not may_be_used(each.get("license", ""))} == {}


def test_a_licence_that_asks_for_more_is_not_let_through():
    assert [
        licence for licence in ("GPL-3.0-only", "MIT AND GPL-3.0-only", "AGPL-3.0", "none", "") if may_be_used(licence)
    ] == []
    assert may_be_used("Apache-2.0 OR GPL-2.0-only") and may_be_used("MIT AND PSF-2.0")


def test_nothing_is_unpinned_and_everything_has_its_hash():
    for lock in sorted(PROJECT.glob("requirements*.lock")):
        wanted = re.split(r"\n(?=[a-z0-9])", re.sub(r"^#.*\n", "", lock.read_text(), flags=re.M).strip())
        assert [each for each in wanted if not re.match(r"[a-z0-9._-]+==\S+ ", each)] == []
        assert [each.split()[0] for each in wanted if "--hash=sha256:" not in each] == []


def test_no_advisory_that_we_know_of_speaks_of_what_is_locked():
    """`docs/advisories.json` says on which day somebody looked, and how to look again where there is a network."""
    known = list(advisories.read(PROJECT / "docs" / "advisories.json"))
    assert len(known) > 10
    assert advisories.against(iter(known), LOCKED) == []
    assert advisories.against(iter(known), pins(PROJECT / "requirements-bench.lock")) == []
    assert {one.package for one in advisories.against(iter(known), dict.fromkeys(LOCKED, "0.1"))} >= {
        "starlette",
        "jinja2",
    }
