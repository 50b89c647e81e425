"""The command that writes everything held on a person into a folder."""

import json
import stat
from pathlib import Path

from tests.cli.test_commands import refused, say
from tests.returns.conftest import Trust, row


def test_the_document_and_the_data_are_written_for_their_owner_alone(rj1: Trust, tmp_path: Path):
    rj1.send([row("1", your_reference="secret case")])
    folder = tmp_path / "answer"
    done = say("access-request", rj1.debt("1").reference, "--out", str(folder), "--request", "SAR-17")
    assert (done.returncode, done.stdout.startswith("1 debt: everything-held.html and everything-held.json")) == (
        0,
        True,
    )
    data, page = folder / "everything-held.json", folder / "everything-held.html"
    assert json.loads(data.read_text())["debts"][0]["family_name"] == "Example"
    assert "SAR-17" in page.read_text() and "secret case" not in page.read_text()
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_a_reference_that_is_not_there_writes_nothing(rj1: Trust, tmp_path: Path):
    folder = tmp_path / "answer"
    refused(say("access-request", "ND-0000-0000-0000", "--out", str(folder)), "There is no debt ND-0000-0000-0000")
    assert not folder.exists()
