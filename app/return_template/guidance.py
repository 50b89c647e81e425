"""The guidance: what each column is, the declaration and where to get help, for the workbook's sheet and for a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.return_template.choices import Status
from app.return_template.columns import Column, Kind, columns_on

HOW_TO_FILL_IN = (
    "Enter one invoice in each row of the sheet Return, from row 2 on. You may sort, filter, paste and move columns.",
    "A prefilled row is a debt that you reported before: bring its amount and status up to date, or leave it as it is "
    "if nothing changed. A row that you delete changes nothing.",
    "A cell that is tinted yellow is mandatory and still empty.",
    "A column that you leave empty, or leave out, keeps what was reported before.",
)

DECLARATION = (
    "By submitting the return you declare for your organisation that:",
    "the amounts, dates and persons are right as far as your records show;",
    "every patient in it was told that an unpaid debt may be reported to the Home Office;",
    "it contains no clinical information: no diagnosis, treatment, ward, specialty, consultant or NHS number, "
    "in any column.",
)

WHERE_TO_GET_HELP = (
    "After an upload the service says for each row that it did not take what is wrong and how to mend it, "
    "and gives those rows back as a workbook that you can correct and upload.",
    "For questions about charging and about this return, ask your Local Partnership Manager or the NHS Debtors Team.",
)

# Columns that are mandatory only for some rows: the column and value of the rows that need not fill them in.
NOT_NEEDED_WHEN: dict[str, tuple[str, Status]] = {"status_date": ("status", Status.OUTSTANDING)}


@dataclass(frozen=True)
class Entry:
    """What people read about one column."""

    heading: str
    what: str
    needed: str
    form: str
    example: str
    choices: tuple[str, ...]


def entries(on: date) -> Iterator[Entry]:
    """The columns of the template as it stands on a day, in their order."""
    for column in columns_on(on):
        labels = tuple(choice.label for choice in column.choices or ())
        yield Entry(column.heading, column.prompt, needed(column), form(column), column.example, labels)


def needed(column: Column) -> str:
    if column.key in NOT_NEEDED_WHEN:
        return f"Mandatory unless the status is {NOT_NEEDED_WHEN[column.key][1].label}"
    return "Mandatory" if column.required else "Optional"


def form(column: Column) -> str:
    """What kind of value the column takes, in words."""
    return {
        Kind.TEXT: f"Text, at most {column.limit} characters",
        Kind.DATE: "Date: day, month, year",
        Kind.MONEY: "Amount in pounds and pence",
        Kind.CHOICE: "One of the list",
        Kind.COUNTRY: "Country, nationality or code",
    }[column.kind]
