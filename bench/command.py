"""What `python -m bench` is asked for: a whole run, the quick one, or one part alone; and what it prints."""

import gc
import logging
import sys
from collections.abc import Collection
from pathlib import Path

from app import tables
from app.core import logs
from app.core.spreadsheet.reading import readers
from bench import report, results, running
from bench.figures import table
from bench.parts import PARTS, RUNS, Part
from bench.results import Measured

WHOLE = tuple(f"--{run}" for run in RUNS if run != "usual")
WORDS = (*WHOLE, "--quick", "--part")


def usage() -> str:
    width = max(len(part.name) for part in PARTS)
    lines = [
        f"  {part.name:{width}}  {part.words}{'' if part.run == 'usual' else f' ({part.run} run)'}" for part in PARTS
    ]
    return "\n".join((
        "Usage: python -m bench [--large | --register | --far | --quick | --part NAME]",
        "  nothing      the usual run: its table, bench/results.json, bench/results and docs/performance.md",
        "  --large      the large run, a release of a million lines and the deadline's day: twenty minutes",
        "  --register   a million debts: twenty minutes",
        "  --far        thirteen million debts: half an hour and 30 GB of disk",
        "  --quick      small files, to see that the bench itself works; nothing is kept",
        "  --part NAME  one part alone; nothing is kept. The parts:",
        *lines,
    ))  # fmt: skip


def fault(arguments: list[str], parts: Collection[str]) -> str:
    """Which word cannot be taken, or what is missing."""
    match arguments:
        case ["--part"]:
            return "--part needs the name of a part."
        case ["--part", name, *_] if name not in parts:
            return f'There is no part "{name}".'
        case ["--part", _, "--into"]:
            return "--into needs a file."
        case [first, *_] if first not in WORDS:
            return f'"{first}" is not known here.'
        case ["--part", _, "--into", _, word, *_] | ["--part", _, word, *_] | [_, word, *_]:
            return f'"{word}" cannot be said after {arguments[0]}.'
    return "This cannot be taken."


def say(words: str) -> None:
    print(f"… {words}", file=sys.stderr, flush=True)


def main(arguments: list[str]) -> int:
    named = {part.name: part for part in PARTS}
    match arguments:
        case ["--help" | "-h", *_]:
            print(usage())
            return 0
        case []:
            return whole("usual")
        case [run] if run in WHOLE:
            return whole(run.removeprefix("--"))
        case ["--quick"]:
            return shown([alone(part, dict(part.small)) for part in PARTS if part.small is not None])
        case ["--part", name] | ["--part", name, "--into", _] if name in named:
            found = alone(named[name], dict(named[name].sizes))
            if len(arguments) == 4:  # for the whole run, which reads it there
                running.write(found, Path(arguments[3]))
            return shown([found])
    print(f"{fault(arguments, named)}\n\n{usage()}", file=sys.stderr)
    return 2


def alone(part: Part, sizes: dict[str, int]) -> Measured:
    assert tables.metadata.tables
    logs.set_up(json_lines=False)
    logging.disable(logging.INFO)  # a line for each of thousands of requests
    readers().warm()
    gc.freeze()  # as each process of the service once it is loaded (app/loading.py): a search of all of it takes 0.2 s
    return running.here(part, sizes, say)


def whole(kind: str) -> int:
    run = running.run(kind, [part for part in PARTS if part.run == kind], say)
    code = shown(run.parts)
    print(f"\n{report.machine_words(run)}")
    print(f"{run.seconds:.0f} s in all. Times vary from run to run; compare the ratios.")
    print(f"Kept as {results.keep(run).name}; the page: {report.write().name}")
    return code


def shown(parts: list[Measured]) -> int:
    """1 when a part has failed; a missed target is no failure of the bench."""
    print(table([figure for part in parts for figure in part.figures]))
    for part in parts:
        print(f"{part.name}: {part.seconds:.0f} s, processors {part.processor:.0f} s {part.trouble}".rstrip())
    return int(any(part.trouble for part in parts))
