"""Particulars that a person corrects on the debt's page: judged by the same rules as a row of a return."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import clock
from app.core.errors import Refused
from app.debts import queries, register, service
from app.debts.models import Debt
from app.periods.calendar import Period
from app.policy.in_force import policy_in_force
from app.return_template.columns import KEYS
from app.returns.judging import judge_changed
from app.returns.rules.context import Context
from app.returns.rules.row import Row

_NO_ROW = 0


def amend(db: Session, actor: Actor, debt_id: str, changes: Mapping[str, Any]) -> Debt:
    """Corrects or clears particulars (typed as the columns are; money in pence).

    Raises NotFound (404), Refused (422) in the words of the rule that a changed value breaks.
    """
    debt = queries.get_debt(db, actor, debt_id, Permission.DEBT_AMEND)
    held, today = register.held(debt), clock.today()
    changed = {key for key, value in changes.items() if value != getattr(held, key, None)}
    values = {key: changes.get(key, getattr(held, key)) for key in KEYS}
    row = Row(_NO_ROW, [None] * len(KEYS), {}, **values)
    judge_changed(row, held, changed, Context(policy_in_force(), str(Period.containing(today)), today, today))
    broken = [finding for finding in row.findings if finding.severity == "rejected"]
    if broken:
        raise Refused(" ".join(finding.message for finding in broken), code=broken[0].code)
    return service.amend(db, actor, debt_id, changes)
