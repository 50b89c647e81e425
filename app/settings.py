"""Every setting of the service, read once from the environment (prefix DEBTOR_RETURNS_)."""

import os
import re
import secrets
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent


class Environment(StrEnum):
    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


class Settings(BaseSettings):
    """One field per setting; its description is what the generated table of settings says."""

    model_config = SettingsConfigDict(env_prefix="DEBTOR_RETURNS_", extra="ignore")

    database_url: str = Field(
        "sqlite:///data/debtor-returns.db",
        description="Where the register lives. PostgreSQL in production: postgresql+psycopg://user@host/name.",
    )
    secret_key: str = Field("", description="Signs and digests what must not be guessed; 32 characters or more.")
    base_url: str = Field("http://127.0.0.1:8000", description="The address people use, for links.")
    environment: Environment = Field(Environment.PRODUCTION, description="production, demo or test.")
    max_upload_mb: int = Field(10, ge=1, le=500, description="The largest file taken, in megabytes.")
    max_rows: int = Field(20_000, ge=1, description="The most data rows taken in one file.")
    readers: int = Field(2, ge=1, le=32, description="Processes kept warm for reading uploaded workbooks.")
    reading_seconds: float = Field(9.0, gt=0, description="The longest that reading one workbook may take.")
    open_period_months: int = Field(12, ge=1, description="Months after its end during which a period takes returns.")
    due_day: int = Field(20, ge=1, le=28, description="Day of the following month on which a return is due.")
    policy_folder: Path | None = Field(
        None, description="A folder with your own policy tables in place of the shipped ones (same file names)."
    )
    warnings_index_adds: str = Field(
        "on_release",
        pattern="^(on_release|at_once)$",
        description="When a debt is added to the Warnings Index: on_release or at_once.",
    )
    today: date | None = Field(None, description="Demo and test only: the calendar date of the domain.")

    @model_validator(mode="after")
    def _safe_in_production(self) -> Self:
        if self.environment is not Environment.PRODUCTION:
            self.secret_key = self.secret_key or "demo-and-test-only-" + "0" * 32
            return self
        if len(self.secret_key) < 32 or len(set(self.secret_key)) < 8:
            raise ValueError(
                "DEBTOR_RETURNS_SECRET_KEY is missing, shorter than 32 characters or easy to guess. Make one with: "
                "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        named = "base_url" in self.model_fields_set
        if not named or not re.match(r"https://|http://(127\.0\.0\.1|localhost)(:|/|$)", self.base_url):
            raise ValueError("DEBTOR_RETURNS_BASE_URL is missing or not an https:// address.")
        if self.today is not None:
            raise ValueError("DEBTOR_RETURNS_TODAY is for demo and test only: unset it in production.")
        return self


_brought: list[Settings] = []


def run_with(settings: Settings) -> None:
    """From here on this process runs with these settings: how the demo brings its own."""
    _brought.append(settings)
    get_settings.cache_clear()


def without_secrets() -> None:
    """For commands that sign nothing and keep nothing: production's missing secret and address do not stop them."""
    os.environ.setdefault("DEBTOR_RETURNS_SECRET_KEY", secrets.token_urlsafe(32))
    os.environ.setdefault("DEBTOR_RETURNS_BASE_URL", "https://offline.example")


@lru_cache
def get_settings() -> Settings:
    return _brought[-1] if _brought else Settings()
