"""Every router of the API, and for each route what it requires: what guards and access tables are made from."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi.routing import APIRoute

from app.api.audit import audit
from app.api.consolidated import consolidated
from app.api.contact_log import contact_log
from app.api.debts import debts
from app.api.disputes import disputes
from app.api.files import files
from app.api.health import health
from app.api.matches import matches
from app.api.open_rows import open_rows
from app.api.organisations import organisations
from app.api.release_answers import release_answers
from app.api.release_deliveries import release_deliveries
from app.api.release_files import release_files
from app.api.release_sign_off import release_sign_off
from app.api.releases import releases
from app.api.reminders import reminders
from app.api.reports import reports
from app.api.returns import returns
from app.api.status_checks import status_checks
from app.api.submissions import submissions
from app.api.warnings_index import warnings_index
from app.http.guard import Required, required_by

ROUTERS = (
    health,
    files,
    returns,
    open_rows,
    debts,
    matches,
    disputes,
    consolidated,
    submissions,
    reports,
    organisations,
    contact_log,
    status_checks,
    warnings_index,
    reminders,
    release_files,
    release_deliveries,
    release_sign_off,
    releases,
    release_answers,
    audit,
)


@dataclass(frozen=True)
class Call:
    """One method of one address, with the permission it requires: None for health alone."""

    method: str
    path: str
    permission: Required | None


def calls() -> Iterator[Call]:
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            for method in sorted(route.methods or ()):
                yield Call(method, route.path, required_by(route))
