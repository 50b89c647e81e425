"""The command line: thin, asks the domain. One module per group of commands; every error is one sentence on stderr."""

import os
import sys

from app.loading import loading

QUICK = {"serve": "serving", "worker": "worker"}  # what people wait for; the other commands are not loaded for it


def main() -> None:
    """Runs one command and ends the process: 0 done, 1 not done, 2 called wrongly, 130 stopped by Ctrl-C."""
    try:
        sys.exit(_run())
    except KeyboardInterrupt:  # also while the commands are still being loaded, which is most of a short command
        print("Stopped.", file=sys.stderr)  # noqa: T201
        sys.exit(130)


def _run() -> int:
    with loading():  # here, so that Ctrl-C meets somebody who listens
        from app.cli.program import with_one  # noqa: PLC0415
        from app.cli.sentences import STOPPED, sentence  # noqa: PLC0415

        if (module := QUICK.get("".join(sys.argv[1:2]))) is not None:
            cli = with_one(module)
        else:
            from app.cli.commands import cli  # noqa: PLC0415

    try:
        code = cli(standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        words, code = sentence(error)
        print(words, file=sys.stderr)  # noqa: T201
    if code == STOPPED:
        raise KeyboardInterrupt
    return code if isinstance(code, int) else 0
