"""Whether the process lives and whether it can serve: for the machines that watch over it."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from app.api.deps import Store

health = APIRouter(prefix="/health", tags=["health"])


class Health(BaseModel):
    status: Literal["ok"] = "ok"


@health.get("/live", summary="The process lives")
def live() -> Health:
    return Health()


@health.get("/ready", summary="The database answers; 503 while it does not")
def ready(store: Store) -> Health:
    store.answers()
    return Health()
