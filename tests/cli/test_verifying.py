"""`verify` as people meet it on the command line."""

from sqlalchemy import Connection, text

from tests.cli.test_commands import say
from tests.returns.conftest import Trust, hospital, rj1, row

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


def test_the_audit_proves_itself_and_a_changed_event_is_named(rj1):
    rj1.send([row("1")])
    sealed = say("worker", "--once")
    head = sealed.stdout.split("Head 1: ")[1].split()[0]
    well = say("verify-audit", "--head", head)
    assert (well.returncode, well.stderr) == (0, "")
    assert f"Head 1: {head}\nThe audit is as it was sealed. The noted head is in it.\n" in well.stdout
    assert say("verify-audit", "--head", "0" * 64).returncode == 1
    with rj1.database.migrating() as connection:
        take_the_triggers_away(rj1, connection)
        changed = connection.exec_driver_sql("SELECT max(id) FROM audit_events").scalar_one()
        connection.exec_driver_sql(f"UPDATE audit_events SET actor = 'nobody' WHERE id = {changed}")
    ill = say("verify-audit")
    assert ill.returncode == 1
    assert ill.stdout.splitlines()[0] == f"Event {changed} was changed (seal 1)."
    assert ill.stdout.endswith("1 differences. The audit is not as it was sealed.\n")


def take_the_triggers_away(trust: Trust, connection: Connection) -> None:
    if trust.database.is_sqlite:
        connection.exec_driver_sql("DROP TRIGGER audit_events_changed")
    else:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")


def test_events_that_long_had_no_seal_are_no_proof_and_late_seals_are_told(rj1):
    rj1.send([row("1")])
    assert say("verify-audit").returncode == 0
    with rj1.database.migrating() as connection:
        take_the_triggers_away(rj1, connection)
        connection.exec_driver_sql("UPDATE audit_events SET at = '2026-01-05 09:00:00.000000+00:00'")
    waiting = say("verify-audit")
    assert waiting.returncode == 1
    assert "Events since 2026-01-05 have no seal" in waiting.stdout
    say("worker", "--once")
    late = say("verify-audit")
    assert late.returncode == 0
    assert "Made long after their first event: seals 1." in late.stdout
