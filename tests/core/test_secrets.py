"""Secrets come from the environment or from files, and no error, help text or listing ever shows one."""

import logging
import os
import re
import traceback
from pathlib import Path

import pytest
import typer.main
from pydantic import SecretStr, ValidationError

from app.cli.commands import cli
from app.secret_files import secrets_among
from app.settings import Settings, without_secrets
from tests.cli.test_commands import refused, say

WORD = "Zebra-Quartz-11-Kestrel-Vapour-Loom"  # stands for every secret: nothing may show it
PROVIDERS = (
    '[{"key": "cis2", "label": "CIS2", "issuer": "https://id.example", "client_id": "a", "client_secret": "%s"}]'
)
NOTIFY = f"{WORD}-11111111-2222-4333-8444-555555555555-aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
BY_NOTIFY = {"mail": "notify", "notify_template_id": "99999999-8888-4777-8666-555555555555"}
ENDPOINTS = (
    '[{"key": "midas", "recipient": "MIDAS", "file": "midas.csv", "url": "https://midas.example", "signing_key": "%s"}]'
)
# Each secret: a value that goes well, and whatever else it needs.
EACH: dict[str, tuple[str, dict[str, str]]] = {
    "database_url": (f"postgresql+psycopg://register:{WORD}@db.example/register", {}),
    "secret_key": (WORD, {}),
    "former_secret_keys": (f"{WORD},{WORD[::-1]}", {}),
    "backup_key": (WORD, {}),
    "warnings_index_push_key": (WORD, {"warnings_index_push_url": "https://warnings.example"}),
    "release_endpoints": (ENDPOINTS % WORD, {}),
    "oidc": (PROVIDERS % WORD, {}),
    "smtp_password": (WORD, {"mail": "smtp", "smtp_host": "m.example", "mail_from": "a@b.example", "smtp_user": "a"}),
    "notify_api_key": (NOTIFY, BY_NOTIFY),
}


def variable(name: str) -> str:
    return f"DEBTOR_RETURNS_{name.upper()}"


@pytest.fixture
def from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def put(name: str, held: str | bytes, **more: str) -> Path:
        file = tmp_path / name
        file.write_bytes(held if isinstance(held, bytes) else held.encode())
        monkeypatch.delenv(variable(name), raising=False)
        monkeypatch.setenv(f"{variable(name)}_FILE", str(file))
        for other, value in more.items():
            monkeypatch.setenv(variable(other), value)
        return file

    return put


def test_every_setting_that_sounds_like_a_secret_is_declared_as_one():
    sounding = {
        name
        for name, field in Settings.model_fields.items()
        if re.search("key|password|secret|token|credential", name) or field.annotation is SecretStr
    }
    assert len(sounding) > 3
    assert sounding - set(secrets_among(Settings.model_fields)) == set()


def test_the_list_of_these_tests_holds_every_secret():
    assert set(EACH) == set(secrets_among(Settings.model_fields))


@pytest.mark.parametrize("name", sorted(EACH))
def test_a_secret_can_stand_in_a_file_and_is_the_same_as_from_the_environment(name, from_a_file, monkeypatch):
    value, more = EACH[name]
    from_a_file(name, value + "\n", **more)
    by_file = Settings()
    monkeypatch.delenv(f"{variable(name)}_FILE")
    monkeypatch.setenv(variable(name), value)
    assert getattr(by_file, name) == getattr(Settings(), name) != Settings.model_fields[name].default


@pytest.mark.parametrize("name", sorted(EACH))
def test_no_listing_of_the_settings_shows_a_secret(name):
    value, more = EACH[name]
    settings = Settings(**more | {name: value})
    shown = [repr(settings), str(settings), f"{settings!r:.9999}"]
    assert [text for text in shown if WORD in text] == []


@pytest.mark.parametrize("name", sorted(EACH))
def test_no_error_quotes_what_a_secret_was(name, monkeypatch, caplog):
    """A value that is refused may be nearly right: not even then is it told, in the sentence, the error or its trace."""
    monkeypatch.setenv(variable(name), f"{WORD}[{{")
    for other, value in EACH[name][1].items():
        monkeypatch.setenv(variable(other), value)
    monkeypatch.setenv("DEBTOR_RETURNS_DUE_DAY", "thirtieth")  # so that there is an error in any case
    with pytest.raises(ValidationError) as caught:
        Settings()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("a").error("no start", exc_info=caught.value)
    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    done = say("rules")
    told += done.stdout + done.stderr + say("worker", "--once").stderr + say("migrate").stderr
    assert "DEBTOR_RETURNS_DUE_DAY" in told
    assert WORD not in told


@pytest.mark.parametrize(
    ("held", "said"),
    [(b"", "is empty"), (b" \n", "is empty"), (b"\xff\xfe\x00", "not text"), (b"a" * 70_000, "larger")],
)
def test_a_file_that_holds_no_secret_is_named_by_its_setting(from_a_file, held, said):
    from_a_file("secret_key", held)
    refused(say("migrate"), said)
    assert "DEBTOR_RETURNS_SECRET_KEY_FILE" in say("migrate").stderr


def test_a_file_that_is_not_there_is_named_by_its_setting_and_stops_the_start(from_a_file):
    from_a_file("secret_key", WORD).unlink()
    refused(say("migrate"), "DEBTOR_RETURNS_SECRET_KEY_FILE: the file cannot be read (no such file or directory).")


def test_a_secret_given_twice_is_refused(from_a_file, monkeypatch):
    from_a_file("secret_key", WORD)
    monkeypatch.setenv(variable("secret_key"), WORD)
    refused(say("migrate"), "are both set")
    monkeypatch.setenv(variable("secret_key"), "")  # as a compose file leaves what it does not fill in
    assert Settings().secret_key.get_secret_value() == WORD


def test_an_offline_command_needs_no_secret_although_a_file_holds_it(from_a_file, monkeypatch):
    from_a_file("secret_key", WORD)
    monkeypatch.setenv("DEBTOR_RETURNS_BASE_URL", "https://returns.example")
    without_secrets()
    assert variable("secret_key") not in os.environ
    assert Settings().secret_key.get_secret_value() == WORD


def test_only_secrets_are_read_from_files(from_a_file):
    from_a_file("due_day", "3")
    assert Settings().due_day == 20


def test_no_option_of_the_command_line_takes_a_secret_where_a_list_of_processes_would_show_it():
    def options(group, path=""):
        for name, command in getattr(group, "commands", {}).items():
            yield from options(command, f"{path} {name}")
            yield from ((f"{path} {name}", each) for each in command.params)

    every = list(options(typer.main.get_command(cli)))
    assert len(every) > 30
    taking = [
        (path, option.name)
        for path, option in every
        if re.search("password|secret|token|key$", option.name) and not option.is_flag
    ]
    assert taking == []


def test_help_names_no_value_of_a_secret(monkeypatch):
    monkeypatch.setenv(variable("secret_key"), WORD)
    for args in ((), ("serve",), ("worker",), ("users", "add")):
        assert WORD not in say(*args, "--help").stdout
