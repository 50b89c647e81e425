"""The pages of the demo: how long the server takes for each, and how large it is. In process, so without the network."""

import re
import statistics
import time
from collections.abc import Iterator
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
from bench.figures import Figure

MOST_MS, MOST_KB = 100.0, 100.0
OVM, LPM, ADMIN, BOARD = officer("RJ1"), f"lpm@{DOMAIN}", f"admin@{DOMAIN}", f"board@{DOMAIN}"
_RETURN, _DEBT = r'href="(/returns/[0-9a-f]{32})"', r'href="(/debts/[0-9a-f]{32})"'
# Who looks at which page; with a pattern, at the first page that it leads to.
PAGES: tuple[tuple[str, str, str], ...] = (
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


def of_the_demo(folder: Path, number: int, months: int, times: int) -> list[Figure]:
    """Loads a demo of so many trusts and months, then opens every page so many times."""
    database = Database(f"sqlite:///{folder}/demo.db")
    _load(database, number, months)
    found = list(_figures(database, times))
    database.close()
    return found


def _load(database: Database, number: int, months: int) -> None:
    span = year_before(Period.containing(clock.today()), months)
    actors = demo_database.prepare(database, number, span[0])
    for _ in Year(database, trusts(list(actors)), span, actors).send_all():
        pass
    demo_database.finish(database, list(actors))


def _figures(database: Database, times: int) -> Iterator[Figure]:
    app = create_app(database=database)
    for email, path, pattern in PAGES:
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
    yield Figure(f"{name}: server time, median", statistics.median(took), "ms", most_itself=MOST_MS)
    yield Figure(f"{name}: size", len(answer.content) / 1000, "kB", most_itself=MOST_KB)


def _name(email: str, path: str) -> str:
    who = email.split("@", maxsplit=1)[0] or "anybody"
    return f"{who} at {re.sub(r'[0-9a-f]{32}', '…', path)}"
