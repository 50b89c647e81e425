"""THE list of columns. Template, prompts, guidance, reading, checks, rejection workbook and outputs follow from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.return_template.choices import Choice, Sex, Status, YesNo


class Kind(StrEnum):
    TEXT = "text"
    DATE = "date"
    MONEY = "money"
    CHOICE = "choice"
    COUNTRY = "country"


@dataclass(frozen=True)
class Column:
    """One column of the return.

    `limit` is in characters. `leaves` says whether the value may stand in an output, release or feed.
    `since` and `until` bound the columns that exist only for a time; `policy` names the policy a column depends on.
    """

    key: str
    heading: str
    kind: Kind
    required: bool
    prompt: str
    example: str
    limit: int | None = None
    choices: type[Choice] | None = None
    leaves: bool = True
    judged: bool = True
    since: date | None = None
    until: date | None = None
    policy: str | None = None


COLUMNS: tuple[Column, ...] = (
    Column(
        "invoice_number", "Invoice number", Kind.TEXT, True,
        "Your own invoice number. Leading zeros are kept. Each number stands once.", "00123456", limit=40,
    ),
    Column(
        "invoice_date", "Invoice date", Kind.DATE, True,
        "The date of the invoice, which starts the clock. Day, month, year.", "14/06/2026",
    ),
    Column(
        "invoice_amount", "Invoice amount (£)", Kind.MONEY, True,
        "The whole amount of the invoice in pounds and pence.", "2550.00",
    ),
    Column(
        "amount_outstanding", "Amount outstanding (£)", Kind.MONEY, True,
        "What is still unpaid today in pounds and pence; 0 only when the debt is repaid or withdrawn.", "2550.00",
    ),
    Column(
        "status", "Debt status", Kind.CHOICE, True,
        "Where the debt stands today. Withdrawn means that it should not have been reported.", "Debt outstanding", choices=Status,
    ),
    Column(
        "status_date", "Status date", Kind.DATE, False,
        "The day on which the status began.", "02/09/2026",
    ),
    Column(
        "family_name", "Family name", Kind.TEXT, True,
        "The family name as in the passport or travel document.", "Okonkwo-Example", limit=80,
    ),
    Column(
        "given_names", "Given names", Kind.TEXT, True,
        "The given names as in the passport. Enter - for a person with a single name.", "Ada Grace", limit=80,
    ),
    Column(
        "other_names", "Other names", Kind.TEXT, False,
        "Any other name the person uses: a birth name, an alias.", "Ada Smith", limit=160,
    ),
    Column(
        "date_of_birth", "Date of birth", Kind.DATE, True,
        "Day, month, year, for example 27/03/1985.", "27/03/1985",
    ),
    Column("sex", "Sex", Kind.CHOICE, False, "As in the passport or travel document.", "Female", choices=Sex),
    Column(
        "nationality", "Nationality", Kind.COUNTRY, True,
        "The country's English name, its nationality (Nigerian) or its code (NG, NGA). "
        "EU, EEA, Swiss, British and Irish nationals are not part of this return.",
        "Nigeria",
    ),
    Column(
        "passport_number", "Passport or travel document number", Kind.TEXT, False,
        "The number as printed. Leave the cell empty if it is not known.", "A01234567", limit=20,
    ),
    Column(
        "home_office_reference", "Home Office reference", Kind.TEXT, False,
        "A Home Office or Unique Application Number, if there is one.", "1212-0001-2345-6789", limit=30,
    ),
    Column(
        "ni_number", "National Insurance number", Kind.TEXT, False,
        "Two letters, six digits, one letter, if there is one.", "QQ 12 34 56 C", limit=20,
    ),
    Column(
        "uk_address", "UK address", Kind.TEXT, False,
        "The last known address in the UK, without the postcode. Nothing about the treatment.",
        "1 Example Street, London", limit=250,
    ),
    Column("uk_postcode", "UK postcode", Kind.TEXT, False, "The postcode of the UK address.", "SE1 7EH", limit=12),
    Column(
        "overseas_address", "Overseas address", Kind.TEXT, False,
        "The address in the country of origin. Nothing about the treatment.", "12 Example Road, Lagos", limit=250,
    ),
    Column(
        "site", "Hospital site", Kind.TEXT, False,
        "Which of your hospitals raised the invoice. For your own comparison of recovery: it is never passed on.",
        "St Example's", limit=80, leaves=False,
    ),
    Column(
        "patient_informed", "Patient told about data sharing", Kind.CHOICE, True,
        "Yes if the patient was told that an unpaid debt may be reported to the Home Office.", "Yes", choices=YesNo,
    ),
    Column(
        "your_reference", "Your reference", Kind.TEXT, False,
        "Anything that helps you find the case again. It is not checked and never passed on.", "case 17",
        limit=60, leaves=False, judged=False,
    ),
)  # fmt: skip

BY_KEY: dict[str, Column] = {column.key: column for column in COLUMNS}
KEYS: tuple[str, ...] = tuple(BY_KEY)

# Columns that we add to a rejection workbook. They are ours: ignored as data when the workbook comes back.
RESULT, WHAT_TO_FIX, ORIGINAL_ROW = "Result", "What to fix", "Original row"
OUR_HEADINGS = (RESULT, WHAT_TO_FIX, ORIGINAL_ROW)


def columns_on(day: date) -> Iterator[Column]:
    """The columns of the template as it stands on a day."""
    return (
        column
        for column in COLUMNS
        if (column.since is None or column.since <= day) and (column.until is None or day <= column.until)
    )
