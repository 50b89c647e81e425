"""Rules that look at one row: its own values together, the days that matter and the policy in force.

Each takes the row and the context and adds its findings to the row. The judge calls a rule only where one of the
columns it rests on is newly stated, and never where one of them could not be read.
"""

import re
from datetime import date

from app.core.spreadsheet.packing import as_text, trim
from app.policy import countries
from app.return_template.choices import OPEN_STATUSES, Status, YesNo
from app.return_template.columns import KEYS
from app.returns.rules.context import Context
from app.returns.rules.engine import Scope, rule
from app.returns.rules.row import Row

_NI_NUMBER = re.compile(r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]?")
_POSTCODE = re.compile(r"(GIR0AA|[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][ABD-HJLNP-UW-Z]{2})")
_TOLD = KEYS.index("patient_informed")
_SEPARATORS = re.compile(r"[\s./-]")
_PASSPORT = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,20}")
_LIKELY = (
    ("ni_number", _NI_NUMBER, "a National Insurance number (two letters, six digits, one letter)"),
    ("uk_postcode", _POSTCODE, "a UK postcode (for example SE1 7EH)"),
    ("passport_number", _PASSPORT, "a passport number (5 to 20 letters and figures)"),
)


def uk_format(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def years_later(day: date, years: int) -> date:
    """The same day so many years later; 29 February gives 28 February, and after 9999 no calendar goes."""
    if day.year + years > date.max.year:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@rule("R03", Scope.ROW, "invoice_date", "date_of_birth", source="our decision: a return speaks of its reporting day")
def not_in_the_future(row: Row, context: Context) -> None:
    """Invoice date or date of birth after the reporting day."""
    for key, day in (("invoice_date", row.invoice_date), ("date_of_birth", row.date_of_birth)):
        if day is not None and day > context.reporting_day:
            cure = "Check the year" + (", or report it in a later month." if key == "invoice_date" else ".")
            last = uk_format(context.reporting_day)
            row.find(
                "R03", key, f"{{value}} is after {last}, the last day that can be spoken of. {cure}", uk_format(day)
            )


@rule("R04", Scope.ROW, "date_of_birth", "invoice_date", source="ICIBI 6.166")
def possible_birth(row: Row, context: Context) -> None:
    """Date of birth not possible: before 1900, or after the invoice date."""
    born, invoiced = row.date_of_birth, row.invoice_date
    if born is None or born > context.reporting_day:
        return
    if born.year < context.policy.numbers.oldest_birth_year:
        row.find(
            "R04", "date_of_birth", f"{{value}} is before {context.policy.numbers.oldest_birth_year}. Check the year.",
            uk_format(born),
        )  # fmt: skip
    elif invoiced is not None and born > invoiced:
        row.find("R04", "date_of_birth", "{value} is after the invoice date. Check both dates.", uk_format(born))


@rule("R07", Scope.ROW, "nationality", "invoice_date", source="ICIBI 6.166", holds=True)
def in_scope(row: Row, context: Context) -> None:
    """Nationals of EU and EEA states and Switzerland, by membership on the invoice date."""
    code, policy = row.nationality, context.policy
    if code is None or policy.is_british_or_irish(code):
        return
    # Without an invoice date, only who was a member all the time is out for certain.
    days = (row.invoice_date,) if row.invoice_date else (policy.scheme_began, context.reporting_day)
    if any(policy.nationality_in_scope(code, day) for day in days):
        return
    row.find(
        "R07", "nationality", "{value} is an EU, EEA or Swiss nationality on the invoice date. "
        "This return is for other nationals: remove the row.", countries.country_name(code),
    )  # fmt: skip


@rule("R08", Scope.ROW, "nationality", source="our decision: not subject to the immigration rule", holds=True)
def not_british_or_irish(row: Row, context: Context) -> None:
    """British or Irish national: not part of this return."""
    if row.nationality is not None and context.policy.is_british_or_irish(row.nationality):
        row.find(
            "R08", "nationality", "{value} is a British or Irish nationality, which is not part of this return. "
            "Remove the row.",
            countries.country_name(row.nationality),
        )  # fmt: skip


@rule("R23", Scope.ROW, "nationality", source="ICIBI 6.143", holds=True)
def not_a_refugee(row: Row, context: Context) -> None:
    """Refugee travel document (XXB, XXC): refugees are not charged; check the exemption."""
    if row.nationality is not None and context.policy.is_refugee(row.nationality):
        row.find(
            "R23", "nationality", "{value} stands for a refugee, and refugees are exempt from charges. "
            "Check the exemption, then remove the row or correct the nationality.", row.nationality,
        )  # fmt: skip


@rule("R18", Scope.ROW, "patient_informed", source="[2015] EWCA Civ 1034", holds=True)
def patient_told(row: Row, _context: Context) -> None:
    """The patient has not been told that the debt may be reported."""
    if row.patient_informed == YesNo.NO:
        way_out = "Tell the patient that the debt may be reported, then enter Yes."
        row.find("R18", "patient_informed", f"{{value}} is entered. {way_out}", trim(as_text(row.cells[_TOLD])),
                 f"the answer is not Yes. {way_out}")  # fmt: skip


@rule("R10", Scope.ROW, "invoice_date", source="ICIBI 6.149")
def old_enough(row: Row, context: Context) -> None:
    """The invoice is not yet old enough on the reporting day."""
    day = row.invoice_date
    if day is None or day > context.reporting_day or day < context.policy.scheme_began:
        return
    if (from_day := context.policy.reportable_from(day)) > context.reporting_day:
        row.find(
            "R10", "invoice_date", f"an invoice of {{value}} can be reported from {uk_format(from_day)}. "
            "Report it in a later return.", uk_format(day),
            "the invoice is not yet old enough to be reported. Report it in a later return.",
        )  # fmt: skip


@rule("R11", Scope.ROW, "invoice_date", source="ICIBI 6.149", holds=True)
def since_the_scheme_began(row: Row, context: Context) -> None:
    """Invoiced before the scheme began (1 November 2011)."""
    if row.invoice_date is not None and row.invoice_date < context.policy.scheme_began:
        row.find(
            "R11", "invoice_date", f"{{value}} is before {uk_format(context.policy.scheme_began)}, when this scheme "
            "began. Check the year; if it is right, remove the row.", uk_format(row.invoice_date),
        )  # fmt: skip


@rule(
    "R19",
    Scope.ROW,
    "invoice_amount",
    "amount_outstanding",
    "status",
    source="our decision: amounts and status must agree",
)
def amounts_agree(row: Row, _context: Context) -> None:
    """Amounts contradict: more outstanding than invoiced, repaid with an amount left, or £0 outstanding on a debt."""
    invoiced, left, status = row.invoice_amount, row.amount_outstanding, row.status
    if left is None:
        return
    if invoiced is not None and left > invoiced:
        row.find("R19", "amount_outstanding", "more is outstanding than was invoiced. Check both amounts.")
    elif status is Status.REPAID and left > 0:
        row.find("R19", "amount_outstanding", "the debt is repaid, so 0 must be left. Check the status and the amount.")
    elif status in OPEN_STATUSES and left == 0:
        row.find("R19", "amount_outstanding", "nothing is left to pay. Enter what is still owed. If it was paid, choose "
                 "Debt repaid, or remove the row if the debt was never reported.")  # fmt: skip


@rule("R21", Scope.ROW, "status_date", "status", "invoice_date", source="our decision: a status has its day")
def dated_status(row: Row, context: Context) -> None:
    """Status date missing, before the invoice date, or after the day of upload."""
    day = row.status_date
    if "status_date" in row.faulty:
        return
    if day is None:
        if row.status not in (None, Status.OUTSTANDING):
            row.find("R21", "status_date", "this is missing. Enter the day on which the debt got its status.")
    elif day > context.upload_day:
        row.find("R21", "status_date", "{value} is in the future. Enter the day on which it happened.", uk_format(day))
    elif row.invoice_date is not None and day < row.invoice_date <= context.reporting_day:
        row.find("R21", "status_date", "{value} is before the invoice date. Check both dates.", uk_format(day))


@rule("W01", Scope.ROW, "sex", source="our decision: helps to tell persons apart, not needed")
def sex_stated(row: Row, _context: Context) -> None:
    """Sex is missing or not one of the three choices."""
    if row.sex is None and not row.codes() & {"W01"} and "sex" not in row.faulty:
        row.find("W01", "sex", "this is missing. Choose Female, Male or Unspecified if it is known.")


@rule("W02", Scope.ROW, "uk_address", "overseas_address", source="ICIBI 6.166")
def some_address(row: Row, _context: Context) -> None:
    """No address."""
    if not row.uk_address and not row.overseas_address and not row.faulty & {"uk_address", "overseas_address"}:
        row.find("W02", "uk_address", "there is no address, neither in the UK nor overseas. Add one if it is known.")


@rule("W03", Scope.ROW, "date_of_birth", "invoice_date", source="our decision: rare, and often a slip of the year")
def likely_age(row: Row, context: Context) -> None:
    """Age over 100 or under 1 on the invoice date."""
    born, invoiced = row.date_of_birth, row.invoice_date
    if born is None or invoiced is None or born > invoiced or born.year < context.policy.numbers.oldest_birth_year:
        return
    if 1 < invoiced.year - born.year < 101:
        return  # as nearly everybody is, whatever the days
    if invoiced >= years_later(born, 101) or invoiced < years_later(born, 1):
        age = "under 1" if invoiced < years_later(born, 1) else "over 100"
        row.find("W03", "date_of_birth", f"the person would be {age} on the invoice date. Check the year of birth.")


@rule("W06", Scope.ROW, "invoice_date", source="charges are recoverable for six years from the invoice")
def not_too_old(row: Row, context: Context) -> None:
    """Debt more than 6 years old."""
    years, day = context.policy.numbers.old_debt_years, row.invoice_date
    if day is not None and context.policy.scheme_began <= day and context.reporting_day > years_later(day, years):
        row.find(
            "W06", "invoice_date", f"the debt is more than {years} years old. Check that it can still be recovered."
        )


@rule(
    "W07",
    Scope.ROW,
    "ni_number",
    "uk_postcode",
    "passport_number",
    source="our decision: likely slips, but never certain",
)
def likely_numbers(row: Row, _context: Context) -> None:
    """NI number, postcode or passport looks wrong."""
    for key, pattern, what in _LIKELY:
        text: str | None = getattr(row, key)
        if text is None or (text.isalnum() and pattern.fullmatch(text)):
            continue
        if not pattern.fullmatch(_SEPARATORS.sub("", text).upper()):
            row.find("W07", key, f"{{value}} does not look like {what}. Check it.", text)


@rule("W11", Scope.ROW, "nationality", source="our decision: subject to immigration control")
def british_class(row: Row, context: Context) -> None:
    """British protected or overseas class: check the exemption."""
    if row.nationality is not None and context.policy.is_british_class(row.nationality):
        row.find(
            "W11", "nationality", "{value} is a class of British nationality under immigration control. "
            "Check that the person is not exempt from charges.", countries.country_name(row.nationality),
        )  # fmt: skip


ROW_RULES = (
    not_in_the_future, possible_birth, in_scope, not_british_or_irish, not_a_refugee, patient_told, old_enough,
    since_the_scheme_began, amounts_agree, dated_status, sex_stated, some_address, likely_age, not_too_old,
    likely_numbers, british_class,
)  # fmt: skip
