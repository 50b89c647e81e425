"""Production refuses a PostgreSQL that may lose what it has acknowledged, and says which setting is to blame."""

import pytest
from sqlalchemy import URL

from app.cli.database import must_last
from app.core import durability
from app.core.db import Database
from app.settings import get_settings
from tests.cli.test_commands import refused, say

LIVE = {"environment": "production", "secret_key": "a-secret-of-32-characters-or-more", "base_url": "https://x.example"}
SAFE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


@pytest.mark.parametrize("off", sorted(SAFE))
def test_each_of_the_settings_that_lose_something_is_named(off: str):
    (said,) = durability.in_words(SAFE | {off: "off"})
    assert f"{off} = off" in said and f"set {off} = on" in said


@pytest.mark.parametrize("kept", ["on", "local", "remote_write", "remote_apply"])
def test_whoever_waits_for_a_disk_is_safe(kept: str):
    assert durability.in_words(SAFE | {"synchronous_commit": kept}) == []


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_in_production_neither_the_service_nor_the_worker_starts_on_a_database_that_forgets(
    postgres_server: URL, command: str, monkeypatch: pytest.MonkeyPatch
):
    """The tests' own PostgreSQL does not wait for its disk. One that was named from outside is asked for less by us."""
    url = postgres_server.update_query_dict({"options": "-c synchronous_commit=off"})
    address = url.render_as_string(hide_password=False)
    monkeypatch.delenv("DEBTOR_RETURNS_TODAY")
    refused(say(command, database_url=address, **LIVE), "set synchronous_commit = on there.")


def test_a_database_that_does_not_answer_yet_is_waited_for(monkeypatch: pytest.MonkeyPatch):
    for name, value in LIVE.items():
        monkeypatch.setenv(f"DEBTOR_RETURNS_{name.upper()}", value)
    monkeypatch.delenv("DEBTOR_RETURNS_TODAY")
    get_settings.cache_clear()
    must_last(Database("postgresql+psycopg://nobody@127.0.0.1:1/none"))


def test_sqlite_is_opened_so_that_a_commit_is_on_the_disk(database: Database):
    if not database.is_sqlite:
        return
    durability.check(database)
    with database.reading() as db:
        asked = [
            db.connection().exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("journal_mode", "synchronous")
        ]
    assert asked == ["wal", 2]
