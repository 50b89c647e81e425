"""Every router of pages, and for each page what it requires: what guards and access tables are made from."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi.routing import APIRoute

from app.http.guard import Required, required_by
from app.web.about import about
from app.web.access_requests import access_requests
from app.web.account import account
from app.web.amending import amending
from app.web.audit import audit
from app.web.board_pack import board_pack
from app.web.contact_log import contact_log
from app.web.contacts import contacts
from app.web.corrections import corrections
from app.web.cover import cover
from app.web.data_sharing import data_sharing
from app.web.debt_changes import debt_changes
from app.web.debt_holds import debt_holds
from app.web.debtors import debtors
from app.web.debts import debts
from app.web.disputes import disputes
from app.web.excusals import excusals
from app.web.guidance import guidance
from app.web.home import home
from app.web.links import one_time_links
from app.web.matches import matches
from app.web.nil import nil
from app.web.not_submitted import missing
from app.web.obligations import obligations
from app.web.open_rows import open_rows
from app.web.organisation_changes import organisation_changes
from app.web.organisations import organisations
from app.web.outbox import outbox
from app.web.periods import periods
from app.web.providers import with_provider
from app.web.rates import rates
from app.web.release_deliveries import release_deliveries
from app.web.release_files import release_files
from app.web.release_funnel import release_funnel
from app.web.release_lines import release_lines
from app.web.release_signing import release_signing
from app.web.releases import releases
from app.web.reminder_words import reminder_words
from app.web.reminders import reminders
from app.web.render import STATIC, Assets
from app.web.reports import reports
from app.web.returns import returns
from app.web.signing_in import signing_in
from app.web.status_checks import status_checks
from app.web.submissions import submissions
from app.web.this_service import this_service
from app.web.uploading import uploading
from app.web.user_changes import user_changes
from app.web.users import users
from app.web.warnings_index import warnings_index

ROUTERS = (
    signing_in,
    with_provider,
    one_time_links,
    home,
    uploading,
    nil,
    returns,
    open_rows,
    debts,
    debt_changes,
    debt_holds,
    amending,
    debtors,
    matches,
    disputes,
    corrections,
    access_requests,
    warnings_index,
    missing,
    rates,
    submissions,
    board_pack,
    reports,
    guidance,
    about,
    account,
    users,
    cover,  # before what may be done to a user with one click, which is addressed alike
    user_changes,
    outbox,
    organisations,
    organisation_changes,
    contacts,
    contact_log,
    obligations,
    periods,
    excusals,
    status_checks,
    reminders,
    reminder_words,
    releases,
    release_lines,
    release_signing,
    release_files,
    release_deliveries,
    release_funnel,
    data_sharing,
    this_service,
    audit,
)
ASSETS = Assets(directory=STATIC)


@dataclass(frozen=True)
class Page:
    """One method of one address, with what it requires."""

    method: str
    path: str
    required: Required | None


def pages() -> Iterator[Page]:
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            for method in sorted(route.methods or ()):
                yield Page(method, route.path, required_by(route))
