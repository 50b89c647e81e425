"""The worker: does what is due, outlives a database that is away, and ends politely."""

import os
import signal
import subprocess
from collections.abc import Iterator
from datetime import timedelta

import pytest
import structlog

from app.cli.worker import Job, Turn, run
from app.core import outbox, rounds
from app.core.db import Database
from app.core.errors import Unavailable
from app.settings import get_settings
from tests.cli.test_commands import COMMAND, refused, say
from tests.debts.feeding import acknowledged, fill_feed
from tests.mail_servers import smtp_server
from tests.receiver import Receiver, receiving

KEY = "a key that only these tests share with it"
AT_ONCE = timedelta(0)


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def settings(database: Database, there: Receiver) -> dict[str, str]:
    url = database.url.render_as_string(hide_password=False)
    return {"database_url": url, "warnings_index_push_url": there.url, "warnings_index_push_key": KEY}


def test_one_round_sends_what_is_due_and_tells_a_line_for_each(database: Database, there: Receiver):
    fill_feed(database, 2)
    there.answers.extend([200, 503])
    done = say("worker", "--once", **settings(database, there))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "Warnings Index, event 1 (add): delivered.",
        "Warnings Index, event 2 (remove): The recipient answered 503 (Service Unavailable).",
    ]
    assert acknowledged(database) == [1]


def test_one_round_with_a_database_that_is_not_prepared_is_one_sentence(tmp_path, there: Receiver):
    more = {"warnings_index_push_url": there.url, "warnings_index_push_key": KEY}
    refused(say("worker", "--once", database_url=f"sqlite:///{tmp_path}/new.db", **more), "debtor-returns migrate")


def test_a_database_that_is_away_is_told_once_and_waited_for(database: Database, capsys):
    turn, asked = Turn(database), []

    def work(_turn: Turn) -> Iterator[str]:
        asked.append(1)
        if len(asked) < 4:
            raise Unavailable("The database does not answer just now.")
        turn.signalled = len(asked) >= 5 and signal.SIGTERM
        yield f"done {len(asked)}"

    run(turn, [Job("A", AT_ONCE, work), Job("B", AT_ONCE, work)])
    told = capsys.readouterr()
    assert told.err == "A: The database does not answer just now. The worker goes on trying.\n"
    assert told.out.splitlines() == ["done 4", "B: it works again.", "done 5", "A: it works again."]


def test_a_job_that_is_broken_keeps_no_other_from_its_work(database: Database, capsys):
    turn = Turn(database)

    def broken(_turn: Turn) -> Iterator[str]:
        raise ZeroDivisionError("Okonkwo")
        yield

    def last(_turn: Turn) -> Iterator[str]:
        turn.signalled = signal.SIGTERM
        yield "done"

    run(turn, [Job("A", AT_ONCE, broken), Job("B", AT_ONCE, last)])
    told = capsys.readouterr()
    assert told.out == "done\n"
    assert "ZeroDivisionError" in told.err and "Okonkwo" not in told.err


def test_a_signal_lets_it_finish_what_it_has_begun(database: Database, there: Receiver):
    fill_feed(database, 2)
    env = os.environ | {f"DEBTOR_RETURNS_{name.upper()}": value for name, value in settings(database, there).items()}
    with subprocess.Popen([*COMMAND, "worker"], stdout=subprocess.PIPE, env=env, text=True) as running:

        def stop(_handler: object) -> int:
            running.send_signal(signal.SIGTERM)
            return 200

        there.answers.append(stop)
        assert running.wait(60) == 0
        said = running.stdout.read()
    assert said == "The worker runs. Ctrl-C stops it.\nWarnings Index, event 1 (add): delivered.\n"
    assert (there.ids, acknowledged(database)) == ([1], [1])


def test_one_round_sends_the_mails_that_wait(database: Database, monkeypatch):
    with smtp_server() as box:
        more = {"mail": "smtp", "smtp_host": "127.0.0.1", "smtp_port": str(box.port), "smtp_tls": "plain",
                "mail_from": "returns@service.example"}  # fmt: skip
        for name, value in more.items():
            monkeypatch.setenv(f"DEBTOR_RETURNS_{name.upper()}", value)
        get_settings.cache_clear()
        with database.writing() as db:
            message = outbox.put(db, "ovm@rj1.example", "Due", "The return is due.", "reminder")
        done = say("worker", "--once", database_url=database.url.render_as_string(hide_password=False), **more)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", f"Mail {message.id}: sent.\n")
    assert [taken["to"] for taken in box.taken] == ["ovm@rj1.example"]


def test_the_worker_does_not_start_with_half_a_channel(database: Database):
    url = database.url.render_as_string(hide_password=False)
    refused(
        say("worker", "--once", database_url=url, mail="smtp", smtp_host="mail.example"), "DEBTOR_RETURNS_MAIL_FROM"
    )


def test_each_round_leaves_when_it_ended_and_in_production_lines_that_carry_its_id(database: Database, monkeypatch):
    production = {"environment": "production", "base_url": "https://returns.example"}
    for name, value in production.items():
        monkeypatch.setenv(f"DEBTOR_RETURNS_{name.upper()}", value)
    monkeypatch.delenv("DEBTOR_RETURNS_TODAY")
    get_settings.cache_clear()
    turn = Turn(database)

    def work(_turn: Turn) -> Iterator[str]:
        structlog.get_logger("a service").info("at work")
        yield "done"

    def last(_turn: Turn) -> Iterator[str]:
        turn.signalled = signal.SIGTERM
        raise Unavailable("The database does not answer just now.")
        yield

    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        run(turn, [Job("A", AT_ONCE, work), Job("B", AT_ONCE, last)])
    told = [(line["event"], line.get("job")) for line in lines]
    assert told == [("at work", "A"), ("done", "A"), ("B: The database does not answer just now. The worker goes on trying.", None)]  # fmt: skip
    assert lines[0]["job_id"] == lines[1]["job_id"]
    with database.reading() as db:
        assert [(each.job, each.is_well) for each in rounds.rounds(db)] == [("A", True), ("B", False)]
