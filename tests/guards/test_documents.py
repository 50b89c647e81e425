"""The documents follow from the source and lead where they say."""

import re

import pytest

from app.settings import Settings
from docs.generate import PAGES
from tests.guards.source import PROJECT


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


def test_every_make_target_explains_itself():
    makefile = (PROJECT / "Makefile").read_text()
    promised = {"help", "install", "demo", "test", "check", "bench", "soak"}
    assert promised <= set(re.findall(r"^([a-z]+):.*## \S", makefile, re.M))
