"""pydantic, a model validated for each row that openpyxl reads."""

from datetime import datetime
from typing import Annotated, Literal

import openpyxl
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, create_model

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


def _in_scope(nationality: str) -> str:
    if nationality.casefold() in OUT:
        raise ValueError("not part of this return")
    return nationality


def _kind(heading: str) -> object:
    if heading in CHOICES:
        return Literal[tuple(CHOICES[heading])]
    if heading in DATES:
        return Annotated[datetime, Field(ge=datetime.fromisoformat(EARLIEST))]
    if heading in AMOUNTS:
        return Annotated[float, Field(ge=0, le=MOST_POUNDS)]
    if heading == NATIONALITY:
        return Annotated[str, AfterValidator(_in_scope)]
    return str


def model() -> type[BaseModel]:
    fields = {
        key: (_kind(heading), Field(alias=heading))
        if heading in REQUIRED
        else (_kind(heading) | None, Field(None, alias=heading))  # type: ignore[operator]
        for heading, key in HEADINGS.items()
    }
    return create_model("Row", __config__=ConfigDict(extra="ignore"), **fields)  # type: ignore[call-overload, no-any-return]


ROW = model()


def run(path: str, _database: str) -> tuple[int, int]:
    book = openpyxl.load_workbook(path, read_only=True)
    sheet = book[SHEET]
    sheet.reset_dimensions()
    lines = sheet.iter_rows(values_only=True)
    headings, read, wrong = next(lines), 0, 0
    for line in lines:
        read += 1
        try:
            ROW.model_validate(dict(zip(headings, line, strict=False)))
        except ValidationError:
            wrong += 1
    book.close()
    return read, wrong
