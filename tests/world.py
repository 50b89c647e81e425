"""A register in which RJ1 and RYJ have one of everything, made by the people whose it is. For the matrix of who meets what."""

from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.access import COMMAND_LINE
from app.accounts.models import Identity, RoleGrant, Step, User
from app.accounts.permissions import Role
from app.contact_log.models import ContactEntry
from app.core import clock
from app.core.db import Database
from app.organisations.models import OrganisationContact
from app.periods.calendar import Period
from app.returns.models import WaitingCheck
from app.submissions.obligations import set_obligation
from tests.api.conftest import PERIOD, Person, dispute_of, fill, row, workbook
from tests.matrix import ABSENT, World
from tests.web.conftest import Browser

ENTRY = {"kind": "call", "on": "2026-11-20", "outcome": "agreed_date", "note": "October follows."}
EXCUSED = "2026-09"
CONTACT = {"office": "Office", "purpose": "debts", "phone": "020 7946 0123"}
SWAPPED = {"RJ1": "1985-07-03", "RYJ": "1985-03-07"}
HELD_BY = {"RJ1": "ovm@rj1.example", "RYJ": "ovm@ryj.example"}


def person(app: FastAPI, database: Database, email: str, *roles: tuple[Role, str | None]) -> Person:
    """Somebody with a token."""
    with database.writing() as db:
        for role, place in roles:
            accounts.add_user(db, COMMAND_LINE, email, role, place)
        token = accounts.create_token(db, COMMAND_LINE, email)
    return Person(TestClient(app, raise_server_exceptions=False), token)


def browser(app: FastAPI, database: Database, email: str, *roles: tuple[Role, str | None]) -> Browser:
    """Somebody signed in."""
    made = Browser(app)
    with database.writing() as db:
        for role, place in roles:
            accounts.add_user(db, COMMAND_LINE, email, role, place)
        user = accounts.user_by_email(db, email)
        assert user is not None
        made.client.cookies.set("session", sessions.start(db, user, Step.IN))
    return made


def build(app: FastAPI, database: Database) -> World:
    fill(database)
    with database.writing() as db:
        set_obligation(db, COMMAND_LINE, ["RJ1", "RYJ"], Period.parse(EXCUSED))
    team = person(app, database, "team@all.example", (Role.DEBTORS_TEAM, None))
    world = World()
    for ids, code in ((world.own, "RJ1"), (world.other, "RYJ")):
        ids.update(_things_of(person(app, database, HELD_BY[code], (Role.TRUST, code)), team, code))
    assert team.post("/organisations/RJ1/excusals", {"period": EXCUSED, "reason": "New system."}).status_code == 201
    release = team.post("/releases", {"scope": "full", "recipient": "MIDAS", "purpose": "Monthly"})
    shared = {
        "debtor_id": team.get("/debts").json()["items"][0]["debtor_id"],
        "match_id": team.get("/possible-matches").json()["items"][0]["id"],
        "release_id": release.json()["id"],
        "line": "1",
        "period": EXCUSED,
    }
    with database.writing() as db:
        victim = accounts.add_user(db, COMMAND_LINE, "somebody@rj1.example", "trust", "RJ1")
        grant = db.exec(select(RoleGrant).where(RoleGrant.user_id == victim.id)).one()
        identity = Identity(user_id=victim.id, issuer="https://id.example", subject="1", bound_at=clock.real_now())
        db.add(identity)
        shared |= {"user_id": victim.id, "grant_id": str(grant.id), "identity_id": identity.id, "delivery_id": ABSENT}
        for ids, code in ((world.own, "RJ1"), (world.other, "RYJ")):
            kept = db.exec(select(ContactEntry).where(ContactEntry.organisation_code == code)).one()
            office = db.exec(select(OrganisationContact).where(OrganisationContact.organisation_code == code)).one()
            ids.update(shared, entry_id=kept.id, contact_id=office.id)
    return world


def _things_of(ovm: Person, team: Person, code: str) -> dict[str, str]:
    """One of everything that an organisation can have."""
    alike = {"family_name": "Okonkwo", "given_names": "Ada", "passport_number": "A7654321"}
    number = {"RJ1": 10, "RYJ": 20}[code]
    rows = [
        row(number, **alike, date_of_birth=SWAPPED[code]),
        row(number + 1, date_of_birth="?"),
        row(number + 2),
    ]
    assert ovm.upload(b"\x89PNG", organisation=code).status_code == 422
    return_id = ovm.upload(workbook(*rows), organisation=code).json()["id"]
    debts = {one["invoice_number"]: one["id"] for one in ovm.get("/debts").json()["items"]}
    disputed = debts[f"INV{number + 2:05d}"]
    dispute = team.post("/disputes", dispute_of(disputed))
    assert ovm.post(f"/organisations/{code}/contacts", CONTACT).status_code == 201
    assert team.post(f"/organisations/{code}/contact-log", ENTRY).status_code == 201
    return {
        "return_id": return_id,
        "debt_id": debts[f"INV{number:05d}"],
        "row_id": ovm.get("/open-rows").json()["items"][0]["id"],
        "dispute_id": dispute.json()["id"],
        "code": code,
        "waiting_id": _checking(ovm, code),
    }


def _checking(ovm: Person, code: str) -> str:
    """A check, which only the person who sent it may look after."""
    app = ovm.client.app
    database = app.state.database  # type: ignore[attr-defined]
    at_home = Browser(app)
    with database.writing() as db:
        user = db.exec(select(User).where(User.email == HELD_BY[code])).one()
        at_home.client.cookies.set("session", sessions.start(db, user, Step.IN))
    page = f"/returns/upload?organisation={code}&period={PERIOD}"
    at_home.post(page, {"declaration": "true"}, files={"file": ("r.xlsx", workbook(row(30)))})
    with database.reading() as db:
        return db.exec(select(WaitingCheck.id).where(WaitingCheck.organisation_code == code)).one()
