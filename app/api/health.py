"""Whether the process lives and whether it can serve: for the machines that watch over it."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from app.api.deps import Store
from app.http.threads import HEALTH

health = APIRouter(prefix="/health", tags=["health"])


class Health(BaseModel):
    status: Literal["ok"] = "ok"


@health.get("/live", summary="The process lives")
async def live() -> Health:
    """Asks nobody and waits for no thread."""
    return Health()


@health.get("/ready", summary="The database answers; 503 while it does not")
async def ready(store: Store) -> Health:
    await HEALTH.run(store.answers)
    return Health()
