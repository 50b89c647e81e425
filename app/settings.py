"""Every setting of the service, read once from the environment (prefix DEBTOR_RETURNS_)."""

import base64
import json
import os
import re
import secrets
from datetime import date
from enum import StrEnum
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from app.connections import Endpoint, Provider
from app.mail_settings import MailSettings
from app.running_settings import RunningSettings
from app.secret_files import SECRET, filled_in, is_by_file, secrets_among, variable

PROJECT = Path(__file__).resolve().parent.parent


class Environment(StrEnum):
    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


_PLAIN_ADDRESS = r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[^\s?#]*)?"
LOOPBACK = r"http://(127\.0\.0\.1|localhost)(:|/|$)"


class Settings(MailSettings, RunningSettings):
    """One field per setting; its description is what the generated table of settings says."""

    # What a refused value was may be a secret: an error does not repeat it.
    model_config = SettingsConfigDict(env_prefix="DEBTOR_RETURNS_", extra="ignore", hide_input_in_errors=True)

    database_url: str = Field(
        "sqlite:///data/debtor-returns.db",
        repr=False,  # it may hold a password
        json_schema_extra=SECRET,
        description="Where the register lives. PostgreSQL in production: postgresql+psycopg://user@host/name.",
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        json_schema_extra=SECRET,
        description="Signs and digests what must not be guessed; 32 characters or more.",
    )
    former_secret_keys: SecretStr = Field(
        SecretStr(""),
        json_schema_extra=SECRET,
        description="Secret keys that were used before this one, separated by commas: verify-audit knows old seals by them.",
    )
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
    warnings_index_push_url: str = Field(
        "",
        description="Where each event of the Warnings Index feed is sent (https). Without it the recipient fetches the "
        "feed from the API.",
    )
    warnings_index_push_key: SecretStr = Field(
        SecretStr(""),
        json_schema_extra=SECRET,
        description="The key that events are signed with, shared with the recipient: 32 characters or more, or whsec_ "
        "and 24 bytes or more in base64. Needed with the address.",
    )
    release_endpoints: Annotated[list[Endpoint], NoDecode] = Field(
        [],
        json_schema_extra=SECRET,
        description="Where files of releases are sent as soon as they are released, as a JSON list of objects with key, "
        "recipient, file (such as midas.csv), url (https) and signing_key. Without it they are downloaded. See "
        "docs/release-delivery.md.",
    )
    second_factor: str = Field(
        "",
        pattern="^(required|offered)?$",
        description="Whether everybody who signs in with a password needs one-time codes (required; the default in "
        "production) or only those who have set them up or were invited (offered; the default in demo and test).",
    )
    trusted_proxy: str = Field(
        "",
        description="Addresses or networks of reverse proxies, separated by commas, whose X-Forwarded-For is believed. "
        "Without it everybody behind a proxy counts as one address, and wrong passwords lock them all out.",
    )
    oidc: Annotated[list[Provider], NoDecode] = Field(
        [],
        json_schema_extra=SECRET,
        description="Identity providers by OpenID Connect, as a JSON list of objects with key, label, issuer, client_id, "
        'client_secret and, if not "openid email profile", scope.',
    )
    contact: str = Field(
        "",
        pattern=r"^([^@\s]+@[^@\s]+)?$",
        description="The service desk's e-mail address, for the pages that say where to turn. Without it they name the "
        "Local Partnership Manager and the Debtors Team only.",
    )
    reminders: str = Field(
        "on",
        pattern="^(on|off)$",
        description="Whether the worker reminds trusts of returns by itself: on or off. Reminders can be sent by hand "
        "either way.",
    )
    status_checks_per_hour: int = Field(
        30, ge=1, le=10_000, description="How many urgent status checks one person may make in any hour."
    )
    virus_scanner: str = Field(
        "",
        pattern=r"^(tcp://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?|unix:///\S+)?$",
        description="The virus scanner (ClamAV's clamd) that every file people send goes through first: tcp://host:3310 or "
        "unix:///run/clamav/clamd.ctl. Without it files are not looked through for viruses; with it, no file is taken "
        "while it does not answer.",
    )
    api_calls_per_minute: int = Field(
        6_000,
        ge=1,
        le=1_000_000,
        description="How many calls of the HTTP API one account may make in a minute. With several processes (or machines) "
        "a tenth more for each.",
    )
    backup_key: SecretStr = Field(
        SecretStr(""),
        json_schema_extra=SECRET,
        description="Encrypts backups: 32 characters or more. Keep it apart from them; without it they cannot be read. "
        "Without a key they are not encrypted. See docs/backup.md.",
    )
    today: date | None = Field(None, description="Demo and test only: the calendar date of the domain.")

    @model_validator(mode="before")
    @classmethod
    def _secrets_from_files(cls, values: Any) -> Any:
        return filled_in(values, secrets_among(cls.model_fields), os.environ)

    @property
    def secret_keys(self) -> list[str]:
        """The secret key of today, then those before it."""
        former = (key.strip() for key in self.former_secret_keys.get_secret_value().split(","))
        return [self.secret_key.get_secret_value(), *(key for key in former if key)]

    @field_validator("oidc", "release_endpoints", mode="before")
    @classmethod
    def _from_json(cls, value: Any) -> Any:
        return json.loads(value or "[]") if isinstance(value, str) else value

    @field_validator("oidc", "release_endpoints")
    @classmethod
    def _each_key_once(cls, listed: Any, info: ValidationInfo) -> Any:
        if len({one.key for one in listed}) < len(listed):
            raise ValueError(f"The same key stands twice in {variable(str(info.field_name))}.")
        return listed

    @field_validator("trusted_proxy")
    @classmethod
    def _addresses(cls, value: str) -> str:
        """Everybody's word is nobody's: no `*`, and no name that could come to mean another machine."""
        return ",".join(str(ip_network(each.strip())).removesuffix("/32") for each in value.split(",") if each.strip())

    @model_validator(mode="after")
    def _where_and_how_to_push(self) -> Self:
        """Whoever reads the address, in a log or on a page, must learn no secret from it."""
        if not self.warnings_index_push_url:
            return self
        if not re.fullmatch(_PLAIN_ADDRESS, self.warnings_index_push_url):
            raise ValueError(
                "DEBTOR_RETURNS_WARNINGS_INDEX_PUSH_URL is not an address to send to. Write it like "
                "https://warnings.example/events, without a name, a password or a question mark in it."
            )
        production = self.environment is Environment.PRODUCTION
        if production and not re.match(rf"https://|{LOOPBACK}", self.warnings_index_push_url):
            raise ValueError("DEBTOR_RETURNS_WARNINGS_INDEX_PUSH_URL is not an https:// address.")
        if not _is_a_key(self.warnings_index_push_key.get_secret_value()):
            raise ValueError(
                "DEBTOR_RETURNS_WARNINGS_INDEX_PUSH_KEY is missing, shorter than 32 characters or easy to guess. Make "
                "one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        return self

    @model_validator(mode="after")
    def _where_and_how_to_deliver(self) -> Self:
        for endpoint in self.release_endpoints:
            which = f"DEBTOR_RETURNS_RELEASE_ENDPOINTS: the url of {endpoint.key}"
            if not re.fullmatch(_PLAIN_ADDRESS, endpoint.url):
                raise ValueError(
                    f"{which} is not an address to send to. Write it like https://midas.example/releases, without a "
                    "name, a password or a question mark in it."
                )
            production = self.environment is Environment.PRODUCTION
            if production and not re.match(rf"https://|{LOOPBACK}", endpoint.url):
                raise ValueError(f"{which} is not an https:// address.")
            if not _is_a_key(endpoint.signing_key.get_secret_value()):
                raise ValueError(
                    f"DEBTOR_RETURNS_RELEASE_ENDPOINTS: the signing_key of {endpoint.key} is shorter than 32 characters "
                    "or easy to guess. Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
                )
        return self

    @model_validator(mode="after")
    def _safe_in_production(self) -> Self:
        production = self.environment is Environment.PRODUCTION
        self.second_factor = self.second_factor or ("required" if production else "offered")
        if not production:
            self.secret_key = self.secret_key or SecretStr("demo-and-test-only-" + "0" * 32)
            return self
        if is_guessable(self.secret_key.get_secret_value()):
            raise ValueError(
                "DEBTOR_RETURNS_SECRET_KEY is missing, shorter than 32 characters or easy to guess. Make one with: "
                "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        named = "base_url" in self.model_fields_set
        if not named or not re.match(rf"https://|{LOOPBACK}", self.base_url):
            raise ValueError("DEBTOR_RETURNS_BASE_URL is missing or not an https:// address.")
        for provider in self.oidc:
            if not re.match(rf"https://|{LOOPBACK}", provider.issuer):
                raise ValueError(f"DEBTOR_RETURNS_OIDC: the issuer of {provider.key} is not an https:// address.")
        if self.today is not None:
            raise ValueError("DEBTOR_RETURNS_TODAY is for demo and test only: unset it in production.")
        return self


def is_guessable(key: str) -> bool:
    return len(key) < 32 or len(set(key)) < 8


def _is_a_key(key: str) -> bool:
    """Letters as they stand, or the form that libraries for signed messages make: whsec_ and base64."""
    if is_guessable(key) or not key.startswith("whsec_"):
        return not is_guessable(key)
    try:
        return len(base64.b64decode(key.removeprefix("whsec_"), validate=True)) >= 24
    except ValueError:
        return False


def is_in_environment(name: str) -> bool:
    """Whether a setting's value stands in this process's environment."""
    return bool(os.environ.get(variable(name)))


_brought: list[Settings] = []


def run_with(settings: Settings) -> None:
    """From here on this process runs with these settings: how the demo brings its own."""
    _brought.append(settings)
    get_settings.cache_clear()


def without_secrets() -> None:
    """For commands that sign nothing and keep nothing: production's missing secret and address do not stop them."""
    if not is_by_file("secret_key", os.environ):
        os.environ.setdefault("DEBTOR_RETURNS_SECRET_KEY", secrets.token_urlsafe(32))
    os.environ.setdefault("DEBTOR_RETURNS_BASE_URL", "https://offline.example")


@lru_cache
def get_settings() -> Settings:
    return _brought[-1] if _brought else Settings()
