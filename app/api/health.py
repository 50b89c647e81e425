"""Whether the process lives and whether it can serve: for the machines that watch over it."""

from functools import partial
from typing import Literal, Self

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.api.deps import Config, Store
from app.http.threads import HEALTH
from app.watching import readiness
from app.watching.readiness import Check, Standing

health = APIRouter(prefix="/health", tags=["health"])


class Health(BaseModel):
    status: Literal["ok"] = "ok"


class CheckOut(BaseModel):
    """One check; `reason` is empty while all is well."""

    name: str
    status: Standing
    reason: str

    @classmethod
    def of(cls, check: Check) -> Self:
        return cls(name=check.name, status=check.standing, reason=check.reason)


class Ready(BaseModel):
    """`degraded` serves, and somebody should look; `failed` cannot serve. `detail` holds every reason."""

    status: Standing
    detail: str
    checks: list[CheckOut]


@health.get("/live", summary="The process lives")
async def live() -> Health:
    """Asks nobody and waits for no thread."""
    return Health()


@health.get(
    "/ready",
    summary="Whether it can serve, check by check; 503 while it cannot",
    responses={503: {"model": Ready, "description": "It cannot serve now; `checks` say why."}},
)
async def ready(settings: Config, store: Store, response: Response) -> Ready:
    checks = await HEALTH.run(partial(readiness.look, settings, store))
    status = readiness.altogether(checks)
    if status is Standing.FAILED:
        response.status_code = 503
        response.headers["Retry-After"] = "5"  # as for every answer that asks to try again
    detail = " ".join(check.reason for check in checks if check.reason)
    return Ready(status=status, detail=detail, checks=[CheckOut.of(check) for check in checks])
