"""The command line as people meet it: what it says, how it ends, and never a traceback."""

import io
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from fcntl import ioctl
from pathlib import Path
from termios import FIONREAD

import httpx2
import pytest
import structlog

from app.cli import main
from app.cli.database import must_fit_or_is_awaited, must_open
from app.core.db import Database
from app.settings import get_settings

COMMAND = [sys.executable, "-c", "from app.cli import main; main()"]


def say(*args: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs a command in this process, as `debtor-returns` would in its own."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name, value in settings.items():
            patch.setenv(f"DEBTOR_RETURNS_{name.upper()}", value)
        patch.setattr("app.settings._brought", [])
        patch.setattr(sys, "argv", ["debtor-returns", *args])
        patch.setattr(sys, "stdin", io.StringIO(stdin))
        get_settings.cache_clear()
        with pytest.raises(SystemExit) as ended:
            main()
    get_settings.cache_clear()
    code = ended.value.code
    return subprocess.CompletedProcess(args, code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())


def refused(done: subprocess.CompletedProcess[str], said: str, code: int = 1) -> None:
    """One line on stderr that says it, the code, nothing on stdout, no traceback."""
    assert said in done.stderr
    assert done.returncode == code
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a migrated database with the organisations."""
    url = f"sqlite:///{tmp_path_factory.mktemp('cli')}/register.db"
    done = say("migrate", database_url=url)
    assert done.returncode == 0, done.stderr
    assert "301 organisations" in done.stdout
    assert "2026-11" in done.stdout
    return url


def test_migrate_says_what_it_did_and_does_it_once(prepared):
    again = say("migrate", database_url=prepared)
    assert (again.returncode, again.stdout.count("\n")) == (0, 1)
    assert "already" in again.stdout


def test_migrate_prepares_either_kind_of_database(database: Database):
    done = say("migrate")
    assert (done.returncode, "301 organisations" in done.stdout) == (0, True), done.stderr


def test_a_person_and_a_token_that_is_the_last_word(prepared):
    added = say("users", "add", "OVM@rj1.example", "--role", "trust", "--organisation", "RJ1", database_url=prepared)
    assert (added.returncode, added.stdout) == (0, "ovm@rj1.example has the role trust for RJ1.\n")
    made = say("tokens", "create", "ovm@rj1.example", database_url=prepared)
    assert made.stdout.split()[-1].startswith("dr_")
    assert made.returncode == 0


def test_tokens_are_listed_and_revoked_one_by_one_or_all_of_a_person(prepared):
    def run(*args: str) -> str:
        done = say(*args, database_url=prepared)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("users", "add", "two@nhs.example", "--role", "board")
    made = [run("tokens", "create", "two@nhs.example").split()[-1] for _ in range(2)]
    listed = run("tokens", "list", "two@nhs.example")
    assert listed.count("two@nhs.example") == 2
    assert not any(token in listed for token in made)
    assert run("tokens", "revoke", listed.split()[0]) == "1 token has ended.\n"
    refused(say("tokens", "revoke", listed.split()[0], database_url=prepared), "debtor-returns tokens list")
    assert run("tokens", "revoke", "TWO@nhs.example") == "1 token has ended.\n"
    assert "two@nhs.example" not in run("tokens", "list")


def test_administration_and_peoples_data_do_not_go_to_one_account(prepared):
    assert say("users", "add", "both@b.example", "--role", "border", database_url=prepared).returncode == 0
    refused(say("users", "add", "both@b.example", "--role", "admin", database_url=prepared), "sees no personal data")


def test_a_password_comes_from_the_first_line_of_stdin_and_is_never_shown(prepared):
    args = ("users", "add", "dt@example.org", "--role", "debtors_team", "--password-stdin")
    done = say(*args, stdin="Correct-Horse-Battery-9\nmore\n", database_url=prepared)
    assert done.returncode == 0
    assert "Horse" not in done.stdout + done.stderr
    refused(say(*args, stdin="short\n", database_url=prepared), "12 to 500 characters")


def test_a_password_that_is_easy_to_guess_is_refused(prepared):
    args = ("users", "add", "dt@example.org", "--role", "debtors_team", "--password-stdin")
    refused(say(*args, stdin="password1234\n", database_url=prepared), "common")
    refused(say(*args, stdin="Hospital2026!\n", database_url=prepared), "too easy to guess")


def test_an_invitation_ends_with_its_link_and_a_lost_phone_is_forgotten(prepared):
    args = ("users", "invite", "new@rj1.example", "--role", "trust", "--organisation", "RJ1", "--name", "New Person")
    invited = say(*args, database_url=prepared, base_url="https://returns.example")
    assert invited.returncode == 0, invited.stderr
    assert invited.stdout.split()[-1].startswith("https://returns.example/welcome/")
    assert "for 7 days" in invited.stdout
    refused(say(*args, database_url=prepared), "already")
    reset = say("users", "reset-second-factor", "NEW@rj1.example", database_url=prepared)
    assert (reset.returncode, reset.stdout.startswith("new@rj1.example is signed out")) == (0, True)
    refused(say("users", "reset-second-factor", "nobody@rj1.example", database_url=prepared), "no account")


def test_obligations_are_set_for_some_or_for_the_default_set(prepared):
    done = say("obligations", "set", "RJ1", "RYJ", "--from", "2026-10", database_url=prepared)
    assert (done.returncode, done.stdout) == (0, "From 2026-10 on, returns are owed by RJ1, RYJ.\n")
    done = say("obligations", "set", "--default", "--from", "2026-10", database_url=prepared)
    assert "organisations owe returns from 2026-10 on" in done.stdout


def test_a_list_of_obligations_is_tried_and_then_taken(prepared, tmp_path):
    file = tmp_path / "obligations.csv"
    file.write_text("code,from,to\nS08000015,2026-12,2027-02\n", encoding="utf-8-sig")
    sentence = "S08000015: owes no month; then from December 2026 to February 2027 (adds from December 2026 to February 2027).\n"
    tried = say("obligations", "import", str(file), "--dry-run", database_url=prepared)
    assert tried.stdout == f"{sentence}1 would change, 0 unchanged.\n"
    taken = say("obligations", "import", str(file), database_url=prepared)
    assert taken.stdout == f"{sentence}1 changed, 0 unchanged.\n"
    assert say("obligations", "import", str(file), database_url=prepared).stdout == "0 changed, 1 unchanged.\n"


def test_a_faulty_list_of_obligations_changes_nothing_and_names_each_line(prepared, tmp_path):
    file = tmp_path / "obligations.csv"
    file.write_text("code,from\nRWW,2026-12\nNOPE,2026-12\nRXX,soon\n")
    done = say("obligations", "import", str(file), database_url=prepared)
    assert (done.returncode, done.stdout) == (1, "")
    assert [line[:6] for line in done.stderr.splitlines()] == ["The ob", "Line 3", "Line 4"]


def test_organisations_are_imported_and_what_changed_is_said(prepared, tmp_path):
    file = tmp_path / "organisations.csv"
    file.write_text("code,name\nRJ1,Renamed Trust\n", encoding="utf-8-sig")
    done = say("organisations", "import", str(file), database_url=prepared)
    assert done.returncode == 0, done.stderr
    assert "renamed" in done.stdout


def test_the_catalogue_lists_every_rule_with_its_source():
    done = say("rules")
    for code in ("F01", "R07", "W11"):
        assert f"\n{code}  " in done.stdout
    assert done.stdout.count("Source:") > 40


@pytest.mark.parametrize(
    ("args", "said", "code"),
    [
        (["users", "add", "a@b.example", "--role", "owner"], 'no role "owner"', 1),
        (["users", "add", "a@b.example", "--role", "trust"], "needs an organisation", 1),
        (["users", "add", "a@b.example", "--role", "trust", "--organisation", "XXX"], "no organisation", 1),
        (["users", "add", "nobody", "--role", "lpm"], "e-mail", 1),
        (["tokens", "create", "nobody@b.example"], "no account", 1),
        (["obligations", "set", "NOPE", "--from", "2026-10"], "NOPE", 1),
        (["obligations", "set", "RJ1", "--from", "2026-13"], "not a month", 1),
        (["obligations", "import", "/not/there.csv"], "There is no folder /not", 1),
        (["organisations", "import", "/not/there.csv"], "There is no folder /not", 1),
        (["organisations", "import", "/"], "Is a directory", 1),
        (["obligations", "set", "--from", "2026-10"], "--default", 2),
        (["obligations", "set", "RJ1", "--default", "--from", "2026-10"], "--default", 2),
        (["users", "add"], "EMAIL", 2),
        (["users", "add", "a@b.example"], "--role", 2),
        (["users", "add", "a@b.example", "--rolle", "lpm"], "--role", 2),
        (["nonsense"], "nonsense", 2),
        (["serve", "--port", "abc"], "--port", 2),
        (
            ["serve", "--host", "192.0.2.1"],
            "Cannot listen on 192.0.2.1, port 8000: cannot assign requested address. Choose another with --host.",
            1,
        ),
        (["serve", "--host", "no where"], "Choose another with --host.", 1),
        (["serve", "--host", "a..b"], "Choose another with --host.", 1),
    ],
)
def test_what_is_wrong_is_one_sentence(prepared, args, said, code):
    refused(say(*args, database_url=prepared), said, code)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"environment": "production", "secret_key": "", "today": ""}, "DEBTOR_RETURNS_"),
        ({"max_rows": "many"}, "DEBTOR_RETURNS_MAX_ROWS"),
        ({"environment": "staging"}, "DEBTOR_RETURNS_ENVIRONMENT"),
        ({"oidc": "not json"}, "DEBTOR_RETURNS_OIDC"),
        ({"trusted_proxy": "*"}, "DEBTOR_RETURNS_TRUSTED_PROXY"),
        ({"database_url": "mysql://a/b"}, "DEBTOR_RETURNS_DATABASE_URL"),
        ({"database_url": "postgresql+psycopg://nobody@127.0.0.1:1/none"}, "does not answer"),
        ({"database_url": "sqlite:////"}, "DATABASE_URL"),
    ],
)
def test_a_setting_or_a_database_that_cannot_be_used_is_one_sentence(settings, said):
    for args in (["migrate"], ["tokens", "create", "a@b.example"]):
        refused(say(*args, **settings), said)


def test_a_database_that_was_not_prepared_says_how_to(tmp_path):
    refused(
        say("tokens", "create", "a@b.example", database_url=f"sqlite:///{tmp_path}/new.db"), "debtor-returns migrate"
    )


@pytest.mark.parametrize(
    "command", [["serve"], ["worker"], ["tokens", "list"], ["users", "add", "a@b.example", "--role", "lpm"]]
)
def test_a_mistyped_database_is_named_and_nothing_is_left_behind(tmp_path, command: list[str]):
    refused(
        say(*command, database_url=f"sqlite:///{tmp_path}/folder/typed.db"),
        f"There is no database {tmp_path}/folder/typed.db. Mend DEBTOR_RETURNS_DATABASE_URL, or run: debtor-returns migrate",
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "held", "said"),
    [
        *(
            (command, "words " * 2_000, "is not a database")
            for command in ("serve", "worker", "verify", "migrate", "demo")
        ),
        *((command, "", "There is no database") for command in ("serve", "worker")),
    ],
)
def test_a_file_that_can_never_be_a_database_is_named_at_once(tmp_path, command: str, held: str, said: str):
    file = tmp_path / "junk.db"
    file.write_text(held)
    done = say(command, database_url=f"sqlite:///{file}")
    refused(done, said)
    assert str(file) in done.stderr and "DEBTOR_RETURNS_DATABASE_URL" in done.stderr
    assert file.read_text() == held
    folder = say(command, database_url=f"sqlite:///{tmp_path}")
    refused(
        folder, "is a directory." if command == "demo" else f"The database cannot be {tmp_path}, which is a folder."
    )


def test_a_database_that_lost_its_pages_is_named_as_damaged(tmp_path):
    with sqlite3.connect(tmp_path / "torn.db") as whole:
        whole.executescript("CREATE TABLE one (words TEXT)")
    whole.close()
    held = (tmp_path / "torn.db").read_bytes()
    (tmp_path / "torn.db").write_bytes(held[:100] + b"\xff" * (len(held) - 100))
    refused(say("serve", database_url=f"sqlite:///{tmp_path}/torn.db"), f"The database {tmp_path}/torn.db is damaged.")


def test_a_database_of_another_version_is_named(tmp_path):
    sqlite3.connect(tmp_path / "other.db").executescript("CREATE TABLE one (words TEXT)").connection.close()
    said = f"The database {tmp_path}/other.db is not at this version. Run: debtor-returns migrate"
    refused(say("serve", database_url=f"sqlite:///{tmp_path}/other.db"), said)


def test_a_postgresql_that_does_not_answer_yet_is_waited_for_and_its_password_is_not_told():
    database = Database("postgresql+psycopg://nobody:Okonkwo@127.0.0.1:1/none")
    with structlog.testing.capture_logs() as lines:
        must_open(database)
        must_fit_or_is_awaited(database)
    assert [line["event"] for line in lines] == ["The database does not answer yet: it is waited for."]
    assert "Okonkwo" not in str(lines)


def test_a_file_that_is_no_text_is_one_sentence(prepared, tmp_path):
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00\x81")
    refused(say("organisations", "import", str(tmp_path / "x.csv"), database_url=prepared), "UTF-8")


# A suite that was started in the background hears no Ctrl-C, and hands that on to what it starts.
HEARING_CTRL_C = [
    sys.executable, "-c",
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])",
]  # fmt: skip


@pytest.mark.parametrize("waits_for_the_password", [False, True])
def test_ctrl_c_stops_with_one_word_however_early(prepared, waits_for_the_password):
    args = [*HEARING_CTRL_C, *COMMAND, "users", "add", "a@b.example", "--role", "lpm", "--password-stdin"]
    env = os.environ | {"DEBTOR_RETURNS_DATABASE_URL": prepared}
    with subprocess.Popen(args, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=env, text=True) as waiting:
        time.sleep(0.5)
        if waits_for_the_password:
            _until_taken(waiting.stdin, "Half-a-line")
        waiting.send_signal(signal.SIGINT)
        assert waiting.stderr is not None
        assert waiting.stderr.read() == "Stopped.\n"
    assert waiting.returncode == 130


def _until_taken(pipe, words: str) -> None:
    """Writes into a pipe and waits until the other end has read it: then it waits for more."""
    pipe.write(words)
    pipe.flush()
    for _ in range(600):
        if ioctl(pipe, FIONREAD, bytes(4)) == bytes(4):
            return
        time.sleep(0.05)
    raise AssertionError("Nobody reads.")


def test_a_reader_who_has_seen_enough_is_no_error():
    done = subprocess.run(f"{sys.executable} -c 'from app.cli import main; main()' rules | head -1", shell=True,
                          capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    assert done.stderr == ""


def test_help_is_there_for_every_command():
    for args in ([], ["users"], ["users", "add"], ["obligations", "set"], ["serve"], ["organisations", "import"]):
        done = say(*args, "--help")
        assert (done.returncode, "Usage:" in done.stdout) == (0, True), args


def test_serve_answers_and_ends_quietly(prepared, tmp_path: Path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (tmp_path / "log").open("wb")
    env = os.environ | {"DEBTOR_RETURNS_DATABASE_URL": prepared}
    with subprocess.Popen([*COMMAND, "serve", "--port", str(port)], stderr=log, stdout=log, env=env) as server:
        try:
            answer = _ready(port)
            assert (answer.status_code, "server" in answer.headers) == (200, False)
            refused(say("serve", "--port", str(port), database_url=prepared), "in use. Choose another with --port.")
            large = httpx2.post(f"http://127.0.0.1:{port}/api/v1/returns", content=_endless())
            assert large.status_code in {401, 413}
            httpx2.get(f"http://127.0.0.1:{port}/api/v1/debts?q=Okonkwo")
        finally:
            server.terminate()
            server.wait(30)
    log.close()
    written = (tmp_path / "log").read_text()
    assert "Okonkwo" not in written
    assert "Traceback" not in written


def _ready(port: int) -> httpx2.Response:
    for _ in range(100):
        try:
            return httpx2.get(f"http://127.0.0.1:{port}/health/ready")
        except httpx2.TransportError:
            time.sleep(0.2)
    raise AssertionError("The server did not answer.")


def _endless():
    for _ in range(400):
        yield b"x" * 64 * 1024
