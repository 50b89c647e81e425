"""The gate for upgrades: the macros give what the design system's own fixtures say, all of them, to the letter."""

import json
import re

import pytest

from app.web.render import environment
from tests.guards.source import PROJECT

FILES = sorted((PROJECT / "node_modules/govuk-frontend/dist/govuk/components").glob("*/fixtures.json"))
COMPONENTS = [json.loads(file.read_text()) for file in FILES]


def rendered(component: str, options: dict) -> str:
    macro = "govuk" + "".join(part.capitalize() for part in component.split("-"))
    source = f"{{% from 'govuk_frontend_jinja/components/{component}/macro.html' import {macro} %}}{{{{ {macro}(options) }}}}"
    return environment().from_string(source).render(options=options)


def plain(html: str) -> str:
    """Without the white space that no browser shows."""
    html = re.sub(r"\s+", " ", html)
    html = re.sub(r" ?(<|>) ?", r"\1", html).replace(" />", ">").replace("/>", ">").strip()
    return html.replace("&#34;", "&quot;").replace("&#39;", "'").replace("&#x27;", "'")


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda component: component["component"])
def test_a_component_is_as_its_fixtures_say(component):
    name = component["component"]
    differing = [
        fixture["name"]
        for fixture in component["fixtures"]
        if plain(rendered(name, fixture["options"])) != plain(fixture["html"])
    ]
    assert differing == []


def test_all_fixtures_are_there():
    assert sum(len(component["fixtures"]) for component in COMPONENTS) == 657
