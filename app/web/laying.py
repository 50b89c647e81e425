"""Lays the design system's files where pages load them from, as a service off GOV.UK may use them: no crest, no fonts.

Part of the installation (`make install`, Dockerfile), after npm has fetched what package-lock.json names.
"""

import json
import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FETCHED = PROJECT / "node_modules" / "govuk-frontend"
VENDOR = PROJECT / "app" / "web" / "static" / "vendor"


def lay() -> None:
    """Writes the stylesheet and the script, each with a line that says what it is."""
    built = FETCHED / "dist" / "govuk"
    version = json.loads((FETCHED / "package.json").read_text())["version"]
    told = f"/* GOV.UK Frontend {version}, Crown copyright, MIT licence; fonts and crest taken out */\n"
    VENDOR.mkdir(parents=True, exist_ok=True)
    styles = (built / "govuk-frontend.min.css").read_text()
    (VENDOR / "govuk-frontend.min.css").write_text(told + off_gov_uk(styles))
    script = (built / "govuk-frontend.min.js").read_text()
    (VENDOR / "govuk-frontend.min.js").write_text(told + _without_map(script))


def off_gov_uk(styles: str) -> str:
    """The font of GOV.UK and the crest are GOV.UK's own: Arial and nothing take their place."""
    styles = re.sub(r"@font-face\{[^}]*\}", "", styles)
    styles = re.sub(r'"?GDS Transport"?,\s*', "", styles)
    styles = re.sub(r"url\([^)]*govuk-crest\.svg\)", "none", styles)
    return _without_map(styles)


def _without_map(text: str) -> str:
    return re.sub(r"(/\*|//)# sourceMappingURL=\S+( \*/)?\s*$", "", text)


if __name__ == "__main__":
    lay()
