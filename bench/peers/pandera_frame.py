"""pandas reads the sheet through openpyxl, pandera validates the frame lazily, so that every fault is found."""

import pandas
import pandera.pandas as pandera
from pandera.errors import SchemaErrors

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


def _column(heading: str) -> pandera.Column:
    nullable = heading not in REQUIRED
    if heading in CHOICES:
        return pandera.Column(object, pandera.Check.isin(CHOICES[heading]), nullable=nullable)
    if heading in DATES:
        return pandera.Column(
            "datetime64[ns]", pandera.Check.ge(pandas.Timestamp(EARLIEST)), nullable=nullable, coerce=True
        )
    if heading in AMOUNTS:
        return pandera.Column(float, pandera.Check.in_range(0, MOST_POUNDS), nullable=nullable, coerce=True)
    if heading == NATIONALITY:
        return pandera.Column(object, pandera.Check(lambda cells: ~cells.str.casefold().isin(OUT)), nullable=nullable)
    return pandera.Column(object, nullable=nullable)


SCHEMA = pandera.DataFrameSchema({heading: _column(heading) for heading in HEADINGS})


def judged(path: str) -> tuple[pandas.DataFrame, set[int]]:
    """The frame as read, and the places of its rows that are wrong."""
    frame = pandas.read_excel(path, sheet_name=SHEET, engine="openpyxl", dtype=object)
    try:
        SCHEMA.validate(frame, lazy=True)
    except SchemaErrors as errors:
        return frame, {int(place) for place in errors.failure_cases["index"].dropna()}
    return frame, set()


def run(path: str, _database: str) -> tuple[int, int]:
    frame, wrong = judged(path)
    return len(frame), len(wrong)
