"""The demo's people: one officer in each trust, and one or two of every other role. All addresses end in .example."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.accounts import service
from app.accounts.access import COMMAND_LINE, Actor
from app.accounts.permissions import Role
from app.core.db import Session
from app.demo.dice import dice
from app.demo.trusts import trusts
from app.organisations import contacts
from app.organisations.contacts import Details
from app.organisations.models import ContactPurpose

PASSWORD = "Invented-People-2111"  # noqa: S105 - printed at every start of the demo, and good for nothing else
DOMAIN = "demo.example"
TEAM, SECOND = f"debtors.team@{DOMAIN}", f"debtors.team.second@{DOMAIN}"
MANAGER, ADMIN = f"lpm@{DOMAIN}", f"admin@{DOMAIN}"
BORDER = f"border@{DOMAIN}"
LAST = f"auditor@{DOMAIN}"  # added when the year is whole: where this account stands, nothing is missing
PORTFOLIO = 20
_SIGNING_IN = 4


@dataclass(frozen=True)
class Account:
    email: str
    role: Role
    organisations: tuple[str | None, ...] = (None,)

    @property
    def words(self) -> str:
        """What the account may see, for a list of accounts."""
        codes = [code for code in self.organisations if code]
        return f"{self.role.value}" + (f" {', '.join(codes[:3])}" if codes else "") + (" …" if len(codes) > 3 else "")


def officer(code: str) -> str:
    return f"ovm.{code.lower()}@{DOMAIN}"


def office_of(code: str) -> Details:
    """Whom to ask at a trust. The numbers are of those that are kept for stories: nobody can be called by them."""
    number = dice("office", code).randrange(1000)
    hours = dice("hours", code).choice(("Every day, 8am to 8pm", "Monday to Friday, 9am to 5pm", "At any hour"))
    return Details("Overseas visitors office", ContactPurpose.URGENT_CHECKS, f"020 7946 0{number:03d}",
                   f"overseas.visitors@{code.lower()}.example", hours)  # fmt: skip


def with_password(codes: Sequence[str]) -> list[Account]:
    """Those who can sign in: a few trusts' officers, the largest ones', RJ1's first, and the other roles."""
    ranked = [trust.code for trust in trusts(codes)]
    return [
        *(Account(officer(code), Role.TRUST, (code,)) for code in ranked[:_SIGNING_IN]),
        Account(TEAM, Role.DEBTORS_TEAM),
        Account(SECOND, Role.DEBTORS_TEAM),
        Account(MANAGER, Role.LPM, tuple(ranked[:PORTFOLIO])),
        Account(f"board@{DOMAIN}", Role.BOARD),
        Account(f"health.wales@{DOMAIN}", Role.HEALTH_DEPARTMENT, ("Wales",)),
        Account(ADMIN, Role.ADMIN),
        Account(BORDER, Role.BORDER),
        Account(LAST, Role.AUDITOR),
    ]


def add_officers(db: Session, codes: Sequence[str]) -> dict[str, Actor]:
    """One person in each trust, who sends its returns, and the office to ask there; by organisation."""
    for code in codes:
        contacts.add(db, code, office_of(code))
    added = {code: service.add_user(db, COMMAND_LINE, officer(code), Role.TRUST, code) for code in codes}
    return {code: service.actor_for_user(db, user) for code, user in added.items()}


def add_those_who_sign_in(db: Session, codes: Sequence[str]) -> None:
    for account in with_password(codes):
        for number, code in enumerate(account.organisations):
            password = PASSWORD if number == 0 else None
            service.add_user(db, COMMAND_LINE, account.email, account.role, code, password)
