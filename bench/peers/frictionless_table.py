"""frictionless validates the sheet against a table schema, with a check of its own for nationalities."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from frictionless import Check, Checklist, Dialect, Resource, Row, Schema, errors
from frictionless.formats import ExcelControl

from bench.peers.given import (
    AMOUNTS,
    CHOICES,
    DATES,
    EARLIEST,
    HEADINGS,
    MOST_POUNDS,
    NATIONALITY,
    OUT,
    REQUIRED,
    SHEET,
)

EVERY_ERROR = 10_000_000


class InScope(Check):
    """Nationality as the return has it."""

    type = "in-scope"
    Errors = [errors.CellError]  # noqa: RUF012 - as the library's own checks say it

    def validate_row(self, row: Row) -> Iterator[Any]:
        if str(row[NATIONALITY] or "").casefold() in OUT:
            yield errors.CellError.from_row(row, note="not part of this return", field_name=NATIONALITY)


def _field(heading: str) -> dict[str, Any]:
    rules: dict[str, Any] = {"required": True} if heading in REQUIRED else {}
    if heading in CHOICES:
        return {"name": heading, "type": "string", "constraints": rules | {"enum": CHOICES[heading]}}
    if heading in DATES:
        return {"name": heading, "type": "date", "constraints": rules | {"minimum": EARLIEST}}
    if heading in AMOUNTS:
        return {"name": heading, "type": "number", "constraints": rules | {"minimum": 0, "maximum": MOST_POUNDS}}
    return {"name": heading, "type": "string", "constraints": rules}


SCHEMA = {"fields": [_field(heading) for heading in HEADINGS]}


def run(path: str, _database: str) -> tuple[int, int]:
    file = Path(path)
    resource = Resource(
        path=file.name,
        basepath=str(file.parent),
        format="xlsx",
        schema=Schema.from_descriptor(SCHEMA),
        dialect=Dialect(controls=[ExcelControl(sheet=SHEET)]),
    )
    report = resource.validate(Checklist(checks=[InScope()]), limit_errors=EVERY_ERROR)
    task = report.tasks[0]
    if general := [error.note for error in task.errors if not hasattr(error, "row_number")]:
        raise SystemExit(f"frictionless could not judge the sheet: {general[0]}")
    wrong = {getattr(error, "row_number", None) for error in task.errors}
    return int(task.stats.get("rows") or 0), len(wrong)
