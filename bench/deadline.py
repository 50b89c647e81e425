"""The day on which returns are due: many trusts send at once to a real served process, while others read pages.

Bounded, and on this machine alone. It counts what went wrong and what was lost, and times pages meanwhile.
"""

import asyncio
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory

import httpx
from sqlalchemy import func, select
from sqlmodel import col

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.access import COMMAND_LINE
from app.accounts.models import Step
from app.accounts.permissions import Role
from app.core.db import Database
from app.debts.models import Debt
from app.demo.dice import dice
from app.http.guard import session_cookie
from app.organisations.models import Organisation
from app.returns.models import Lifecycle, Return
from app.settings import get_settings
from bench.figures import Figure
from bench.upload import PERIOD, fill
from bench.workbooks import new_debts

EMAIL = "deadline@debtors.example"
PAGES = ("/", "/returns", "/debts", "/submissions?period=2026-10", "/guidance")
LONGEST_ANSWER = 120.0  # seconds; what has no answer by then hangs
TRUSTS, FEWEST, MOST, READERS = 160, 5, 500, 50
SPAN = 300.0  # seconds within which the trusts of a day send


@dataclass(frozen=True)
class Sent:
    """One trust's file, and what came of it: a status, or 0 when no answer came."""

    organisation: str
    rows: int
    status: int
    seconds: float
    words: str = ""


@dataclass
class Day:
    """What was seen. `lost` are rows that were acknowledged and are not there, or there and not acknowledged."""

    sent: list[Sent] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    troubles: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    lost: int = 0

    def statuses(self) -> Counter[int]:
        return Counter(one.status for one in self.sent)

    def slow_page(self) -> float:
        """What 95 of 100 pages did not exceed, in milliseconds."""
        return statistics.quantiles(self.pages, n=20)[-1] * 1000 if len(self.pages) > 1 else 0.0


@dataclass(frozen=True)
class Served:
    """A running service, whoever may send on behalf of every trust, and how to reach it."""

    database: Database
    address: str
    token: str
    cookie: dict[str, str]
    codes: Sequence[str]

    def client(self) -> httpx.AsyncClient:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
        return httpx.AsyncClient(base_url=self.address, timeout=LONGEST_ANSWER, limits=limits, cookies=self.cookie)


@contextmanager
def serving(url: str, processes: int = 1) -> Iterator[Served]:
    """The service as it is started for real, on an empty database at this address."""
    database = Database(url)
    fill(database)
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, EMAIL, Role.DEBTORS_TEAM)
        token = accounts.create_token(db, COMMAND_LINE, EMAIL)
        user = accounts.user_by_email(db, EMAIL)
        assert user is not None
        cookie = {session_cookie(get_settings()).name: sessions.start(db, user, Step.IN)}
        codes = db.execute(select(col(Organisation.code)).order_by(col(Organisation.code))).scalars().all()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from app.cli import main; main()", "serve"]
    options = ["--port", str(port), "--workers", str(processes)]
    usual = {name: value for name, value in os.environ.items() if not name.startswith("DEBTOR_RETURNS_")}
    settings = {
        name: os.environ[name] for name in os.environ if name.endswith(("_ENVIRONMENT", "_TODAY", "_SECRET_KEY"))
    }
    environment = usual | settings | {"DEBTOR_RETURNS_DATABASE_URL": url}
    with subprocess.Popen(
        [*command, *options], env=environment, stderr=subprocess.DEVNULL, start_new_session=True
    ) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            _await(address, server)
            yield Served(database, address, token, cookie, codes)
        finally:
            _end(server)
            database.close()


def _end(server: "subprocess.Popen[bytes]") -> None:
    """A service that hangs does not hear us; its processes are a group of their own."""
    server.terminate()
    try:
        server.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)


def figures(span: float, say: Callable[[str], None]) -> list[Figure]:
    """SQLite with one process and PostgreSQL with two."""
    from tests import postgres  # noqa: PLC0415 - brings pytest, which is there only when the tests' packages are

    found: list[Figure] = []
    with ExitStack() as running:
        folder = running.enter_context(TemporaryDirectory(prefix="debtor-returns-bench-"))
        say("The day on which returns are due, on SQLite")
        with serving(f"sqlite:///{folder}/deadline.db") as served:
            found += _figures(served, "SQLite, 1 process", span)
        server = running.enter_context(postgres.server())
        say("The same on PostgreSQL")
        with serving(server.render_as_string(hide_password=False), processes=2) as served:
            found += _figures(served, "PostgreSQL, 2 processes", span)
    return found


def _figures(served: Served, where: str, span: float) -> Iterator[Figure]:
    chance = dice("sizes", TRUSTS)
    sizes = [round(FEWEST * (MOST / FEWEST) ** chance.random()) for _ in range(TRUSTS)]
    alone = _alone(served, sizes)
    quiet = day(served, [], span=10, readers=READERS)
    burst = day(served, sizes, first=2_000_000)
    spread = day(served, sizes, span=span, readers=READERS, first=3_000_000)
    cores = os.cpu_count() or 1
    yield Figure(f"{TRUSTS} returns at once, {sum(sizes):,} rows ({where})", burst.seconds, "s",
                 "their single times ÷ cores", alone / cores, most=1.3)  # fmt: skip
    yield from _bad(burst)
    yield Figure(f"{TRUSTS} returns in {span:.0f} s, {READERS} readers ({where}): page, p95", spread.slow_page(), "ms",
                 "without returns", quiet.slow_page(), most_itself=300)  # fmt: skip
    yield from _bad(spread)


def _bad(seen: Day) -> Iterator[Figure]:
    yield Figure("  returns not taken", sum(one.status != 201 for one in seen.sent), "", most_itself=0)
    yield Figure("  rows lost", seen.lost, "", most_itself=0)
    yield Figure("  pages that failed", seen.troubles.total(), "", most_itself=0)


def _alone(served: Served, sizes: Sequence[int]) -> float:
    """What the files take one after another, in seconds: from a few sizes, and between them by the straight line."""
    few, some, many = FEWEST, 100, MOST
    day(served, [few] * 3, first=8_000_000)
    took = {
        rows: statistics.median(
            day(served, [rows], first=9_000_000 + rows * 1000 + turn * 100_000_000).seconds for turn in range(3)
        )
        for rows in (few, some, many)
    }

    def one(rows: int) -> float:
        low, high = (few, some) if rows <= some else (some, many)
        return took[low] + (took[high] - took[low]) * (rows - low) / (high - low)

    return sum(map(one, sizes))


def day(served: Served, sizes: Sequence[int], *, span: float = 0.0, readers: int = 0, first: int = 0) -> Day:
    """As many trusts as sizes send a file each within `span` seconds, while so many people read pages."""
    files = [new_debts.__wrapped__(rows, first + place * 1000) for place, rows in enumerate(sizes)]
    before = _debts(served)
    found = asyncio.run(_day(served, list(zip(served.codes, sizes, files, strict=False)), span, readers))
    taken = sum(one.rows for one in found.sent if one.status == 201)
    found.lost = abs(_debts(served) - before - taken)
    return found


async def _day(served: Served, files: Sequence[tuple[str, int, bytes]], span: float, readers: int) -> Day:
    found, chance = Day(), dice("deadline", len(files))
    over = asyncio.Event()
    async with served.client() as client:
        reading = [asyncio.create_task(_read(client, found, over, chance.random())) for _ in range(readers)]
        began = time.perf_counter()
        found.sent = await asyncio.gather(*(_send(served, client, *one, wait=chance.random() * span) for one in files))
        found.seconds = time.perf_counter() - began
        if not files:
            await asyncio.sleep(span)
        over.set()
        await asyncio.gather(*reading)
    return found


async def _send(
    served: Served, client: httpx.AsyncClient, organisation: str, rows: int, data: bytes, *, wait: float
) -> Sent:
    await asyncio.sleep(wait)
    form = {"organisation": organisation, "period": str(PERIOD), "declaration": "true"}
    headers = {"Authorization": f"Bearer {served.token}"}
    start = time.perf_counter()
    try:
        answer = await client.post("/api/v1/returns", data=form, files={"file": ("r.xlsx", data)}, headers=headers)
    except httpx.TransportError as error:
        return Sent(organisation, rows, 0, time.perf_counter() - start, type(error).__name__)
    words = "" if answer.status_code == 201 else answer.json().get("detail", "")
    return Sent(organisation, rows, answer.status_code, time.perf_counter() - start, words)


async def _read(client: httpx.AsyncClient, found: Day, over: asyncio.Event, begin: float) -> None:
    """One person: looks at a page, reads it for two seconds, looks at the next."""
    turn = int(begin * len(PAGES))
    await asyncio.sleep(begin * 2)
    while not over.is_set():
        turn += 1
        start = time.perf_counter()
        try:
            answer = await client.get(PAGES[turn % len(PAGES)])
        except httpx.TransportError as error:
            found.troubles[type(error).__name__] += 1
        else:
            found.pages.append(time.perf_counter() - start)
            if answer.status_code != 200:
                found.troubles[str(answer.status_code)] += 1
        await asyncio.sleep(2)


def _debts(served: Served) -> int:
    """How many debts there are. Each must be of a return that was submitted whole."""
    with served.database.reading() as db:
        debts: int = db.execute(select(func.count()).select_from(Debt)).scalar_one()
        rows = db.execute(
            select(func.coalesce(func.sum(Return.new), 0)).where(col(Return.lifecycle) == Lifecycle.SUBMITTED)
        ).scalar_one()
    if debts != rows:
        raise SystemExit(f"{debts} debts, but the returns say {rows}: something was merged by half.")
    return debts


def _await(address: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        try:
            if httpx.get(f"{address}/health/ready", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            if server.poll() is not None:
                break
        time.sleep(0.1)
    raise SystemExit("The served process did not start.")
