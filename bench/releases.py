"""The files of a large release: time a line, memory of the process that writes them, and other pages meanwhile."""

import os
import statistics
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.testclient import TestClient

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.access import COMMAND_LINE
from app.accounts.models import Step
from app.core.db import Database
from app.http.guard import session_cookie
from app.main import create_app
from app.releases import freezing, lines, told_before
from app.releases.lines import Line
from app.releases.models import CarriedDebt, Release, ReleasePart, Scope, State
from app.releases.outputs import consolidated, midas, warnings_index
from app.settings import get_settings
from bench.figures import Figure
from bench.processes import Watch, children
from bench.upload import Ground

AS_AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
EMAIL = "bench-releases@department.example"
MOST_US_CSV, MOST_US_WORKBOOK = 10.0, 200.0  # 100,000 and 5,000 lines a second
MOST_MB, MOST_RATIO = 150.0, 1.5
PAGES = ("/", "/debts", "/returns", "/guidance")


@dataclass(frozen=True)
class Seen:
    """A page that was asked for: milliseconds until it was there, and those for which this process worked."""

    wall: float
    processor: float


def figures(ground: Ground, number: int, idle_rounds: int = 20) -> list[Figure]:
    with ground.fresh() as database:
        release_id = prepared(database, number)
        return [*_alone(database, release_id, number), *_beside_pages(database, release_id, number, idle_rounds)]


def prepared(database: Database, number: int) -> str:
    """A release that changes every line of an earlier one to the same recipient: the most that the files can ask."""
    with database.writing() as db:
        first, second = _release(1, number), _release(2, number)
        db.add_all([first, second])
        db.flush()
        for made, change in ((first, "new"), (second, "corrected")):
            for part in lines.in_parts(_lines(number, change)):
                db.add(ReleasePart(release_id=made.id, first_line=part[0].line, content=lines.pack(part)))
                if made is first:
                    db.add_all(_carried(made, each) for each in part)
                db.flush()
                db.expunge_all()
        return second.id


def _release(number: int, count: int) -> Release:
    return Release(
        number=number, scope=Scope.FULL, recipient="MIDAS", recipient_key="midas", purpose="Bench",
        state=State.APPROVED, as_at=AS_AT, seen=0, lines=count, seed="0" * 32, prepared_by="bench",
        approved_by="bench two",
    )  # fmt: skip


def _carried(made: Release, each: Line) -> CarriedDebt:
    return CarriedDebt(
        recipient_key="midas", debt_id=each.debt_id, release_id=made.id, line=each.line, removed=False,
        status_digest="", particulars_digest="",
    )  # fmt: skip


def _lines(number: int, change: str) -> Iterator[Line]:
    for n in range(1, number + 1):
        yield Line(n, f"{n:032x}", f"ND-{n:08d}", "RJ1", change, _values(n, change), shown=n % 7 > 0, flagged=False)


def _values(n: int, change: str) -> dict[str, object]:
    day = date(2024, 1, 1) + timedelta(days=n % 900)
    return {
        "reference": f"ND-{n:08d}", "organisation": "RJ1", "organisation_name": "An Example Trust", "region": "London",
        "invoice_number": f"INV{n:07d}", "invoice_date": day, "invoice_amount": 250000 + n * 37,
        "amount_outstanding": 50000 + n * 31, "status": "outstanding" if n % 7 else "arrangement", "status_date": day,
        "family_name": f"Example{change}{n % 5003}", "given_names": f"Ada {n % 701}", "other_names": None,
        "date_of_birth": date(1950, 1, 1) + timedelta(days=n % 20000), "sex": "female", "nationality": "NGA",
        "passport_number": f"A{n:08d}", "home_office_reference": None, "ni_number": None,
        "uk_address": f"{n % 300} Example Street, London", "uk_postcode": "SE1 7EH", "overseas_address": None,
        "patient_informed": "yes", "return_reference": "DR-2026-10-RJ1-01", "row": n % 500 + 2, "first_reported": day,
        "last_confirmed": day, "held": False, "disputed": False, "unconfirmed": n % 3 == 0, "below_threshold": False,
    }  # fmt: skip


def _alone(database: Database, release_id: str, number: int) -> Iterator[Figure]:
    """Each file by itself, read from the database and written to memory that is let go at once; in processor time."""
    with database.reading() as db, TemporaryDirectory(prefix="debtor-returns-bench-") as folder:
        release = db.get_one(Release, release_id)
        took = _seconds(midas.csv_pieces(lines.stream(db, release_id)))
        yield _rate("MIDAS CSV", number, took, MOST_US_CSV)
        rows = (line.as_row() for line in lines.stream(db, release_id))
        yield _rate("consolidated CSV", number, _seconds(consolidated.csv_lines(rows, "Release 2")), MOST_US_CSV)
        flags = warnings_index.flags(
            Scope.FULL, AS_AT, told_before.with_before(db, release, lines.stream(db, release_id))
        )
        yield _rate(
            "Warnings Index CSV, every person corrected", number, _seconds(warnings_index.csv_pieces(flags)), None
        )
        start = time.process_time()
        rows = (line.as_row() for line in lines.stream(db, release_id))
        cover = consolidated.Cover(AS_AT, "bench", "MIDAS", "Bench", release="Release 2", approved_by="bench two")
        consolidated.write_workbook(rows, cover, Path(folder, "consolidated.xlsx"))
        yield _rate("workbook", number, time.process_time() - start, MOST_US_WORKBOOK)


def _seconds(pieces: Iterable[bytes]) -> float:
    start = time.process_time()
    for _ in pieces:
        pass
    return time.process_time() - start


def _rate(what: str, number: int, took: float, most: float | None) -> Figure:
    name = f"Release of {number:,} lines, {what}: processor time a line"
    return Figure(name, took / number * 1e6, "µs", most_itself=most)


def _beside_pages(database: Database, release_id: str, number: int, rounds: int) -> Iterator[Figure]:
    """All files as a release writes them, while somebody reads pages."""
    with _reader(database) as client, TemporaryDirectory(prefix="debtor-returns-bench-") as folder:
        _look(client, 2)
        written: list[freezing.Written] = []
        writing = threading.Thread(
            target=lambda: written.extend(freezing.write(database, release_id, frozenset(), Path(folder)).written)
        )
        with Watch(os.getpid()) as before:
            idle = _look(client, rounds)
        start, meanwhile = time.perf_counter(), list[Seen]()
        with Watch(os.getpid()) as during:
            writing.start()
            apart = number <= freezing.SMALL
            while writing.is_alive():
                meanwhile += _look(client, 1)
                apart = apart or bool(children(os.getpid()))
        if not apart:
            raise SystemExit("The files were not written in a process of their own, as the service writes large ones.")
        took = time.perf_counter() - start
        with Watch(os.getpid()):
            idle += _look(client, rounds)
        start = time.perf_counter()
        with database.writing() as db:
            freezing.keep(db, release_id, written)
        kept = time.perf_counter() - start
    grown = during.server - before.server + during.readers - before.readers
    yield Figure(f"Release of {number:,} lines: all files written", took, "s")
    yield Figure(f"Release of {number:,} lines: files kept", kept, "s")
    yield Figure("  memory grows, the writing process and its server", grown, "MB", most_itself=MOST_MB)
    for what, of in (("median", attrgetter("wall")), ("processor time", attrgetter("processor"))):
        now, usual = statistics.median(map(of, meanwhile)), statistics.median(map(of, idle))
        yield Figure(f"  other pages meanwhile, {what}", now, "ms", "idle", usual, most=MOST_RATIO)


@contextmanager
def _reader(database: Database) -> Iterator[TestClient]:
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, EMAIL, "debtors_team")
        user = accounts.user_by_email(db, EMAIL)
        assert user is not None
        secret = sessions.start(db, user, Step.IN)
    client = TestClient(create_app(database=database))
    client.cookies.set(session_cookie(get_settings()).name, secret)
    yield client


def _look(client: TestClient, times: int) -> list[Seen]:
    seen = []
    for _ in range(times):
        for page in PAGES:
            start, worked = time.perf_counter(), time.process_time()
            answer = client.get(page)
            seen.append(Seen((time.perf_counter() - start) * 1000, (time.process_time() - worked) * 1000))
            if answer.status_code != 200:
                raise SystemExit(f"{page} answered {answer.status_code}: the bench looks at pages that are there.")
    return seen
