"""The pages of the demo: how long the server takes for each, and how large it is. In process, so without the network."""

import re
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from starlette.testclient import TestClient

from app.accounts import sessions
from app.accounts.models import Step, User
from app.accounts.service import user_by_email
from app.core import clock
from app.core.db import Database
from app.demo import database as demo_database
from app.demo.accounts import DOMAIN, TEAM, officer
from app.demo.trusts import trusts
from app.demo.year import Year, year_before
from app.http.guard import session_cookie
from app.main import create_app
from app.periods.calendar import Period
from app.settings import get_settings
from bench import grid
from bench.figures import Figure

MOST_MS, MOST_KB = 100.0, 100.0
MOST_KB_OF_A_GRID = 270.0  # 220 × 12 cells, each of which leads somewhere: about 100 bytes a cell
OVM, LPM, ADMIN, BOARD = officer("RJ1"), f"lpm@{DOMAIN}", f"admin@{DOMAIN}", f"board@{DOMAIN}"
_RETURN, _DEBT = r'href="(/returns/[0-9a-f]{32})"', r'href="(/debts/[0-9a-f]{32})"'
# Who looks at which page; with a pattern, at the first page that it leads to.
Looked = tuple[str, str, str]
PAGES: tuple[Looked, ...] = (
    ("", "/sign-in", ""),
    ("", "/guidance", ""),
    (OVM, "/", ""),
    (OVM, "/returns", ""),
    (OVM, "/returns", _RETURN),
    (OVM, "/returns/upload", ""),
    (OVM, "/open-rows", ""),
    (OVM, "/debts", ""),
    (OVM, "/debts", _DEBT),
    (TEAM, "/", ""),
    (TEAM, "/debts?status=outstanding", ""),
    (TEAM, "/debts", _DEBT),
    (TEAM, "/returns", ""),
    (TEAM, "/submissions", ""),
    (TEAM, "/submissions?period=2026-10", ""),
    (LPM, "/", ""),
    (LPM, "/submissions", ""),
    (LPM, "/submissions/missing", ""),
    (TEAM, "/submissions/missing", ""),
    (LPM, "/submissions/rates", ""),
    (BOARD, "/submissions/rates", ""),
    (BOARD, "/", ""),
    (ADMIN, "/", ""),
    (ADMIN, "/users", ""),
    (ADMIN, "/organisations", ""),
)
GRIDS: tuple[Looked, ...] = (
    (grid.TEAM, "/submissions", ""),
    (grid.LPM, "/submissions", ""),
    (grid.LPM, "/submissions/grid.xlsx", ""),
    (grid.TEAM, "/submissions/missing", ""),
    (grid.TEAM, "/submissions/rates?by=organisation", ""),
)


def of_the_demo(folder: Path, number: int, months: int, times: int, listed: int) -> list[Figure]:
    """Loads a demo of so many trusts and months, then opens every page so many times; `listed` organisations in a grid."""
    database = Database(f"sqlite:///{folder}/demo.db")
    _load(database, number, months)
    found = list(_figures(database, PAGES, times))
    database.close()
    return [*found, *_of_the_grid(folder, times, listed)]


def _of_the_grid(folder: Path, times: int, number: int) -> list[Figure]:
    """More organisations than the demo has, on the pages that list them all."""
    database = grid.database_of(folder, number)
    found = list(_figures(database, GRIDS, times))
    database.close()
    return [replace(one, name=f"{number} × {grid.MONTHS}, {one.name}") for one in found]


def _load(database: Database, number: int, months: int) -> None:
    span = year_before(Period.containing(clock.today()), months)
    actors = demo_database.prepare(database, number, span[0])
    for _ in Year(database, trusts(list(actors)), span, actors).send_all():
        pass
    demo_database.finish(database, list(actors))


def _figures(database: Database, pages: Sequence[Looked], times: int) -> Iterator[Figure]:
    app = create_app(database=database)
    for email, path, pattern in pages:
        client = TestClient(app)
        if email:
            with database.writing() as db:
                user = user_by_email(db, email)
                assert isinstance(user, User)
                client.cookies.set(session_cookie(get_settings()).name, sessions.start(db, user, Step.IN))
        if pattern:
            linked = re.search(pattern, client.get(path).text)
            if linked is None:
                continue
        address = linked[1] if pattern and linked else path
        yield from _page(client, _name(email, address), address, times)


def _page(client: TestClient, name: str, path: str, times: int) -> Iterator[Figure]:
    took, answer = [], client.get(path)
    for _ in range(times):
        start = time.perf_counter()
        answer = client.get(path)
        took.append((time.perf_counter() - start) * 1000)
    if answer.status_code != 200:
        raise SystemExit(f"{name} answered {answer.status_code}: the bench looks at pages that are there.")
    most_kb = MOST_KB_OF_A_GRID if path == "/submissions" else MOST_KB
    yield Figure(f"{name}: server time, median", statistics.median(took), "ms", most_itself=MOST_MS)
    yield Figure(f"{name}: size", len(answer.content) / 1000, "kB", most_itself=most_kb)


def _name(email: str, path: str) -> str:
    who = email.split("@", maxsplit=1)[0] or "anybody"
    return f"{who} at {re.sub(r'[0-9a-f]{32}', '…', path)}"
