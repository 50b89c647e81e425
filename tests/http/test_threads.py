"""Who writes waits in a queue without a thread; who reads never waits for them; and one thread does a request whole."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.access import COMMAND_LINE
from app.accounts.models import Step
from app.api.routes import ROUTERS
from app.core import clock
from app.core.db import CONNECTIONS
from app.core.errors import Blocked, Unavailable
from app.http.afterwards import Afterwards
from app.http.threads import HEALTH, POSTING, READING, WRITING, Queue
from app.main import create_app
from app.returns.waiting import CHECKS
from app.web import routes as pages


def queue(places: int = 1, seconds: float = 5) -> Queue:
    return Queue("for a test", places, seconds, "Many are here. Come again in a minute.", retry_after=60)


def test_no_more_run_at_once_than_there_are_places_and_all_get_one_in_turn():
    running, most, order = [0], [0], list[int]()

    def work(number: int) -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        order.append(number)
        threading.Event().wait(0.005)
        running[0] -= 1

    async def many() -> None:
        few = queue(places=1)
        await asyncio.gather(*(few.run(lambda number=number: work(number)) for number in range(60)))

    asyncio.run(many())
    assert (most[0], order) == (1, list(range(60)))


def test_whoever_waits_too_long_is_told_so_and_the_place_is_free_afterwards():
    held = threading.Event()

    async def many() -> str:
        few = queue(seconds=0.05)
        first = asyncio.create_task(few.run(lambda: held.wait(10)))
        await asyncio.sleep(0)
        with pytest.raises(Unavailable, match="Come again") as told:
            await few.run(lambda: True)
        held.set()
        await first
        assert told.value.retry_after == 60
        return await few.run(lambda: "served")

    assert asyncio.run(many()) == "served"


def test_when_the_database_is_kept_by_another_process_all_who_wait_are_told_at_once():
    tried = []

    def in_vain() -> None:
        tried.append(1)
        threading.Event().wait(0.1)
        raise Blocked("Others write.")

    async def many() -> list[object]:
        few = queue(places=1)
        told = await asyncio.gather(*(few.run(in_vain) for _ in range(20)), return_exceptions=True)
        assert await few.run(lambda: True)
        return told

    assert {type(each) for each in asyncio.run(many())} == {Blocked}
    assert len(tried) == 1


def test_a_place_is_given_back_when_the_work_fails():
    async def twice() -> bool:
        few = queue(seconds=0.5)
        with pytest.raises(ZeroDivisionError):
            await few.run(lambda: 1 // 0)
        return await few.run(lambda: True)

    assert asyncio.run(twice())


def test_there_are_more_connections_than_threads_that_ask_so_that_one_who_holds_one_gets_a_second():
    assert READING + WRITING.places + POSTING.places + HEALTH.places + CHECKS < CONNECTIONS


def test_two_processes_and_a_worker_fit_into_postgresql_as_it_comes():
    allowed, kept_for_administrators, worker = 100, 3, 7
    assert 2 * CONNECTIONS + worker <= allowed - kept_for_administrators


def test_whoever_waits_for_a_turn_hears_of_it_before_a_proxy_gives_up():
    assert max(each.seconds for each in (POSTING, WRITING, HEALTH)) < 60


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/sign-in"])
def test_pages_and_health_answer_while_every_place_of_writers_is_taken(settings, database, path):
    """On a real server's loop: one for all requests."""
    app, free = create_app(settings, database), threading.Event()

    async def ask() -> int:
        told: list[int] = []

        async def send(message) -> None:
            told.append(message.get("status", 0))

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
                 "headers": [(b"host", b"testserver")], "scheme": "http", "server": ("testserver", 80),
                 "client": ("127.0.0.1", 1), "root_path": "", "http_version": "1.1"}  # fmt: skip
        many = [asyncio.create_task(each.run(lambda: free.wait(20))) for each in (POSTING, WRITING) for _ in range(60)]
        await asyncio.sleep(0.05)
        try:
            await asyncio.wait_for(app(scope, receive, send), 10)
        finally:
            free.set()
            await asyncio.gather(*many)
        return told[0]

    assert asyncio.run(ask()) == 200


def test_every_route_with_a_session_runs_it_in_the_thread_that_does_the_work():
    every = [route for router in (*ROUTERS, *pages.ROUTERS) for route in router.routes]
    assert [route.path for route in every if not asyncio.iscoroutinefunction(route.endpoint)] == []


def test_someone_who_looks_goes_on_while_nothing_can_be_written(client, database):
    with database.writing() as db:
        user = accounts.add_user(db, COMMAND_LINE, "ovm@rj1.example", "trust", "RJ1")
        token = sessions.start(db, user, Step.IN)
    client.cookies.set("session", token)
    later = clock.now() + sessions.NOTED_AFTER * 2
    with database.writing() as holding:
        holding.connection().execute(text("UPDATE organisations SET name = name"))
        with clock.at(later):
            assert client.get("/returns").status_code == 200


def test_one_run_serves_all_who_asked_before_it_began_and_none_is_forgotten():
    runs, begun, go_on = list[int](), threading.Event(), threading.Event()

    def work() -> None:
        runs.append(1)
        begun.set()
        go_on.wait(10)

    afterwards = Afterwards(work)
    with ThreadPoolExecutor(1) as beside:
        first = beside.submit(afterwards.ask)
        begun.wait(10)
        for _ in range(5):
            afterwards.ask()
        go_on.set()
        first.result(10)
    assert len(runs) == 2
    afterwards.ask()
    assert len(runs) == 3
