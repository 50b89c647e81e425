"""Writes docs/performance.md and its pictures from the newest kept runs: `python -m bench.report`. Its prose is in prose/."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from app.settings import PROJECT
from bench import pictures, results
from bench.figures import Figure, cells
from bench.parts import PARTS, RUNS
from bench.results import Measured, Run

PAGE, PICTURES, PROSE = PROJECT / "docs/performance.md", PROJECT / "docs/performance", Path(__file__).parent / "prose"
WORDS = {part.name: part.words for part in PARTS}
OF_RUN = {part.name: part.run for part in PARTS}


def write() -> Path:
    PICTURES.mkdir(exist_ok=True)
    wanted = files()
    for old in set(PICTURES.glob("*.svg")) - wanted.keys():
        old.unlink()
    for file, text in wanted.items():
        file.write_text(text, encoding="utf-8")
    return PAGE


def files() -> dict[Path, str]:
    """The page and its pictures as the newest kept runs make them."""
    runs = [_of_its_parts(run) for kind in RUNS if (run := results.newest(kind)) is not None]
    drawn = {PICTURES / f"{name}.svg": svg for run in runs for name, svg in pictures.of(run).items()}
    return drawn | {PAGE: "\n".join(_lines(runs))}


def _of_its_parts(run: Run) -> Run:
    """Without parts that belong to another run by now, or to none: they are shown there."""
    return replace(run, parts=[part for part in run.parts if OF_RUN.get(part.name) == run.kind])


def machine_words(run: Run) -> str:
    held = run.machine
    return (
        f"{held['processor']}, {held['cores']} cores, {held['memory_gb']} GB, {held['system']}, {held['python']}, "
        f"SQLite {held['sqlite']}, PostgreSQL {held['postgresql']}; load {run.load_before:g} before, "
        f"{run.load_after:g} after"
    )


def _lines(runs: Sequence[Run]) -> Iterator[str]:
    yield from list(_prose("beginning"))[1:]
    yield from ("", "## Budgets that are missed", "")
    yield from _missed(runs)
    yield from _prose("missed")
    for run in runs:
        yield from ("", f"## {RUNS[run.kind]}", "")
        changed = ", with changes that were not yet committed" if run.is_changed else ""
        yield f"{run.at[:10]}, commit {run.commit}{changed}; {run.seconds / 60:.1f} minutes. {machine_words(run)}."
        yield from ("", _picture(run, "budgets"))
        for part in run.parts:
            yield from _part(run, part)
    kept = {run.kind for run in runs}
    for kind in (kind for kind in RUNS if kind not in kept):
        yield from ("", f"## {RUNS[kind]}", "", "No such run has been kept yet.")
    yield ""


def _missed(runs: Sequence[Run]) -> Iterator[str]:
    found = [(part, one) for run in runs for part in run.parts for one in part.figures if one.is_within is False]
    if not found:
        yield "None." if runs else "No run has been kept yet."
        return
    yield from ("| part | what | measured | beside | ratio | budget |", "|---|---|---|---|---|---|")
    for part, one in found:
        what, value, beside, _, ratio, target, _ = cells(one)
        yield f"| {part.name} | {what.strip()} | {value} | {beside} | {ratio} | {target} |"


def _part(run: Run, part: Measured) -> Iterator[str]:
    yield from ("", f"### {WORDS.get(part.name, part.name)}", "")
    sizes = ", ".join(f"{name} {value:,}" for name, value in part.sizes.items())
    yield f"`python -m bench --part {part.name}`" + (f" ({sizes})" if sizes else "") + f": {part.seconds:.0f} s."
    if part.trouble:
        yield from ("", f"This part did not come to its end: {part.trouble}")
    yield from _prose(part.name)
    for name, _ in pictures.DRAWN.get(part.name, ()) if part.figures else ():
        yield from ("", _picture(run, name))
    if part.figures:
        yield from ("", "| what | measured | beside | that | ratio | budget | |", "|---|---|---|---|---|---|---|")
        yield from map(_row, part.figures)


def _row(one: Figure) -> str:
    name = f"– {one.name.strip()}" if one.name.startswith(" ") else one.name
    verdict = {"": "", "yes": "met"}.get(one.verdict, "**missed**")
    return "| " + " | ".join((name, *cells(one)[1:-1], verdict)) + " |"


def _picture(run: Run, name: str) -> str:
    return f"![{name} of the {run.kind} run](performance/{run.kind}-{name}.svg)"


def _prose(name: str) -> Iterator[str]:
    """What somebody has written about a part, if anybody has."""
    file = PROSE / f"{name}.md"
    if file.exists():
        yield from ("", *file.read_text(encoding="utf-8").rstrip().splitlines())


def main(arguments: list[str]) -> int:
    if arguments:
        print(f'"{arguments[0]}" is not known here: python -m bench.report takes no words.', file=sys.stderr)
        return 2
    print(write())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
