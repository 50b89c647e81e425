"""Changes to one user, each on a page of its own: roles, portfolio, identity providers, and what one click does."""

import re
from typing import Annotated

from fastapi import Path, Response

from app.accounts import administering, identities
from app.accounts.people import Person
from app.accounts.permissions import Role
from app.core.db import Session
from app.core.errors import NotFound
from app.http.deps import Id, Reading, Writing
from app.organisations import service as organisations
from app.web.entries import Entries, chosen
from app.web.page_route import pages, to
from app.web.render import page
from app.web.staff_words import grant_words
from app.web.user_deeds import DEEDS
from app.web.users import Admin, place_for, places, role_radios
from app.web.visit import Visit

user_changes = pages()
DeedName = Annotated[str, Path(pattern=f"^({'|'.join(DEEDS)})$")]


@user_changes.get("/users/{user_id}/roles")
def get_roles(user_id: Id, visit: Admin, db: Reading) -> Response:
    person = administering.person(db, visit.actor, user_id)
    return page(visit, "users/role.html", person=person, roles=role_radios(), places=places(db))


@user_changes.post("/users/{user_id}/roles")
def post_roles(user_id: Id, visit: Admin, db: Writing) -> Response:
    role = chosen(visit.entries, "role", set(Role), "Choose a role")
    administering.grant_role(db, visit.actor, user_id, role, place_for(visit, role))
    return to(f"/users/{user_id}", said="role-given")


@user_changes.get("/users/{user_id}/roles/{grant_id}")
def get_role(user_id: Id, grant_id: Id, visit: Admin, db: Reading) -> Response:
    person = administering.person(db, visit.actor, user_id)
    grant = next((one for one in person.grants if one.id == grant_id), None)
    if grant is None:
        raise NotFound
    return page(
        visit,
        "users/confirm.html",
        person=person,
        heading="Take a role away",
        text=f"{grant_words(grant)}: what this role allows ends with the next click of the person. "
        "What they did with it stays.",
        deed="Take the role away",
        is_grave=True,
    )


@user_changes.post("/users/{user_id}/roles/{grant_id}")
def post_role(user_id: Id, grant_id: Id, visit: Admin, db: Writing) -> Response:
    administering.revoke_role(db, visit.actor, user_id, grant_id)
    return to(f"/users/{user_id}", said="role-taken")


@user_changes.get("/users/{user_id}/identities/{identity_id}")
def get_identity(user_id: Id, identity_id: Id, visit: Admin, db: Reading) -> Response:
    person = _with_identity(db, visit, user_id, identity_id)
    return page(
        visit,
        "users/confirm.html",
        person=person,
        heading="Disconnect the identity provider",
        text="The person cannot sign in with it any more and is signed out. A new link lets them connect again.",
        deed="Disconnect",
        is_grave=True,
    )


@user_changes.post("/users/{user_id}/identities/{identity_id}")
def post_identity(user_id: Id, identity_id: Id, visit: Admin, db: Writing) -> Response:
    _with_identity(db, visit, user_id, identity_id)
    identities.unbind(db, visit.actor, identity_id)
    return to(f"/users/{user_id}", said="identity-unbound")


@user_changes.get("/users/{user_id}/portfolio")
def get_portfolio(user_id: Id, visit: Admin, db: Reading) -> Response:
    person = administering.manager(db, visit.actor, user_id)
    codes = [grant.organisation_code for grant in person.grants if grant.role == Role.LPM and grant.organisation_code]
    if not visit.entries:
        visit.entries = Entries.of({"codes": "\n".join(codes)})
    return page(visit, "users/portfolio.html", person=person, names=organisations.names(db, codes))


@user_changes.post("/users/{user_id}/portfolio")
def post_portfolio(user_id: Id, visit: Admin, db: Writing) -> Response:
    codes = [code for code in re.split(r"[\s,;]+", visit.entries.text("codes")) if code]
    administering.set_portfolio(db, visit.actor, user_id, codes)
    return to(f"/users/{user_id}", said="portfolio-set")


@user_changes.get("/users/{user_id}/take-over")
def get_take_over(user_id: Id, visit: Admin, db: Reading) -> Response:
    person = administering.manager(db, visit.actor, user_id)
    managers = administering.people(db, visit.actor, limit=500, role=Role.LPM).items
    takers = [
        ("", "Choose a person"),
        *((one.id, f"{one.name} ({one.email})") for one in managers if one.id != user_id),
    ]
    return page(visit, "users/take_over.html", person=person, takers=takers)


@user_changes.post("/users/{user_id}/take-over")
def post_take_over(user_id: Id, visit: Admin, db: Writing) -> Response:
    managers = administering.people(db, visit.actor, limit=500, role=Role.LPM).items
    taker = chosen(visit.entries, "taker", {one.id for one in managers}, "Choose who takes over")
    administering.take_over_portfolio(db, visit.actor, user_id, taker)
    return to(f"/users/{taker}", said="portfolio-moved")


@user_changes.get("/users/{user_id}/{deed}")
def get_deed(user_id: Id, deed: DeedName, visit: Admin, db: Reading) -> Response:
    person = administering.person(db, visit.actor, user_id)
    told = DEEDS[deed]
    return page(
        visit,
        "users/confirm.html",
        person=person,
        heading=told.words,
        text=told.consequence,
        deed=told.words,
        is_grave=told.is_grave,
    )


@user_changes.post("/users/{user_id}/{deed}")
def post_deed(user_id: Id, deed: DeedName, visit: Admin, db: Writing) -> Response:
    DEEDS[deed].does(db, visit.actor, user_id)
    return to(f"/users/{user_id}", said=DEEDS[deed].said)


def _with_identity(db: Session, visit: Visit, user_id: str, identity_id: str) -> Person:
    """Raises NotFound when the identity is not this person's."""
    person = administering.person(db, visit.actor, user_id)
    if all(one.id != identity_id for one in person.identities):
        raise NotFound
    return person
