"""The matrix of who meets what: everybody, and on each route their own thing, another's, and one that is not there.

Its rows are the routes with ids in their addresses, its columns the people; its cells follow from the access tables of
`tests/api` and `tests/web` and from what is declared here about ids.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from httpx2 import Response

from app.accounts.permissions import Role

ABSENT = "0" * 32
OF_A_TRUST = {"return_id", "debt_id", "row_id", "dispute_id", "waiting_id", "code", "contact_id", "entry_id"}
OF_A_PERSON = {"waiting_id"}  # not even a colleague's: whoever is in the matrix did not send it
NONE_HERE = {"delivery_id"}  # needs a released release with an endpoint: its own tests have one
OF_NOBODY = {  # there or not there, whoever asks: no organisation has its own
    "debtor_id", "match_id", "release_id", "line", "delivery_id", "user_id", "grant_id", "identity_id", "period",
}  # fmt: skip
WORDS = {  # a word of the service's own lists, or a secret: not an id
    "slug": "debt-by-status", "what": "payment", "name": "midas.csv", "deed": "disable", "occasion": "due-soon",
    "key": "directory", "token": "x" * 43,
}  # fmt: skip
BOUND = {Role.TRUST, Role.HEALTH_DEPARTMENT}  # for whom a thing elsewhere is not there
# Who may act for the portfolio only is told so, with the way out: which organisations there are is no secret to managers.
FOR_THE_PORTFOLIO = re.compile(r"/organisations/\{code\}/(contact-log|excuse|excusals)")


@dataclass(frozen=True)
class Somebody:
    """One column of the matrix: the roles of one person, each with its organisation, and what it reaches."""

    name: str
    roles: tuple[tuple[Role, str | None], ...] = ()

    def holding(self, allowed: set) -> list[tuple[Role, str | None]]:
        return [held for held in self.roles if held[0] in allowed]


T, LPM = Role.TRUST, Role.LPM
PEOPLE = (
    *(Somebody(role, ((role, {T: "RJ1", LPM: "RJ1", Role.HEALTH_DEPARTMENT: "Wales"}.get(role)),)) for role in Role),
    Somebody("trust and manager of another", ((T, "RJ1"), (LPM, "RYJ"))),
    Somebody("two trusts", ((T, "RJ1"), (T, "OLD"))),
    Somebody("trust and department", ((T, "RJ1"), (Role.HEALTH_DEPARTMENT, "Wales"))),
    Somebody("board and auditor", ((Role.BOARD, None), (Role.AUDITOR, None))),
)
NOBODY = Somebody("nobody")


@dataclass(frozen=True)
class Row:
    """One route with ids in its address, and who gets past its door."""

    method: str
    path: str
    allowed: set

    @property
    def ids(self) -> list[str]:
        return [each for each in re.findall(r"\{(\w+)\}", self.path) if each not in WORDS]

    @property
    def is_of_a_trust(self) -> bool:
        return bool(OF_A_TRUST & set(self.ids))

    def address(self, ids: dict[str, str]) -> str:
        return self.path.format(**(WORDS | ids))


@dataclass
class World:
    """Ids of what is RJ1's, of what is RYJ's, and of what is everybody's or nobody's."""

    own: dict[str, str] = field(default_factory=dict)
    other: dict[str, str] = field(default_factory=dict)

    absent = dict.fromkeys(OF_A_TRUST | OF_NOBODY, ABSENT) | {"code": "ZZ9", "line": "999", "period": "2199-12"}

    def ids(self, row: Row, whose: str) -> dict[str, str]:
        """Only the first id decides whose a thing is: what hangs below it is there."""
        wanted = {"own": self.own, "other": self.other, "absent": self.absent}[whose]
        first = row.ids[0]
        return self.own | ({first: wanted[first]} if whose == "absent" else wanted)


def rows(routes: Iterator[tuple[str, str, set]]) -> list[Row]:
    """Raises for an id in an address of which it is not declared whose it is."""
    found = [Row(*route) for route in routes]
    unknown = {each for row in found for each in row.ids} - OF_A_TRUST - OF_NOBODY
    assert not unknown, f"Say in tests/matrix.py whose these ids are: {sorted(unknown)}"
    return [row for row in found if row.ids]


def may_meet(who: Somebody, row: Row, whose: str) -> bool:
    """Whether a thing of RJ1 (`own`) or of RYJ (`other`) is there for them. What is of nobody is there for its roles."""
    code = {"own": "RJ1", "other": "RYJ"}[whose]
    held = who.holding(row.allowed)
    if (OF_A_PERSON | NONE_HERE) & set(row.ids):
        return False
    if not row.is_of_a_trust:
        return bool(held)
    return any(place == code if role in BOUND else True for role, place in held)


def looks_like(answer: Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All of an answer that could tell two apart: what belongs to the moment is left out."""
    momentary = {"date", "x-request-id"}
    return (
        answer.status_code,
        answer.content,
        sorted((name.lower(), value) for name, value in answer.headers.items() if name.lower() not in momentary),
    )


class Tally(Counter[str]):
    """How many cells were tried, and how."""

    def __str__(self) -> str:
        return ", ".join(f"{number} {what}" for what, number in sorted(self.items()))
