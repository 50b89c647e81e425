"""Backup and restore as people meet them on the command line."""

from pathlib import Path

import pytest

from app.core.db import Database
from tests.cli.test_commands import refused, say
from tests.debts.feeding import fill_feed
from tests.returns.conftest import Trust, hospital, rj1, row

__all__ = ["hospital", "rj1"]
KEY = "a key for backups that only these tests know"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "register.backup"


def test_a_backup_and_a_restore_tell_what_was_done(rj1: Trust, file: Path):
    rj1.send([row("1"), row("2")])
    taken = say("backup", str(file), backup_key=KEY)
    assert (taken.returncode, taken.stderr) == (0, "")
    assert taken.stdout.startswith(f"{file}: ") and taken.stdout.endswith("It is encrypted.\n")
    back = say("restore", str(file), backup_key=KEY)
    assert (back.returncode, back.stderr) == (0, "")
    first, second, *_ = back.stdout.splitlines()
    assert first.startswith("The register is as it was on ") and first.endswith("rows, each compared.")
    assert second == "Everybody signs in anew: 0 sessions, 0 tokens and 0 links were ended."


def test_without_a_key_it_says_so_and_only_its_owner_may_read_it(rj1: Trust, file: Path):
    taken = say("backup", str(file))
    assert "It is not encrypted and holds people's data" in taken.stdout
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_the_key_may_stand_in_a_file(rj1: Trust, file: Path, tmp_path: Path):
    (tmp_path / "key").write_text(f"{KEY}\n")
    assert "It is encrypted." in say("backup", str(file), backup_key_file=str(tmp_path / "key")).stdout
    refused(say("restore", str(file)), "is encrypted. Set DEBTOR_RETURNS_BACKUP_KEY")
    refused(say("restore", str(file), backup_key=KEY[::-1]), "with another key")
    refused(say("restore", str(file), backup_key="too short"), "shorter than 32 characters")


@pytest.fixture
def prepared(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/prepared.db"
    assert say("migrate", database_url=url).returncode == 0
    return url


def test_wrong_use_is_one_sentence(prepared: str, file: Path, tmp_path: Path):
    file.write_bytes(b"a letter")
    refused(say("backup", str(file), database_url=prepared), "There is something at")
    refused(say("restore", str(file), database_url=prepared), "is not a backup of this service")
    refused(say("restore", str(tmp_path / "nowhere"), database_url=prepared), "There is no file")
    refused(say("backup", str(tmp_path / "no" / "folder"), database_url=prepared), "There is no folder")
    refused(say("backup", str(tmp_path), "--force", database_url=prepared), "There is something at")
    refused(say("backup", str(tmp_path / "b"), database_url=f"sqlite:///{tmp_path}/new.db"), "debtor-returns migrate")
    assert file.read_bytes() == b"a letter"
    assert say("backup", str(file), "--force", database_url=prepared).returncode == 0
    assert say("restore", str(file), database_url=prepared).returncode == 0


def test_a_register_with_a_feed_says_what_its_recipient_must_hear(database: Database, file: Path):
    fill_feed(database, 2)
    assert say("backup", str(file)).returncode == 0
    assert "ends with event 2. Tell its recipient" in say("restore", str(file), "--force").stdout
