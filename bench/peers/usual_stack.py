"""The usual stack whole: pandas reads, pandera validates, and the ORM's `add_all` stores the good rows in the same tables."""

import math
from datetime import datetime
from typing import Any

import pandas
from sqlmodel import Session

from app import tables
from app.accounts.access import COMMAND_LINE
from app.core import clock
from app.core.db import Database
from app.core.ids import new_id, reference
from app.debts.models import Debt, DebtEvent, Debtor
from app.debts.rules.matching import name_match, passport_match
from app.policy import countries
from app.return_template.choices import Sex, Status, YesNo
from app.returns.models import Lifecycle, Outcome, Return
from app.returns.rules.together import fold_invoice
from bench.peers import pandera_frame
from bench.peers.given import HEADINGS
from bench.upload import ORGANISATION, PERIOD

assert tables.metadata.tables
REPORTED_ON = PERIOD.last_day
LABELS = {choice.label: choice.value for choices in (Status, Sex, YesNo) for choice in choices}


def run(path: str, database: str) -> tuple[int, int]:
    frame, wrong = pandera_frame.judged(path)
    good = frame.drop(index=list(wrong))
    store = Database(database)
    with store.writing() as db:
        _store(db, good)
    store.close()
    return len(frame), len(wrong)


def _store(db: Session, frame: pandas.DataFrame) -> None:
    now = clock.now()
    return_ = Return(
        organisation_code=ORGANISATION, period=str(PERIOD), lifecycle=Lifecycle.SUBMITTED, outcome=Outcome.ACCEPTED,
        submitted_at=now, qualifies=True, ruleset="usual stack", reporting_day=REPORTED_ON, read=len(frame),
        new=len(frame),
    )  # fmt: skip
    db.add(return_)
    db.flush()
    made, debtors = list[Debt | DebtEvent](), dict[str, Debtor]()
    for place, line in enumerate(frame.rename(columns=HEADINGS).to_dict("records"), start=2):
        debt = _debt(line, return_, place, now)
        known = debtors.setdefault(debt.name_match or debt.passport_match or debt.id, Debtor(created_at=now))
        debt.debtor_id = known.id
        made += [debt, _event(debt, now)]
    db.add_all(debtors.values())
    db.flush()
    db.add_all(each for each in made if isinstance(each, Debt))
    db.flush()
    db.add_all(each for each in made if isinstance(each, DebtEvent))


def _debt(line: dict[Any, Any], return_: Return, place: int, now: datetime) -> Debt:
    values = {key: _value(value) for key, value in line.items()}
    values["nationality"] = countries.recognise(str(values["nationality"]))
    id_ = new_id()
    held: dict[str, Any] = {key: value for key, value in values.items() if key in Debt.model_fields}
    debt = Debt(
        **held, id=id_,
        reference=reference(id_, "ND"), organisation_code=ORGANISATION, debtor_id="",
        invoice_fold=fold_invoice(str(values["invoice_number"])), as_at=REPORTED_ON, particulars_on=REPORTED_ON,
        confirmed_on=REPORTED_ON, first_reported_on=now.date(), first_return_id=return_.id, return_id=return_.id,
        return_row=place, status_period=str(PERIOD), changed_at=now,
    )  # fmt: skip
    debt.name_match, debt.passport_match = name_match(debt), passport_match(debt)
    return debt


def _value(cell: object) -> object:
    """A cell as the register holds it: no time in a day, pence for pounds, the stored word for a label."""
    if cell is None or cell is pandas.NaT or (isinstance(cell, float) and math.isnan(cell)):
        return None
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, int | float):
        return round(cell * 100)
    return LABELS.get(cell, cell) if isinstance(cell, str) else cell


def _event(debt: Debt, now: datetime) -> DebtEvent:
    return DebtEvent(
        debt_id=debt.id, at=now, actor=COMMAND_LINE.id, kind="reported", status=debt.status,
        amount_outstanding=debt.amount_outstanding, as_at=REPORTED_ON, return_id=debt.return_id,
        return_row=debt.return_row,
    )  # fmt: skip
