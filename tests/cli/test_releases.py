"""Releases from the command line: the steps in their order, and whoever prepared one does not approve it."""

from app.core.db import Database
from tests.cli.test_commands import refused, say
from tests.returns.conftest import MakeTrust, hospital, row

__all__ = ["hospital"]


def test_a_release_is_prepared_shown_and_given_up(hospital: MakeTrust, database: Database):
    hospital("RJ1").send([row("1"), row("2")])
    prepared = say("release", "prepare", "--recipient", "MIDAS", "--purpose", "Monthly load")
    assert prepared.stdout == "Release 1, full, for MIDAS: checking, 2 lines\n", prepared.stderr
    shown = say("release", "show", "1").stdout
    assert "  status outstanding: 2 lines, £5100.00\n" in shown and "Sample: 0 of 2 lines looked at" in shown
    assert "Example" not in shown
    refused(say("release", "approve", "1"), "prepared release 1")
    refused(say("release", "show", "2"), "There is no release 2.")
    assert "abandoned" in say("release", "abandon", "1", "--reason", "tried out").stdout
    assert say("release", "list").stdout == "Release 1, full, for MIDAS: abandoned, 2 lines\n"
