"""Organisations: whom to ask there about their debts, and the months that they need not return."""

from typing import Annotated

from fastapi import Path

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.api.deps import May, Part, Reading, Writing, router
from app.api.shapes.organisations import ContactIn, ContactOut, ExcusalIn, ExcusalOut
from app.api.shapes.values import Listing, OrganisationCode
from app.http import contacts
from app.http.deps import Month
from app.periods.calendar import Period
from app.submissions import excusals

organisations = router("organisations")
Code = Annotated[OrganisationCode, Path(description="The organisation's code.", examples=["RJ1"])]


@organisations.get("/organisations/{code}/contacts", summary="Whom to ask about an organisation's debts")
def get_contacts(
    code: Code, actor: Annotated[Actor, May(Permission.ORGANISATION_READ)], db: Reading, asked: Part
) -> Listing[ContactOut]:
    """Those for urgent checks come first."""
    page = asked.of(contacts.listed(db, actor, code), f"contacts/{code}")
    return Listing(items=[ContactOut.of(one) for one in page.items], next=page.next)


@organisations.post("/organisations/{code}/contacts", status_code=201, summary="Keep a contact")
def post_contact(
    code: Code, details: ContactIn, actor: Annotated[Actor, May(Permission.CONTACT_MANAGE)], db: Writing
) -> ContactOut:
    return ContactOut.of(contacts.add(db, actor, code, details.to_domain()))


@organisations.post("/organisations/{code}/excusals", status_code=201, summary="Excuse an organisation from a month")
def post_excusal(
    code: Code, excusal: ExcusalIn, actor: Annotated[Actor, May(Permission.MONTH_EXCUSE)], db: Writing
) -> ExcusalOut:
    """For a month that is owed and not received. The reason names no patient."""
    period = Period.parse(excusal.period)
    excusals.excuse(db, actor, code, period, excusal.reason)
    return ExcusalOut.of(excusals.month(db, actor, code, period))


@organisations.post("/organisations/{code}/excusals/{period}/end", summary="Take an excuse back")
def post_excusal_end(
    code: Code, period: Month, actor: Annotated[Actor, May(Permission.MONTH_EXCUSE)], db: Writing
) -> ExcusalOut:
    return ExcusalOut.of(excusals.no_longer(db, actor, code, Period.parse(period)))
