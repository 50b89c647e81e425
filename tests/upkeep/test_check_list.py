"""The start-up check list: what is not safe stops production, what is to be decided is said, and no secret is told."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.core import clock, rounds
from app.core.db import Database
from app.core.errors import Refused
from app.settings import Settings, get_settings
from app.upkeep import database_checks, service, settings_checks
from app.upkeep.check import DatabaseCheck, SettingsCheck, Standing, unsafe
from app.watching import readiness
from tests.cli.test_commands import refused, say
from tests.web.conftest import app, said, visitor

__all__ = ["app", "visitor"]

SECRET = "a-secret-of-32-characters-or-more"
LIVE = {"environment": "production", "secret_key": SECRET, "base_url": "https://returns.example", "today": None}


def live(database: Database, **changes: str) -> Settings:
    return Settings(**LIVE | {"database_url": database.url.render_as_string(hide_password=False)} | changes)


def standing(lines: list[service.Line], name: str) -> tuple[str, str]:
    (found,) = [line for line in lines if line.name == name]
    return found.told.standing.value, found.told.words


def test_every_line_is_named_once_and_is_a_sentence(database: Database):
    lines = service.look(live(database), database)
    names = [line.name for line in lines]
    assert len(names) == len(set(names)) == len(settings_checks.CHECKS) + len(database_checks.CHECKS)
    assert [line.told.words for line in lines if not line.told.words.endswith((".", "…"))] == []
    assert all(SECRET not in line.told.words for line in lines)


@pytest.mark.parametrize(
    ("name", "bad", "good"),
    [
        ("Environment", {"environment": "demo"}, {}),
        ("Secret key", {"environment": "test"}, {}),
        ("Address", {"base_url": "http://127.0.0.1:8000"}, {}),
        ("Reverse proxy", {}, {"trusted_proxy": "10.0.0.1"}),
        ("Second factor", {"second_factor": "offered"}, {}),
        ("Mail", {}, {"mail": "smtp", "smtp_host": "m.example", "mail_from": "a@b.example"}),
        ("Mail", {"mail": "smtp", "smtp_host": "m.example", "mail_from": "a@b.example", "smtp_tls": "plain"},
         {"mail": "smtp", "smtp_host": "m.example", "mail_from": "a@b.example"}),
    ],
)  # fmt: skip
def test_what_is_off_is_to_be_decided_and_what_is_on_is_in_order(database: Database, name, bad, good):
    assert standing(service.look(live(database, **bad), database), name)[0] == Standing.DECIDE
    assert standing(service.look(live(database, **good), database), name)[0] == Standing.SAFE


def test_an_address_without_https_is_not_safe_wherever_it_comes_from(database: Database):
    settings = live(database, environment="demo", base_url="http://returns.example")
    assert standing(service.look(settings, database), "Address")[0] == Standing.UNSAFE


def test_a_secret_in_the_environment_is_named_by_its_variable_only(database: Database, monkeypatch):
    monkeypatch.setenv("DEBTOR_RETURNS_SECRET_KEY", SECRET)
    told = standing(service.look(live(database), database), "Secrets")
    assert (told[0], "DEBTOR_RETURNS_SECRET_KEY" in told[1], SECRET in told[1]) == (Standing.DECIDE, True, False)
    monkeypatch.delenv("DEBTOR_RETURNS_SECRET_KEY")
    assert standing(service.look(live(database), database), "Secrets")[0] == Standing.SAFE


def test_policy_tables_that_cannot_be_read_are_not_safe(database: Database, monkeypatch, tmp_path):
    monkeypatch.setenv("DEBTOR_RETURNS_POLICY_FOLDER", str(tmp_path / "none"))
    get_settings.cache_clear()
    assert standing(service.look(get_settings(), database), "Policy tables")[0] == Standing.UNSAFE


def test_postgresql_that_would_lose_what_was_acknowledged_is_not_safe(database: Database):
    if database.is_sqlite:
        assert standing(service.look(live(database), database), "Durability")[0] == Standing.SAFE
        return
    with database.reading() as db:
        db.connection().execute(text("SET LOCAL synchronous_commit = off"))
        told = database_checks.durable(live(database), db)
    assert told.standing is Standing.UNSAFE


@pytest.mark.parametrize("_store", ["postgresql"], indirect=True)
def test_a_postgresql_that_cannot_bind_people_to_their_organisations_is_not_safe(database: Database):
    with database.writing() as db:
        db.connection().exec_driver_sql("CREATE ROLE debtor_returns_newcomer LOGIN")
    newcomer = Database(database.url.set(username="debtor_returns_newcomer").render_as_string(hide_password=False))
    with newcomer.reading() as db, database.reading() as own:
        told = [database_checks.second_wall(get_settings(), each).standing for each in (db, own)]
    newcomer.close()
    with database.writing() as db:
        db.connection().exec_driver_sql("DROP ROLE debtor_returns_newcomer")
    assert told == [Standing.UNSAFE, Standing.SAFE]


@pytest.mark.parametrize(("ago", "expected"), [(None, "decide"), (1, "safe"), (14, "decide")])
def test_a_worker_that_does_not_run_is_told_as_readiness_tells_it(
    database: Database, settings, ago: int | None, expected: str
):
    if ago is not None:
        with database.writing() as db:
            rounds.note(db, {"Mail": (clock.real_now() - timedelta(minutes=ago), True)})
    found, words = standing(service.look(settings, database), "Worker")
    assert found == Standing[expected.upper()]
    checks = {check.name: check for check in readiness.look(settings, database)}
    assert (checks["worker"].reason or "The worker runs.") == words


def test_one_administrator_is_not_enough(database: Database):
    for number, expected in ((0, Standing.DECIDE), (1, Standing.DECIDE), (2, Standing.SAFE)):
        if number:
            with database.writing() as db:
                accounts.add_user(db, COMMAND_LINE, f"admin{number}@all.example", Role.ADMIN, None)
        assert standing(service.look(live(database), database), "Administrators")[0] == expected


def test_a_database_file_that_others_can_open_is_to_be_decided(database: Database):
    if not database.is_sqlite:
        return
    file = database.url.database
    for mode, expected in ((0o644, Standing.DECIDE), (0o600, Standing.SAFE)):
        Path(file).chmod(mode)
        assert standing(service.look(live(database), database), "Way to the database")[0] == expected


def test_production_starts_with_what_is_to_be_decided_and_not_with_what_is_not_safe(database: Database, monkeypatch):
    well = tuple(check for check in database_checks.CHECKS if check.name != "Durability")
    monkeypatch.setattr(database_checks, "CHECKS", well)
    service.may_start(live(database), database)
    broken = SettingsCheck("Anything", lambda _settings: unsafe("It is torn."))
    monkeypatch.setattr(settings_checks, "CHECKS", (*settings_checks.CHECKS, broken))
    with pytest.raises(Refused, match=r"^It is torn\.$"):
        service.may_start(live(database), database)
    service.may_start(live(database, environment="demo"), database)
    torn = DatabaseCheck("Other", lambda _settings, _db: unsafe("So is it."))
    monkeypatch.setattr(database_checks, "CHECKS", (*well, torn))
    with pytest.raises(Refused, match=r"It is torn\. So is it\."):
        service.may_start(live(database), database)


def test_serve_looks_through_the_list_before_it_listens(database: Database, monkeypatch):
    broken = SettingsCheck("Anything", lambda _settings: unsafe("It is torn."))
    monkeypatch.setattr(settings_checks, "CHECKS", (broken,))
    monkeypatch.delenv("DEBTOR_RETURNS_TODAY")
    url = database.url.render_as_string(hide_password=False)
    more = {"environment": "production", "secret_key": SECRET, "base_url": "https://returns.example"}
    refused(say("serve", "--port", "8651", database_url=url, **more), "It is torn.")


def test_the_command_tells_every_line_and_ends_with_1_for_what_is_not_safe(database: Database, monkeypatch):
    told = say("check-settings")
    assert (told.returncode, told.stderr) in {(0, ""), (1, "")}
    assert "! Environment, to decide: This is test" in told.stdout
    assert len(told.stdout.splitlines()) == len(settings_checks.CHECKS) + len(database_checks.CHECKS)
    monkeypatch.setattr(settings_checks, "CHECKS", (SettingsCheck("A", lambda _settings: unsafe("It is torn.")),))
    assert say("check-settings").returncode == 1


def test_a_database_that_is_not_prepared_is_a_line_and_no_error(tmp_path):
    told = say("check-settings", database_url=f"sqlite:///{tmp_path}/new.db")
    assert (told.returncode, "was not looked at" in told.stdout) == (0, True)


def test_administrators_read_the_list_on_a_page(visitor):
    page = visitor(Role.ADMIN).get("/service")
    assert page.status_code == 200
    assert "are to be decided or mended" in said(page)
    assert "Virus scanner To decide Uploaded files are not searched for viruses." in said(page).replace(
        "What Virus", "Virus"
    ).replace("How it stands To", "To").replace("What that means Uploaded", "Uploaded")
