"""`python -m tests.crash.nursery`: starts commands of the service in moments, since everything is imported already.

A line of JSON on stdin (`args`, `env`, `log`) makes a process that leads a session of its own, exactly as `debtor-returns`
would run there; its number comes back on stdout. Importing takes longer than most lives in a run of kills last.
"""

import json
import os
import signal
import sys
import tempfile
import traceback
from typing import Any

import app.cli.commands
import app.main  # noqa: F401  # what `serve` imports when it starts
from app.cli import main
from app.settings import get_settings


def run(wanted: dict[str, Any]) -> None:
    """What the new process does: it never comes back."""
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        log, nothing = (
            os.open(wanted["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
            os.open(os.devnull, os.O_RDONLY),
        )
        for theirs, ours in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(theirs, ours)
        os.environ.update(wanted["env"])
        sys.argv = ["debtor-returns", *wanted["args"]]
        tempfile.tempdir = None
        get_settings.cache_clear()
        main()
    except SystemExit as ended:
        os._exit(ended.code if isinstance(ended.code, int) else 0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(70)


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead need no burial
    print("ready", flush=True)
    for line in sys.stdin:
        if (number := os.fork()) == 0:
            run(json.loads(line))
        print(number, flush=True)
