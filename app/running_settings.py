"""The settings of how the service runs: what it tells those who watch it, and how it stops."""

from pydantic import Field
from pydantic_settings import BaseSettings


class RunningSettings(BaseSettings):
    """A part of `Settings`: one field per setting, as there."""

    metrics_port: int = Field(
        0,
        ge=0,
        le=65535,
        description="The port on which `debtor-returns serve` tells its metrics at /metrics, for Prometheus. 0: none.",
    )
    worker_metrics_port: int = Field(0, ge=0, le=65535, description="The same for `debtor-returns worker`. 0: none.")
    metrics_host: str = Field(
        "127.0.0.1",
        description="The address on which metrics are told. Whoever reaches it reads them without signing in: keep it "
        "inside your network.",
    )
    drain_seconds: float = Field(
        0,
        ge=0,
        le=300,
        description="How long the service goes on taking requests after it is told to stop, while /health/ready says so: "
        "for load balancers that ask there.",
    )
    shutdown_seconds: int = Field(
        20,
        ge=1,
        le=600,
        description="How long requests under way may take to end after that, before they are cut off with nothing changed.",
    )
