"""`verify` as people meet it on the command line."""

from sqlalchemy import text

from tests.cli.test_commands import say
from tests.returns.conftest import hospital, rj1, row

__all__ = ["hospital", "rj1"]


def test_it_says_what_it_looked_at_and_names_what_does_not_follow(rj1):
    rj1.send([row("1"), row("2")])
    well = say("verify")
    assert (well.returncode, well.stderr) == (0, "")
    assert "Debts with the digests of their person: 2 looked at, as they should be\n" in well.stdout
    assert well.stdout.endswith("Everything is as it should be.\n")
    with rj1.database.writing() as db:
        db.connection().execute(text("UPDATE debts SET amount_outstanding = 5 WHERE invoice_number = '2'"))
    found = say("verify")
    assert found.returncode == 1
    assert f"  {rj1.debt('2').reference}: amount outstanding: expected 255000, found 5\n" in found.stdout
    assert "Example" not in found.stdout
