"""The register as it stands, in the rows of the consolidated output: read one after the other, in constant memory."""

from collections.abc import Iterator

from sqlmodel import Session

from app.accounts.access import Actor
from app.core import clock
from app.debts import queries
from app.debts.models import Debt
from app.debts.queries import DebtFilter
from app.organisations.models import Organisation
from app.policy.in_force import policy_in_force
from app.releases.outputs.consolidated import LAYOUT, Row
from app.returns.queries import all_references

_AS_HELD = tuple(field.key for field in LAYOUT if field.key in Debt.model_fields)


def rows(db: Session, actor: Actor, wanted: DebtFilter) -> Iterator[Row]:
    """Every debt that fits, withdrawn ones only if asked for, as the keys of LAYOUT."""
    policy, today, returns = policy_in_force(), clock.today(), all_references(db)
    for debt, organisation in queries.stream(db, actor, wanted):
        yield _row(debt, organisation, returns) | {"unconfirmed": queries.is_unconfirmed(debt, policy, today)}


def _row(debt: Debt, organisation: Organisation, returns: dict[str, str]) -> dict[str, str | int | bool | None]:
    return {key: getattr(debt, key) for key in _AS_HELD} | {
        "organisation": organisation.code,
        "organisation_name": organisation.name,
        "region": organisation.region,
        "return_reference": returns.get(debt.return_id or ""),
        "row": debt.return_row,
        "first_reported": debt.first_reported_on,
        "last_confirmed": debt.confirmed_on,
    }
