"""A clean row as a trust would type it, a file of such rows, and the register's side of it: rules without a database."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from app.core.spreadsheet.headings import column_letter
from app.core.spreadsheet.packing import Packed, pack_date
from app.debts.held import Held
from app.debts.rules import matching
from app.debts.rules.totals import Owed
from app.periods.calendar import Period
from app.policy.tables import load
from app.return_template.choices import OPEN_STATUSES
from app.return_template.columns import KEYS
from app.returns.judging import Judged, Register, judge
from app.returns.parsing import parse
from app.returns.rules.context import Context, context_for
from app.returns.rules.engine import Finding
from app.returns.rules.together import fold_invoice

POLICY = load(None)
PLACE = {key: column_letter(index) for index, key in enumerate(KEYS)}
UPLOADED = date(2026, 11, 22)

CLEAN: dict[str, Any] = {
    "invoice_number": "00123456",
    "invoice_date": date(2026, 6, 14),
    "invoice_amount": "2550.00",
    "amount_outstanding": "2550.00",
    "status": "Debt outstanding",
    "family_name": "Okonkwo-Example",
    "given_names": "Ada Grace",
    "date_of_birth": date(1985, 3, 27),
    "sex": "Female",
    "nationality": "Nigeria",
    "passport_number": "A01234567",
    "uk_address": "1 Example Street, London",
    "uk_postcode": "SE1 7EH",
    "patient_informed": "Yes",
}
HELD: dict[str, Any] = {
    "invoice_amount": 255000,
    "amount_outstanding": 255000,
    "status": "outstanding",
    "sex": "female",
    "nationality": "NGA",
    "patient_informed": "yes",
}


def row(**changes: Any) -> list[Packed]:
    """One row's cells, clean but for the changes: dates become date cells, all else stands as it is."""
    assert changes.keys() <= set(KEYS)
    typed = CLEAN | changes
    return [_cell(typed.get(key)) for key in KEYS]


def person(number: str, **changes: Any) -> list[Packed]:
    """A clean row of an invoice and a person of their own."""
    return row(
        **{"invoice_number": number, "given_names": f"Ada {number}", "passport_number": f"A{number:0>7}"} | changes
    )


def _cell(value: Any) -> Packed:
    return pack_date(value) if isinstance(value, date) else value


def held(**changes: Any) -> Held:
    """The clean row as the register holds it since a return for September 2026; choices as stored, money in pence."""
    values = CLEAN | HELD | changes
    fields = {key: values.get(key) for key in Held.__struct_fields__} | {
        "id": changes.get("id", f"debt of {values['invoice_number']}"),
        "organisation_code": changes.get("organisation_code", "RJ1"),
        "debtor_id": "somebody",
        "invoice_fold": fold_invoice(values["invoice_number"]),
        "as_at": changes.get("as_at", date(2026, 9, 30)),
        "particulars_on": changes.get("particulars_on", date(2026, 9, 30)),
        "confirmed_on": date(2026, 9, 30),
        "status_period": changes.get("status_period", "2026-09"),
        "report_undone": changes.get("report_undone", False),
        "below_threshold": False,
        "changed_at": datetime(2026, 10, 5, 12, tzinfo=UTC),
    }
    debt = Held(**fields)
    return msgspec.structs.replace(
        debt, name_match=matching.name_match(debt), passport_match=matching.passport_match(debt)
    )


def register_of(*debts: Held, prefilled: Mapping[str, Mapping[str, Any]] | None = None) -> Register:
    """A register that holds these debts, newest first, and what their persons owe."""
    by_number: dict[str, list[Held]] = {}
    near: dict[str, set[str]] = {}
    for debt in debts:
        by_number.setdefault(debt.invoice_number, []).append(debt)
        near.setdefault(debt.invoice_fold, set()).add(debt.invoice_number)
    owed = [
        Owed(debt.id, debt.name_match, debt.passport_match, debt.amount_outstanding)
        for debt in debts
        if debt.status in OPEN_STATUSES
    ]
    return Register(by_number, near, prefilled or {}, owed, {"RJ1": "Guy's Example", "RJ9": "Old Example"})


def context(period: str = "2026-10", uploaded: date = UPLOADED, **more: Any) -> Context:
    return context_for(POLICY, period, Period.parse(period).last_day, uploaded, **more)


def judged(
    *rows: list[Packed],
    register: Register | Held | None = None,
    answers: Iterable[str] = (),
    first_row: int = 2,
    **day: Any,
) -> list[Judged]:
    """A file of these rows, judged: for October 2026, uploaded on 22 November, unless the test says otherwise."""
    known = register_of(register) if isinstance(register, Held) else register or Register()
    numbered = [(number, list(cells)) for number, cells in enumerate(rows, first_row)]
    now = context(**day)
    return judge(parse(numbered, PLACE, now), known, now, frozenset(answers))


def codes(*rows: list[Packed], **how: Any) -> list[str]:
    """The codes of the first row's findings, in order of the alphabet."""
    return codes_of(judged(*rows, **how)[0])


def codes_of(one: Judged) -> list[str]:
    return sorted(finding.code for finding in one.row.findings)


def all_codes(*rows: list[Packed], **how: Any) -> list[list[str]]:
    return [codes_of(one) for one in judged(*rows, **how)]


def outcome(one: list[Packed], **how: Any) -> tuple[str, list[str]]:
    """One row's result and codes."""
    (only,) = judged(one, **how)
    return only.result.value, codes_of(only)


def finding(code: str, *rows: list[Packed], **how: Any) -> Finding:
    """The only finding with this code."""
    (found,) = [each for one in judged(*rows, **how) for each in one.row.findings if each.code == code]
    return found
