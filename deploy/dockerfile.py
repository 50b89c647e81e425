"""Reads a Dockerfile: its stages, and the instructions of each in their order."""

import json
import re
import shlex
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path


@dataclass(frozen=True)
class Instruction:
    name: str
    text: str

    @property
    def words(self) -> list[str]:
        """The parts of the exec form, or of what is told apart by blanks."""
        return json.loads(self.text) if self.text.startswith("[") else shlex.split(self.text)


@dataclass
class Stage:
    image: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)


@dataclass(frozen=True)
class Run:
    """A RUN: its command, and the folders of other stages that it sees meanwhile (stage, source, target)."""

    command: str
    mounts: list[tuple[str, str, str]]


def stages(text: str) -> list[Stage]:
    found: list[Stage] = []
    for line in _whole_lines(text):
        name, _, rest = line.partition(" ")
        if name == "FROM":
            image, *called = rest.split()
            found.append(Stage(image, called[1] if called else ""))
        else:
            found[-1].instructions.append(Instruction(name, rest.strip()))
    return found


def run_of(text: str) -> Run:
    """Raises ValueError for an option that is not known here, so that nothing of a step is left out unseen."""
    mounts = []
    while match := re.match(r"--(\S+)\s+", text):
        kind, _, options = match.group(1).partition("=")
        named = dict(each.partition("=")[::2] for each in options.split(","))
        if kind != "mount" or set(named) != {"type", "from", "source", "target"} or named["type"] != "bind":
            raise ValueError(f"RUN {match.group(1)} is more than this script knows.")
        mounts.append((named["from"], named["source"], named["target"]))
        text = text[match.end() :]
    return Run(text, mounts)


def sent(project: Path) -> list[Path]:
    """The files that the build is given: what .dockerignore leaves. The last line that matches decides."""
    lines = [line.strip() for line in (project / ".dockerignore").read_text().splitlines()]
    rules = [(line.lstrip("!"), line.startswith("!")) for line in lines if line and not line.startswith("#")]

    def is_sent(path: Path) -> bool:
        kept = True
        for pattern, again in rules:
            if any(_matches(part, pattern) for part in (path, *path.parents) if part != Path()):
                kept = again
        return kept

    files = (file.relative_to(project) for file in _files(project, {line for line, again in rules if again}))
    return sorted(file for file in files if is_sent(file))


def _files(project: Path, named: set[str]) -> list[Path]:
    """Of large folders that are never sent (environments, packages) not even the names are read."""
    tops = [project / name for name in named]
    return [file for top in tops for file in ([top] if top.is_file() else top.rglob("*")) if file.is_file()]


def _matches(path: Path, pattern: str) -> bool:
    return path.match(pattern.removeprefix("**/")) if pattern.startswith("**/") else fnmatch(str(path), pattern)


def _whole_lines(text: str) -> list[str]:
    kept = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return [line.strip() for line in re.sub(r"\s*\\\n\s*", " ", kept).splitlines() if line.strip()]
