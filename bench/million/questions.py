"""What people ask of a large register about different debts: searches, lists, one debt, its person."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.access import COMMAND_LINE, Actor
from app.accounts.models import Step, User
from app.core.db import Database
from app.core.paging import to_cursor
from app.debts import searches
from app.debts.models import Debt
from app.debts.queries import Sort
from app.http.guard import session_cookie
from app.main import create_app
from app.settings import get_settings
from bench.million import places
from bench.million.making import OFFICER, TEAM
from bench.upload import ORGANISATION, PERIOD

SEARCH, PAGE = 50.0, 100.0  # at most so many milliseconds
FEW = 15


@dataclass(frozen=True)
class Question:
    """What is `typed` for a debt, or the address that is asked for, and how it is sent. `most` bounds the 95th percentile
    in milliseconds; None where there is no target.
    """

    name: str
    typed: Callable[[Debt], str]
    send: Callable[[str], object]
    most: float | None = None


class Desk:
    """A signed-in person with a browser and with a program."""

    def __init__(self, database: Database, email: str) -> None:
        app = create_app(database=database)
        self._database, self._browser, self._program = database, TestClient(app), TestClient(app)
        with database.writing() as db:
            self._program.headers["Authorization"] = f"Bearer {accounts.create_token(db, COMMAND_LINE, email)}"
            user = accounts.user_by_email(db, email)
            assert isinstance(user, User)
            self._actor = Actor(user.id, user.name)
            self._browser.cookies.set(session_cookie(get_settings()).name, sessions.start(db, user, Step.IN))

    def page(self, path: str) -> object:
        return _good(self._browser.get(path))

    def found_page(self, q: str) -> object:
        with self._database.writing() as db:
            kept = searches.keep(db, self._actor, q)
        return self.page(f"/debts?search={kept}")

    def get(self, path: str) -> object:
        return _good(self._program.get(f"/api/v1{path}"))

    def report(self, data: bytes) -> None:
        """Sends a return; the rows must all be taken, or its time would mean nothing."""
        form = {"organisation": ORGANISATION, "period": str(PERIOD), "declaration": "true"}
        answer = self._program.post("/api/v1/returns", data=form, files={"file": ("bench.xlsx", data)})
        if answer.status_code != 201 or answer.json()["counts"]["new"] != answer.json()["counts"]["read"]:
            raise SystemExit("The bench's own rows were not all accepted: its workbook or a rule is wrong.")

    def search(self, q: str) -> object:
        return _good(self._program.post("/api/v1/debts/search", json={"q": q}))


def _good(answer: Any) -> object:
    if answer.status_code != 200:
        raise SystemExit(f"The bench asks for what is there, and was answered {answer.status_code}.")
    return answer


def sample(db: Session, number: int, organisation: str | None = None) -> Sequence[Debt]:
    """Debts from all over the register, or of one organisation."""
    query = select(col(Debt.id)).order_by(col(Debt.reference))  # by chance
    if organisation is not None:
        query = query.where(col(Debt.organisation_code) == organisation)
    ids = list(db.execute(query.limit(number)).scalars())
    return db.execute(select(Debt).where(col(Debt.id).in_(ids))).scalars().all()


def asked(database: Database, number: int) -> Iterator[tuple[Question, Sequence[Debt]]]:
    """Every question with the debts of which to ask it: pages that do not depend on a debt are asked for a few times."""
    team, officer = Desk(database, TEAM), Desk(database, OFFICER)
    with database.reading() as db:
        every, own = sample(db, number), sample(db, number, ORGANISATION)
    for who, desk, debts in (("team", team, every), ("trust", officer, own)):
        for question in (*_searches(who, desk), *_lists(who, desk)):
            yield question, debts
    for question in _of_the_whole(team):
        yield question, every[:FEW]
    desks = {TEAM: team, OFFICER: officer}
    for email, address in places.PLACES:
        desk = desks.get(email) or desks.setdefault(email, Desk(database, email))
        yield Question(f"{email.split('@')[0]} at {address}", _at(address), desk.page, PAGE), every[:FEW]


def _searches(who: str, desk: Desk) -> Iterator[Question]:
    typed: dict[str, Callable[[Debt], str]] = {
        "family name": lambda debt: debt.family_name,
        "full name": lambda debt: f"{debt.given_names} {debt.family_name}",
        "beginning of a name": lambda debt: debt.family_name[:4],
        "two letters": lambda debt: debt.family_name[:2],
        "invoice number": lambda debt: debt.invoice_number,
        "passport number": lambda debt: debt.passport_number or debt.reference,
        "nobody": lambda debt: f"{debt.family_name} Qqq{debt.reference[3:7]}",
    }
    for what, of in typed.items():
        yield Question(f"{who} searches, page: {what}", of, desk.found_page, SEARCH)
        yield Question(f"{who} searches, program: {what}", of, desk.search, SEARCH)


def _lists(who: str, desk: Desk) -> Iterator[Question]:
    yield Question(f"{who} opens a debt, page", _at("/debts/{id}"), desk.page, PAGE)
    yield Question(f"{who} opens a debt, program", _at("/debts/{id}"), desk.get, PAGE)
    own = "/debts?organisation={code}"
    yield Question(f"{who} lists a trust from a cursor, program", _at(f"{own}&cursor={{cursor}}"), desk.get, PAGE)
    yield Question(f"{who} at the open debts of a trust, page", _at(f"{own}&status=open"), desk.page, PAGE)
    for sort in Sort:
        yield Question(f"{who} at the debts of a trust, by {sort}", _at(f"{own}&sort={sort}"), desk.page, PAGE)


def _of_the_whole(team: Desk) -> Iterator[Question]:
    yield Question("team opens a debtor", _at("/debtors/{debtor}"), team.page, PAGE)
    for what in places.FILTERS:
        yield Question(f"team at /debts{what}", _at(f"/debts{what}"), team.page, PAGE)
    for what in ("", "&status=defaulted", "&min_total=10000", "&changed_since=2026-11-01"):
        yield Question(
            f"team lists from a cursor{what}, program", _at(f"/debts?cursor={{cursor}}{what}"), team.get, PAGE
        )
    yield Question("team reads the feed, program", _at("/warnings-index/events?after={place}"), team.get, PAGE)


def _at(address: str) -> Callable[[Debt], str]:
    return lambda debt: address.format(
        id=debt.id, debtor=debt.debtor_id, code=debt.organisation_code, cursor=to_cursor(debt.id, "debts"),
        place=(debt.return_row or 0) * 100,
    )  # fmt: skip
