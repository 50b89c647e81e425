"""The design system's files are those of the lock file, as a service off GOV.UK may use them."""

import json
import re

from app.web.laying import VENDOR, off_gov_uk
from tests.guards.source import PROJECT

LOCK = json.loads((PROJECT / "package-lock.json").read_text())["packages"]


def test_the_version_is_one_and_the_same_in_wish_lock_and_what_is_served():
    wished = json.loads((PROJECT / "package.json").read_text())["dependencies"]["govuk-frontend"]
    locked = LOCK["node_modules/govuk-frontend"]["version"]
    fetched = json.loads((PROJECT / "node_modules/govuk-frontend/package.json").read_text())["version"]
    assert wished == locked == fetched
    for name in ("govuk-frontend.min.css", "govuk-frontend.min.js"):
        assert f"GOV.UK Frontend {wished}" in (VENDOR / name).read_text()[:100]


def test_what_is_served_is_what_was_fetched_without_fonts_and_crest():
    fetched = (PROJECT / "node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.css").read_text()
    served = (VENDOR / "govuk-frontend.min.css").read_text()
    assert "@font-face" in fetched
    assert served.split("\n", 1)[1] == off_gov_uk(fetched)
    assert re.findall(r"@font-face|GDS Transport|url\(|sourceMappingURL", served) == []
    assert "font-family:arial,sans-serif" in served


def test_the_licence_lies_beside_what_is_served():
    assert "Crown Copyright" in (VENDOR / "LICENCE.txt").read_text()


def test_every_locked_npm_package_has_its_hash_and_no_address():
    packages = {name: each for name, each in LOCK.items() if name}
    assert len(packages) > 3
    assert [name for name, each in packages.items() if "integrity" not in each or "resolved" in each] == []
