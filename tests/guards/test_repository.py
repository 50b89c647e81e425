"""What may not stand in any file of the repository: addresses of package registries, and paths of somebody's machine."""

import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

from tests.guards.source import PROJECT

REGISTRIES = (
    r"py" r"pi\.org|python" r"hosted\.org|registry\.npm" r"js|npm" r"js\.(com|org)|deb\.deb" r"ian|anaconda\.org"
)
MACHINES = r"(?<![\w.])/(wo" r"rk|ro" r"ot|farm|Users)/|/home/\w+/|bash" r"_jobs"
FORBIDDEN = re.compile(f"{REGISTRIES}|{MACHINES}")


def files() -> list[Path]:
    """What git keeps or would keep: everything but what .gitignore names. Works in a tree without git too."""
    ignored = [".git/", *(line.strip() for line in (PROJECT / ".gitignore").read_text().splitlines())]

    def kept(path: Path) -> bool:
        here = f"/{path.relative_to(PROJECT)}/"
        return not any(
            fnmatch(here, f"{'' if name.startswith('/') else '*'}/{name.strip('/')}/*") for name in ignored if name
        )

    return [path for path in PROJECT.rglob("*") if kept(path) and path.is_file()]


def test_no_file_names_a_package_registry_or_a_path_of_a_machine():
    kept = files()
    assert len(kept) > 50
    found = [
        f"{file.relative_to(PROJECT)}: {match.group()}"
        for file in kept
        if (match := FORBIDDEN.search(file.read_bytes().decode(errors="replace")))
    ]
    assert found == []


def test_no_file_is_larger_than_a_megabyte():
    assert [file.name for file in files() if file.stat().st_size > 1_048_576] == []


def test_every_locked_package_has_its_hashes_and_no_address():
    for lock in PROJECT.glob("requirements*.lock"):
        text = lock.read_text()
        packages = re.findall(r"^[a-z0-9].*==.*$", text, re.M)
        assert len(packages) > (1 if "node" in lock.name else 30)
        assert [package for package in packages if not package.endswith("\\")] == []
        assert "--index-url" not in text and "://" not in text


def test_what_the_tests_install_is_what_the_service_runs_on():
    service, tests = (pins(PROJECT / name) for name in ("requirements.lock", "requirements-dev.lock"))
    assert service.items() <= tests.items()


def test_what_is_measured_beside_us_stands_on_the_same_versions():
    """The peers' packages are laid into a folder of their own, and one of them stores rows through our own models."""
    tests, peers = (pins(PROJECT / name) for name in ("requirements-dev.lock", "requirements-bench.lock"))
    both = tests.keys() & peers.keys()
    assert len(both) > 30
    assert {name: (tests[name], peers[name]) for name in both if tests[name] != peers[name]} == {}


def pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", lock.read_text(), re.M))


def test_whatever_the_project_depends_on_is_locked():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    wanted = {
        "requirements.lock": project["dependencies"],
        "requirements-dev.lock": project["optional-dependencies"]["dev"],
        "requirements-bench.lock": project["optional-dependencies"]["bench"],
    }
    for lock, names in wanted.items():
        bare = {re.split(r"[\[<>=~; ]", name)[0].lower().replace("_", "-") for name in names}
        assert bare - set(pins(PROJECT / lock)) == set(), "Run `make lock`."
