"""Who reads of which extract, and how much of it."""

import pytest
from sqlmodel import Session

from app.accounts.access import COMMAND_LINE, Actor, Grant
from app.accounts.permissions import Role
from app.audit.models import AuditAction
from app.audit.service import record
from app.core.errors import Forbidden
from app.data_sharing import extracts
from app.organisations.models import Organisation

TEAM, BOARD = Actor("team", "Team", (Grant(Role.DEBTORS_TEAM),)), Actor("board", "Board", (Grant(Role.BOARD),))
WALES = Actor("wales", "Wales", (Grant(Role.HEALTH_DEPARTMENT, "Wales", frozenset({"7A1"})),))
TRUST_AND_AUDITOR = Actor("both", "Both", (Grant(Role.TRUST, "RJ1", frozenset({"RJ1"})), Grant(Role.AUDITOR)))


@pytest.fixture
def filled(db: Session) -> Session:
    for code, nation, region in (("RJ1", "England", "London"), ("7A1", "Wales", "Wales")):
        db.add(Organisation(code=code, name=code, nation=nation, region=region, organisation_type="NHS Trust"))
    db.flush()
    return db


def taken(db: Session, purpose: str, debts: int = 10, organisation: str | None = None, region: str | None = None,
          filters: tuple[str, ...] = ()) -> None:  # fmt: skip
    record(
        db, COMMAND_LINE, AuditAction.REGISTER_EXPORTED, "register", "csv", organisation,
        debts=debts, purpose=purpose, recipient="MIDAS", filters=list(filters), region=region,
    )  # fmt: skip


def purposes(db: Session, actor: Actor) -> list[str]:
    return [one.purpose for one in extracts.listed(db, actor, 1).items]


def test_a_health_department_reads_of_its_nation_and_of_what_names_none(filled: Session):
    taken(filled, "everything")
    taken(filled, "a trust", organisation="RJ1")
    taken(filled, "a board", organisation="7A1")
    taken(filled, "London", region="London")
    taken(filled, "Wales", region="Wales")
    taken(filled, "a board by a wrong region", organisation="7A1", region="London")
    assert purposes(filled, WALES) == ["a board by a wrong region", "Wales", "a board", "everything"]
    assert len(purposes(filled, BOARD)) == 6


@pytest.mark.parametrize("debts", [0, 1, 4])
def test_small_numbers_are_for_the_debtors_team_alone(filled: Session, debts: int):
    taken(filled, "few", debts)
    for actor, told in ((TEAM, str(debts)), (BOARD, "Fewer than 5"), (TRUST_AND_AUDITOR, "Fewer than 5")):
        (one,) = extracts.listed(filled, actor, 1).items
        assert one.told == told
    taken(filled, "many", 5)
    assert extracts.listed(filled, BOARD, 1).items[0].told == "5"


def test_the_filters_of_programs_are_told_in_words(filled: Session):
    taken(filled, "few", filters=("region=London", "min_amount=10600.00", "Nationality=Ghana"))
    (one,) = extracts.listed(filled, BOARD, 1).items
    assert one.filters == ["Region: London", "Outstanding, at least: £10,600.00", "Nationality: Ghana"]


def test_nobody_else_reads_of_extracts(filled: Session):
    with pytest.raises(Forbidden):
        extracts.listed(filled, Actor("lpm", "LPM", (Grant(Role.LPM),)), 1)
