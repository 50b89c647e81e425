"""Users, for an administrator: the list, inviting somebody, and one person with everything that belongs to them."""

from enum import StrEnum
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import Query, Response

from app.accounts import administering, service, tokens
from app.accounts.people import State
from app.accounts.permissions import Permission, Role
from app.audit.service import history_of
from app.core.db import Session
from app.core.errors import Refused
from app.http.deps import Id, Reading, Writing
from app.organisations import service as organisations
from app.web import staff_words
from app.web.entries import Fault, Faults, chosen, gathered, needed
from app.web.page_route import pages, to
from app.web.render import page
from app.web.user_deeds import offered
from app.web.visit import May, Visit

users = pages()
Admin = Annotated[Visit, May(Permission.USER_MANAGE)]
Named = Annotated[str, Query(max_length=100)]
A_PAGE = 50
Choice = TypeVar("Choice", bound=StrEnum)


@users.get("/users")
def get_users(visit: Admin, db: Reading, role: Named = "", state: Named = "", cursor: Named = "") -> Response:
    found = administering.people(
        db, visit.actor, limit=A_PAGE, cursor=cursor or None, role=_one_of(Role, role), state=_one_of(State, state)
    )
    asked = {key: text for key, text in (("role", role), ("state", state)) if text}
    return page(
        visit,
        "users/users.html",
        found=found.items,
        asked=asked,
        following="/users?" + urlencode({**asked, "cursor": found.next}) if found.next else None,
        first="/users?" + urlencode(asked) if cursor else None,
        roles=staff_words.role_choices(),
        states=staff_words.state_choices(),
    )


@users.get("/users/invite")
def get_invite(visit: Admin, db: Reading) -> Response:
    return page(visit, "users/invite.html", roles=role_radios(), places=places(db))


@users.post("/users/invite")
def post_invite(visit: Admin, db: Writing) -> Response:
    email, name, role = gathered(
        lambda: needed(visit.entries, "email", "Enter the e-mail address", 254),
        lambda: needed(visit.entries, "name", "Enter the name", 120),
        lambda: chosen(visit.entries, "role", set(Role), "Choose a role"),
    )
    place = place_for(visit, role)
    user, _link = administering.invite_person(db, visit.actor, email, name, role, place)
    return to(f"/users/{user.id}", said="invited")


@users.get("/users/{user_id}")
def get_user(user_id: Id, visit: Admin, db: Reading) -> Response:
    person = administering.person(db, visit.actor, user_id)
    events = history_of(db, "user", user_id)
    names = organisations.names(db, [grant.organisation_code for grant in person.grants if grant.organisation_code])
    return page(
        visit,
        "users/user.html",
        person=person,
        names=names,
        manages=[grant for grant in person.grants if grant.role == Role.LPM],
        is_manager=any(grant.role == Role.LPM for grant in person.grants),
        tokens=(held := tokens.standing(db, user_id)),
        deeds=offered(person, visit.actor, len(held)),
        events=events,
        doers=service.names(db, [event.actor for event in events]),
        providers={one.id: _provider(visit, one.issuer) for one in person.identities},
    )


def place_for(visit: Visit, role: str) -> str | None:
    """The place that was chosen. Raises Faults when the role needs one."""
    place = visit.entries.text("place") or None
    if place is None and role == Role.TRUST:
        raise Faults(Fault("Choose the organisation", "place"))
    if role == Role.HEALTH_DEPARTMENT and (place is None or place.isupper()):
        raise Faults(Fault("Choose the nation", "place"))
    return place


def role_radios() -> list[tuple[str, str, str]]:
    return [(role.value, word, hint) for role, (word, hint) in staff_words.ROLES.items()]


def places(db: Session) -> list[tuple[str, str]]:
    """What a role may be tied to: a nation, or an organisation by name."""
    found = organisations.everyone(db, None)
    nations = sorted({one.nation for one in found})
    return [
        ("", "None"),
        *((nation, f"{nation} (nation)") for nation in nations),
        *((one.code, f"{one.name} ({one.code})") for one in found),
    ]


def _provider(visit: Visit, issuer: str) -> str:
    return next((one.label for one in visit.settings.oidc if one.issuer.rstrip("/") == issuer.rstrip("/")), issuer)


def _one_of(kind: type[Choice], text: str) -> Choice | None:
    if not text:
        return None
    if text not in set(kind):
        raise Refused("There is nothing like that to choose by. Open the list again and choose from it.")
    return kind(text)
