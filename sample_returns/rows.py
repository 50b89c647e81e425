"""The invented rows of the sample returns, and for each what the service must make of it.

They are made for organisation RJ1, October 2026, sent on 22 November 2026.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

Row = dict[str, Any]

ORGANISATION, PREDECESSOR, OTHER_ORGANISATION = "RJ1", "RYJ", "RX1"
PERIOD, EARLIER_PERIOD, SENT_ON = "2026-10", "2026-09", date(2026, 11, 22)

_EVERYBODY: Row = {
    "invoice_date": date(2026, 6, 14),
    "invoice_amount": 2550.00,
    "amount_outstanding": 2550.00,
    "status": "Debt outstanding",
    "given_names": "Ada Grace",
    "date_of_birth": date(1985, 3, 27),
    "sex": "Female",
    "nationality": "Nigeria",
    "uk_address": "1 Example Street, London",
    "uk_postcode": "SE1 7EH",
    "patient_informed": "Yes",
}
_ARRANGED: Row = {"status": "Repayment arrangement", "status_date": date(2026, 10, 5)}
_REPAID: Row = {"status": "Debt repaid", "status_date": date(2026, 11, 10), "amount_outstanding": 0}
_WITHDRAWN: Row = {"status": "Withdrawn - reported in error", "status_date": date(2026, 11, 12)}


def invented(number: str, family_name: str, **changes: Any) -> Row:
    """An invoice of an invented person, whose passport number follows from the invoice number."""
    digits = sum(ord(letter) * 7**place for place, letter in enumerate(number[::-1])) % 10_000_000
    own = {"invoice_number": number, "family_name": family_name, "passport_number": f"X{digits:07}"}
    return _EVERYBODY | own | changes


@dataclass(frozen=True)
class Case:
    """A row with the codes that it must raise and why, or with its result. `needs`: what must be there before."""

    row: Row
    codes: tuple[str, ...] = ()
    why: str = ""
    needs: str = ""
    result: str = ""
    more: Row = field(default_factory=dict)


CLEAN: list[Row] = [
    invented("00123401", "Abiodun-Example", your_reference="case 1"),
    invented("00123402", "Banerjee-Example", given_names="Ravi", sex="Male", nationality="IN",
             date_of_birth=date(1979, 11, 2), invoice_amount=12480.50, amount_outstanding=9980.50,
             home_office_reference="1212-0001-0000-0001"),
    invented("00123403", "Castillo-Example", given_names="Inés", nationality="Colombian", **_ARRANGED,
             date_of_birth=date(1991, 1, 1), overseas_address="12 Calle Ejemplo, Bogotá"),
    invented("00123404", "Diallo-Example", given_names="-", sex="Unspecified", nationality="SEN", other_names="Dee",
             uk_address=None, uk_postcode=None, overseas_address="4 Rue de l'Exemple, Dakar", site="St Example's"),
    invented("00123405", "Eze-Example", given_names="Chidi", sex="Male", date_of_birth=date(1966, 7, 30),
             passport_number="X1000005", invoice_amount=300.00, amount_outstanding=300.00),
    invented("00123406", "Eze-Example", given_names="Chidi", sex="Male", date_of_birth=date(1966, 7, 30),
             passport_number="X1000005", invoice_amount=250.00, amount_outstanding=250.00),
    invented("00123407", "Fofanah-Example", invoice_date=date(2026, 8, 31), nationality="Sierra Leone"),
]  # fmt: skip

CORRECTIONS: list[Case] = [
    Case(CLEAN[0] | {"amount_outstanding": 1550.00}, result="changed", why="£1,000 was paid"),
    Case(CLEAN[1] | _REPAID, result="changed", why="all was paid on 10 November"),
    Case(CLEAN[2] | {"status": "Debt outstanding", "status_date": None}, result="changed",
         why="the arrangement was a mistake: a later return for the same month corrects it"),
    Case(CLEAN[3] | {"family_name": "Dialo-Example"}, result="changed", why="the name was misspelt"),
    Case(CLEAN[4] | _WITHDRAWN, result="changed", why="the invoice was cancelled"),
    Case(CLEAN[6], result="unchanged", why="nothing is new: the debt is confirmed"),
    Case(invented("00123408", "Gurung-Example", nationality="Nepal"), result="new", why="it was forgotten"),
]  # fmt: skip

EVERY_RULE_FIRST: list[Row] = [
    invented("EX-R14", "Fourteen-Example", status="Repayment arrangement", status_date=date(2026, 9, 10)),
    invented("EX-R16", "Sixteen-Example"),
    invented("EX-R24", "Twenty-Four-Example"),
    invented("EX-W05", "Five-Example", amount_outstanding=1000.00),
    invented("EX-W09", "Nine-Example", status="Repayment arrangement", status_date=date(2026, 11, 5)),
]
EVERY_RULE_PREDECESSOR: list[Row] = [EVERY_RULE_FIRST[2]]

_FIRST, _BOTH = "every_rule_first.xlsx", "every_rule_first.xlsx and every_rule_predecessor.xlsx"


def _breaking(code: str, why: str, needs: str = "", **changes: Any) -> Case:
    number = f"EX-{code}"
    return Case(invented(number, f"{code}-Example") | changes, (code,), why, needs)


_TWICE, _TWO = invented("EX-R12-A", "Twice-Example"), invented("EX-R12-B", "Two-Example")

EVERY_RULE: list[Case] = [
    Case(invented("EX-000", "Clean-Example"), (), "nothing: a clean row"),
    _breaking("R01", "no date of birth", date_of_birth=None),
    _breaking("R02", "31 February is no day", date_of_birth="31/02/1985"),
    _breaking("R03", "the invoice is of November", invoice_date=date(2026, 11, 2)),
    _breaking("R04", "born after the invoice", date_of_birth=date(2026, 6, 15)),
    _breaking("R05", "points and commas the wrong way round", amount_outstanding="1.234,50"),
    _breaking("R06", "no such country", nationality="Utopia"),
    _breaking("R07", "an EU national", nationality="Germany"),
    _breaking("R08", "an Irish national", nationality="Ireland"),
    _breaking("R09", "less than £500 in all", amount_outstanding=300.00),
    _breaking("R10", "not yet two months old on 31 October", invoice_date=date(2026, 9, 15)),
    _breaking("R11", "from before the scheme", invoice_date=date(2011, 10, 31)),
    Case(_TWICE, (), "the first of two identical rows stands"),
    Case(_TWICE, ("R12",), "the second of two identical rows"),
    Case(_TWO, ("R12",), "one of two rows with one number that differ"),
    Case(_TWO | {"amount_outstanding": 999.00}, ("R12",), "the other of the two"),
    _breaking("R13", "no status of the list", status="Paid up"),
    _breaking("R14", "an arrangement cannot become outstanding again", _FIRST),
    _breaking("R15", "repaid, but never reported", **_REPAID),
    _breaking("R16", "the invoice of another person", _FIRST, given_names="Quite Another", passport_number="X7654321",
              date_of_birth=date(1990, 5, 5)),
    _breaking("R17", "words about health in an address", overseas_address="Diagnosis: measles, 1 Example Road"),
    _breaking("R18", "the patient was not told", patient_informed="No"),
    _breaking("R19", "more outstanding than invoiced", amount_outstanding=2550.01),
    _breaking("R20", "a line break in an address", uk_address="1 Example Street\nLondon"),
    _breaking("R21", "an arrangement without its day", status="Repayment arrangement"),
    _breaking("R22", "an Excel error", invoice_amount="#N/A"),
    _breaking("R23", "a refugee travel document", nationality="XXB"),
    Case(EVERY_RULE_FIRST[2] | {"amount_outstanding": 700.00}, ("R24",), "the number stands at two organisations", _BOTH),
    _breaking("W01", "no sex", sex=None),
    _breaking("W02", "no address", uk_address=None, uk_postcode=None),
    _breaking("W03", "over 100 years old", date_of_birth=date(1919, 3, 27)),
    Case(EVERY_RULE_FIRST[3] | {"amount_outstanding": 1200.00}, ("W05",), "more outstanding than before", _FIRST),
    _breaking("W06", "an invoice of 2019", invoice_date=date(2019, 6, 14)),
    _breaking("W07", "no UK postcode", uk_postcode="LAGOS"),
    Case(invented("EX-W08", "Eight-Example"), (), "the first of two numbers that are nearly the same"),
    Case(invented("ex w08", "Ate-Example"), ("W08",), "the second of the two"),
    Case(EVERY_RULE_FIRST[4] | {"status": "Debt outstanding", "status_date": None}, ("W09",),
         "an arrangement of 5 November is newer than October", _FIRST),
    _breaking("W10", "a default without an arrangement before", status="Defaulted - debt still outstanding",
              status_date=date(2026, 10, 5)),
    _breaking("W11", "a British National (Overseas)", nationality="GBN"),
]  # fmt: skip
