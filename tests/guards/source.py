"""The service's own source as the guards read it: every module with its text and syntax tree."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Module:
    """One Python file; `path` is relative to the project, such as app/core/clock.py."""

    path: str
    text: str
    tree: ast.Module

    def calls(self) -> Iterator[tuple[str, int]]:
        """Every call as it is written, such as `datetime.now`, with its line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func), node.lineno

    def imports(self) -> Iterator[str]:
        """The full name of every module that is imported, wherever in the file."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (name.name for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


@cache
def modules(folder: str = "app") -> tuple[Module, ...]:
    files = sorted((PROJECT / folder).rglob("*.py"))
    return tuple(Module(str(file.relative_to(PROJECT)), text := file.read_text(), ast.parse(text)) for file in files)
