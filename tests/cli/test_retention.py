"""The purge as people meet it on the command line: it shows, it asks, it does."""

from tests.cli.test_commands import refused, say
from tests.retention.conftest import end
from tests.returns.conftest import hospital, rj1, row

__all__ = ["hospital", "rj1"]
LATER = {"today": "2027-06-01"}


def test_nothing_is_deleted_before_somebody_says_so(rj1):
    rj1.send([row("1"), row("2")])
    end(rj1, "1", "withdrawn")
    looked = say("purge", "--dry-run", **LATER)
    assert (looked.returncode, looked.stderr) == (0, "")
    assert looked.stdout.splitlines() == [
        "Texts of mails that are old or whose link has run out: 1, the oldest of 22 November 2026",
        "Files as they were sent: 1, the oldest of 22 November 2026",
        "Returns, of their file's name and why they were taken back: 1, the oldest of 22 November 2026",
        "Debts that have ended, with their history: 1, the oldest of 22 November 2026",
    ]
    asked = say("purge", **LATER)
    assert (asked.returncode, asked.stdout) == (1, looked.stdout)
    assert "nobody can be asked here" in asked.stderr
    assert len(rj1.debts()) == 2


def test_what_was_shown_is_done_and_then_nothing_is_left_to_do(rj1):
    rj1.send([row("1"), row("2")])
    end(rj1, "1", "withdrawn")
    done = say("purge", "--yes", **LATER)
    assert done.returncode == 0, done.stderr
    assert "Done: debts that have ended, with their history: 1" in done.stdout
    assert [debt.invoice_number for debt in rj1.debts()] == ["2"]
    again = say("purge", "--yes", **LATER)
    assert (again.returncode, again.stdout) == (0, "Nothing has been kept longer than it may be.\n")


def test_a_database_that_was_not_prepared_is_one_sentence(tmp_path):
    refused(say("purge", database_url=f"sqlite:///{tmp_path}/new.db"), "debtor-returns migrate")
