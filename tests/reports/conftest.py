"""Two London trusts and a Welsh board that report, with what became of their debts over three months."""

from dataclasses import dataclass
from datetime import date

import pytest

from app.core.db import Database
from app.debts import service
from app.debts.service import Move
from app.return_template.choices import Status
from tests.returns.conftest import MakeTrust, Trust, at, hospital, rj1, row

__all__ = ["hospital", "rj1"]


@dataclass
class Year:
    """Trusts by code, and how one of their debts moves on a day."""

    database: Database
    trusts: dict[str, Trust]

    def move(self, number: str, status: Status, pence: int, on: str, day: date | None, **more: bool) -> None:
        trust = next(one for one in self.trusts.values() if number.startswith(one.code))
        with at(on), self.database.writing() as db:
            service.change_status(db, trust.officer, trust.debt(number).id, Move(status, day, pence, **more))


@pytest.fixture
def year(database: Database, hospital: MakeTrust) -> Year:
    """September: five debts of £2,550, two of them of one person at two trusts. October: one repaid, one arranged after
    a part payment. November: one paid in part.
    """
    made = Year(database, {code: hospital(code) for code in ("RJ1", "RYJ", "7A4")})
    same = {"given_names": "Ada", "passport_number": "P55555"}
    sites = [{"site": "St Example"}, {"site": " st  example "}, {}]
    first = [row(f"RJ1-{number}", **(same if number == 0 else {}), **sites[number]) for number in range(3)]
    made.trusts["RJ1"].send(first, "2026-08", "2026-09-10")
    made.trusts["RYJ"].send([row("RYJ-0", **same)], "2026-08", "2026-09-11")
    made.trusts["7A4"].send([row("7A4-0")], "2026-08", "2026-09-12")
    made.move("RJ1-1", Status.REPAID, 0, "2026-10-05", date(2026, 10, 5))
    made.move("RJ1-2", Status.ARRANGEMENT, 200_000, "2026-10-20", date(2026, 10, 20))
    made.move("RYJ-0", Status.OUTSTANDING, 155_000, "2026-11-03", None)
    return made
