"""Seals the audit while the service runs, so that it is sealed where no worker runs too. Of several processes one does it."""

import asyncio

import structlog
from fastapi.concurrency import run_in_threadpool

from app.audit import sealing
from app.core.db import Database
from app.core.logs import describe

log = structlog.get_logger(__name__)


async def seal_now_and_then(store: Database) -> None:
    """Until it is cancelled. A database that is away is told once and asked again at the next turn."""
    is_well, chain = True, sealing.Chain(store)
    while True:
        await asyncio.sleep(sealing.EVERY_SECONDS)
        try:
            await run_in_threadpool(_seal, chain)
            is_well = True
        except sealing.ChainCut as error:
            if is_well:
                log.error("the audit's chain was cut", detail=error.detail)
            is_well = False
        except Exception as error:
            if is_well:
                log.warning("the audit could not be sealed", **describe(error))
            is_well = False


def _seal(chain: sealing.Chain) -> None:
    """The line is a copy of the chain's head outside the database: whoever keeps it can hold the audit to it."""
    if (number := chain.seal()) and (head := chain.head):
        log.info("audit sealed", events=number, through=head.last_id, seal=head.number, head=head.digest)
