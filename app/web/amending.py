"""Correct the details of a debt: every particular as it is held, judged by the rules of a return when it is changed."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Response

from app.accounts.permissions import Permission
from app.debts import queries
from app.debts.held import PARTICULARS_KEYS
from app.debts.models import Debt
from app.http.deps import Comparing, Id, Reading, Writing
from app.return_template.columns import COLUMNS, KEYS, Column, Kind
from app.returns.amending import NotAmended, amend_as_typed, as_typed
from app.web.entries import Entries, Fault, Faults, input_of
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

amending = pages()
Amender = Annotated[Visit, May(Permission.DEBT_AMEND)]
_FIELDS = [column for column in COLUMNS if column.key in PARTICULARS_KEYS]


@dataclass(frozen=True)
class FieldShown:
    """One input: `text` is what stands in it at first, `day` the same for a date."""

    column: Column
    label: str
    hint: str
    text: str
    day: date | None
    choices: list[tuple[str, str]]


@amending.get("/debts/{debt_id}/amend")
def get_amend(debt_id: Id, visit: Amender, db: Reading) -> Response:
    debt = queries.get_debt(db, visit.actor, debt_id, Permission.DEBT_AMEND)
    return page(visit, "debts/amend.html", debt=debt, fields=[_shown(column, debt) for column in _FIELDS])


@amending.post("/debts/{debt_id}/amend", dependencies=[Comparing])
def post_amend(debt_id: Id, visit: Amender, db: Writing) -> Response:
    texts = {column.key: text for column in _FIELDS if (text := _entered(visit.entries, column)) is not None}
    try:
        amend_as_typed(db, visit.actor, debt_id, texts)
    except NotAmended as error:
        in_order = sorted(error.findings, key=lambda finding: KEYS.index(finding.field or KEYS[0]))
        raise Faults(*(Fault(each.message, input_of(each.field or "")) for each in in_order)) from error
    return to(f"/debts/{debt_id}", said="debt-amended")


def _shown(column: Column, debt: Debt) -> FieldShown:
    held = getattr(debt, column.key)
    choices = [(choice.label, choice.label) for choice in column.choices or ()]
    if not column.required:
        choices.insert(0, ("", "Not known"))
    return FieldShown(
        column=column,
        label=column.heading.removesuffix(" (£)") + ("" if column.required else " (optional)"),
        hint=column.prompt.replace("the cell", "it"),
        text=as_typed(column.key, held),
        day=held if column.kind is Kind.DATE else None,
        choices=choices,
    )


def _entered(entries: Entries, column: Column) -> str | None:
    """What stands in the input, in one text; None where the form that was sent has no such input."""
    if column.kind is not Kind.DATE:
        return entries.text(column.key) if entries.all(column.key) else None
    names = [f"{column.key}-{part}" for part in ("day", "month", "year")]
    if not all(entries.all(name) for name in names):
        return None
    parts = [entries.text(name) for name in names]
    return "/".join(part.lstrip("0") or part for part in parts) if any(parts) else ""
