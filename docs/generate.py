"""Writes the pages under docs/ that follow from the source: `make docs`. A guard test says when one is out of date."""

from pathlib import Path

from app.mail_settings import MailSettings
from app.running_settings import RunningSettings
from app.secret_files import secrets_among
from app.settings import Settings
from app.submissions.rates import DEFINITIONS

DOCS = Path(__file__).resolve().parent


def _place(name: str) -> int:
    return 2 * (name in MailSettings.model_fields) + (name in RunningSettings.model_fields)


def settings_page() -> str:
    """Every setting with its default and its words, from the fields of the settings class."""
    lines = [
        "# Settings",
        "",
        "Environment variables, read once at the start. Written by `make docs` from `app/settings.py`, `app/running_settings.py` and `app/mail_settings.py`: change it there.",
        "",
        "| variable | default | what it says |",
        "|---|---|---|",
    ]
    secret = secrets_among(Settings.model_fields)
    for name in sorted(Settings.model_fields, key=_place):
        field = Settings.model_fields[name]
        default = "" if str(field.default or "") == "" else f"`{field.default}`"
        also = " (or `…_FILE`)" if name in secret else ""
        lines.append(f"| `DEBTOR_RETURNS_{name.upper()}`{also} | {default} | {field.description} |")
    lines += [
        "",
        "A secret can come from a file instead: the same name with `_FILE` at its end holds the file's path, as secrets of",
        "containers are handed over. One of the two, not both.",
        "",
        "Production (the default) refuses to start when a value is missing or not safe, and says which.",
        "",
    ]
    return "\n".join(lines)


def rates_page() -> str:
    """What each figure of the rates counts, from the one list that the page and the API read too."""
    lines = [
        "# Rates",
        "",
        "How many returns come, how right they are at first, and how long mending takes: `/submissions/rates` as a page, as",
        "CSV and in the API. Written by `make docs` from `DEFINITIONS` in `app/submissions/rates.py`: change it there. Why it",
        "is so: the [decision](decisions/0023-what-rates-count.md).",
        "",
        "| figure | in the API | what it counts |",
        "|---|---|---|",
        *(f"| {one.name} | `{one.key}` | {one.words} |" for one in DEFINITIONS),
        "",
    ]
    return "\n".join(lines)


PAGES = {"settings.md": settings_page, "rates.md": rates_page}


if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page())
