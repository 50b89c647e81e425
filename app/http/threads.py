"""In which thread a request's work runs, and how many of a kind run at once. Who waits for a turn waits in the event loop,
in the order of coming, and holds neither a thread nor a connection.

Work that reads runs in the pool that the framework has too; whoever writes never takes a thread from it. Why so, and
how many connections follow from it: docs/decisions/0038.
"""

import inspect
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, TypeVar

import anyio
from anyio import CancelScope, CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from fastapi.params import Depends

from app.core.database_errors import OTHERS_WRITE
from app.core.errors import Blocked, Unavailable
from app.http.deps import Comparing, Opening, Store, Writing
from app.http.guard import SAFE_METHODS

T = TypeVar("T")
READING = 24


@dataclass(frozen=True)
class Queue:
    """`places` pieces of work at once in a process; who waits longer than `seconds` is told `words`."""

    name: str
    places: int
    seconds: float
    words: str
    retry_after: int

    async def run(self, work: Callable[[], T]) -> T:
        """Raises Unavailable (503): too long a wait, or in vain, because the database is kept by another process."""
        here, mine = _places(self), object()
        with anyio.move_on_after(self.seconds) as wait:
            here.waiting.add(wait)
            try:
                await here.places.acquire_on_behalf_of(mine)
            finally:
                here.waiting.remove(wait)
        if wait.cancelled_caught:
            in_vain = anyio.current_time() < wait.deadline
            raise Blocked(OTHERS_WRITE) if in_vain else Unavailable(self.words, retry_after=self.retry_after)
        try:
            return await to_thread.run_sync(work, limiter=CapacityLimiter(1))  # a place is a thread: no further limit
        except Blocked:
            for each in here.waiting:
                each.cancel()
            raise
        finally:
            here.places.release_on_behalf_of(mine)


class _Places:
    def __init__(self, number: int) -> None:
        self.places = CapacityLimiter(number)
        self.waiting: set[CancelScope] = set()


_of_this_loop: RunVar[dict[str, _Places]] = RunVar("places")


def _places(queue: Queue) -> _Places:
    found = _of_this_loop.get({})
    _of_this_loop.set(found)
    return found.setdefault(queue.name, _Places(queue.places))


# Returns and other posts into the register: one merges while the next is read and judged. Proxies wait for 60 seconds.
POSTING = Queue(
    "posting", 2, 50, retry_after=60,
    words="Many returns are arriving at this moment. Yours was not taken: send it again in a minute.",
)  # fmt: skip
WRITING = Queue(
    "writing", 8, 20, retry_after=5,
    words="The service is very busy just now. Nothing was changed: try again in a moment.",
)  # fmt: skip
HEALTH = Queue("health", 1, 4, "The database does not answer just now.", retry_after=5)


async def _in_the_pool(work: Callable[[], T]) -> T:
    return await to_thread.run_sync(work)


def begin() -> None:
    """For the event loop of a process that serves: as many threads as there are connections for."""
    to_thread.current_default_thread_limiter().total_tokens = READING


def in_one_thread(
    endpoint: Callable[..., Any], methods: Collection[str], dependencies: Sequence[Depends]
) -> Callable[..., Any]:
    """The route's function, run whole in one thread with its sessions: from the first statement to the commit."""
    if inspect.iscoroutinefunction(endpoint):
        return endpoint
    run = _run_of(endpoint, methods, dependencies)

    @wraps(endpoint)
    async def in_a_thread(**values: Any) -> Any:
        return await run(partial(_with_sessions, endpoint, values))

    return in_a_thread


def _run_of(
    endpoint: Callable[..., Any], methods: Collection[str], dependencies: Sequence[Depends]
) -> Callable[[Callable[[], Any]], Awaitable[Any]]:
    if SAFE_METHODS.issuperset(methods):
        return _in_the_pool
    if Comparing in dependencies:
        return POSTING.run
    asked = [each.annotation for each in inspect.signature(endpoint).parameters.values()]
    return WRITING.run if Writing in asked or Store in asked else _in_the_pool


def _with_sessions(endpoint: Callable[..., Any], values: dict[str, Any]) -> Any:
    with ExitStack() as sessions:
        ready = {
            name: sessions.enter_context(value.open()) if isinstance(value, Opening) else value
            for name, value in values.items()
        }
        return endpoint(**ready)
