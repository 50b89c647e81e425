"""The documents follow from the source and lead where they say."""

import re

import pytest
import typer.main

from app.cli.commands import cli
from app.settings import Settings
from docs.generate import PAGES
from tests.guards.source import PROJECT, modules


@pytest.mark.parametrize("page", PAGES)
def test_generated_pages_are_up_to_date(page: str):
    assert (PROJECT / "docs" / page).read_text() == PAGES[page](), "Run `make docs`."


def test_every_setting_says_what_it_is():
    assert [name for name, field in Settings.model_fields.items() if not (field.description or "").endswith(".")] == []


def test_every_link_in_the_documents_leads_somewhere():
    lost = [
        f"{document.relative_to(PROJECT)}: {link}"
        for document in [PROJECT / "README.md", *(PROJECT / "docs").rglob("*.md")]
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text())
        if not (document.parent / link).exists()
    ]
    assert lost == []


def test_every_promise_that_the_source_points_to_has_its_heading():
    headings = set(re.findall(r"^## (.+)$", (PROJECT / "docs" / "promises.md").read_text(), re.M))
    pointed_to = {
        (module.path, heading)
        for folder in ("app", "tests")
        for module in modules(folder)
        for heading in re.findall(r"docs/promises\.md, ([A-Z][\w ,-]+\w)", module.text)
    }
    assert len(pointed_to) > 5
    assert {(path, heading) for path, heading in pointed_to if heading not in headings} == set()


@pytest.mark.parametrize("document", ["inspection.md", "threat-model.md"])
def test_every_test_that_a_document_names_is_there(document: str):
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (PROJECT / "docs" / document).read_text())
    assert len(named) > 20
    assert [f"{path}::{name}" for path, name in named if f"def {name}(" not in (PROJECT / path).read_text()] == []


def test_every_command_stands_in_the_readme():
    group = typer.main.get_command(cli)
    commands = {
        f"debtor-returns {name} {sub}".strip()
        for name, command in group.commands.items()
        for sub in (getattr(command, "commands", None) or {"": None})
    }
    assert len(commands) > 10
    text = (PROJECT / "README.md").read_text()
    assert {command for command in commands if f"`{command}" not in text} == set()


def test_every_make_target_explains_itself():
    makefile = (PROJECT / "Makefile").read_text()
    promised = {"help", "install", "demo", "test", "check", "bench", "soak"}
    assert promised <= set(re.findall(r"^([a-z]+):.*## \S", makefile, re.M))
