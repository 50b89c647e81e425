"""Lays the design system's files where pages load them from, as a service off GOV.UK may use them: no crest, no fonts.

Part of the installation (`make install`, Dockerfile), after npm has fetched what package-lock.json names.
"""

import json
import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FETCHED = PROJECT / "node_modules" / "govuk-frontend"
VENDOR = PROJECT / "app" / "web" / "static" / "vendor"
# The npm package names its licence but does not bring the text, which every copy must have beside it.
LICENCE = """\
GOV.UK Frontend

The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def lay() -> None:
    """Writes the stylesheet and the script, each with a line that says what it is, and their licence."""
    built = FETCHED / "dist" / "govuk"
    version = json.loads((FETCHED / "package.json").read_text())["version"]
    told = f"/* GOV.UK Frontend {version}, Crown copyright, MIT licence; fonts and crest taken out */\n"
    VENDOR.mkdir(parents=True, exist_ok=True)
    styles = (built / "govuk-frontend.min.css").read_text()
    (VENDOR / "govuk-frontend.min.css").write_text(told + off_gov_uk(styles))
    script = (built / "govuk-frontend.min.js").read_text()
    (VENDOR / "govuk-frontend.min.js").write_text(told + _without_map(script))
    (VENDOR / "LICENCE.txt").write_text(LICENCE)


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
