"""What the service does now and then while it runs, so that it is done where no worker runs too. Of several processes one
does it.
"""

import asyncio
from collections.abc import Callable

import structlog
from fastapi.concurrency import run_in_threadpool

from app.audit import sealing
from app.core.db import Database
from app.core.logs import describe
from app.debts import thresholds

log = structlog.get_logger(__name__)


async def seal(store: Database) -> None:
    """Until it is cancelled, as `count` too."""
    chain = sealing.Chain(store)
    await _again_and_again(lambda: _seal(chain), "the audit could not be sealed")


async def count(store: Database) -> None:
    await _again_and_again(
        lambda: _count(store), "the debts of organisations that were taken over could not be counted"
    )


async def _again_and_again(work: Callable[[], None], otherwise: str) -> None:
    """A database that is away is told once and asked again at the next turn."""
    is_well = True
    while True:
        await asyncio.sleep(sealing.EVERY_SECONDS)
        try:
            await run_in_threadpool(work)
            is_well = True
        except sealing.ChainCut as error:
            if is_well:
                log.error("the audit's chain was cut", detail=error.detail)
            is_well = False
        except Exception as error:
            if is_well:
                log.warning(otherwise, **describe(error))
            is_well = False


def _seal(chain: sealing.Chain) -> None:
    """The line is a copy of the chain's head outside the database: whoever keeps it can hold the audit to it."""
    if (number := chain.seal()) and (head := chain.head):
        log.info("audit sealed", events=number, through=head.last_id, seal=head.number, head=head.digest)


def _count(store: Database) -> None:
    if codes := thresholds.mergers_begun(store):
        log.info("debts counted anew after mergers", organisations=codes)
