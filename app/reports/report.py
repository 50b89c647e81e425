"""What a report is: its name, the question it answers, and how it is built for a reader's organisations and months."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.periods.calendar import Period
from app.reports.table import Table

SPANS = (1, 3, 6, 12, 24)  # months that a report may look back
SPANS_PROTECTED = (12,)  # of two that differ by a month, the sums would tell about that month


@dataclass(frozen=True)
class Asked:
    """The months that a report is about, and whose: of a nation, a region or all."""

    first: Period
    last: Period
    nation: str = ""
    region: str = ""

    @property
    def months(self) -> list[Period]:
        return list(Period.span(self.first, self.last))


@dataclass(frozen=True)
class Reader:
    """For whom it is built. `codes` are the organisations in scope that the question asks for, by code with their facts.

    `is_exact`: small numbers are shown too. `names_senders`: may read which organisations send returns, and how well.
    `today` is the UK date.
    """

    organisations: tuple["Body", ...]
    is_exact: bool
    today: date
    is_everybody: bool
    names_senders: bool = False

    @property
    def codes(self) -> list[str]:
        return [one.code for one in self.organisations]


@dataclass(frozen=True)
class Body:
    """An organisation as reports name it."""

    code: str
    name: str
    nation: str
    region: str


Build = Callable[[Session, Reader, Asked], list[Table]]


@dataclass(frozen=True)
class Report:
    """`slug` stands in addresses; `question` is what its reader wants to know. `notes` say how figures come about.

    `tells_of_nobody`: some of its figures are not about people, so it is worth asking for one nation or region too when
    those about people are left out.
    """

    slug: str
    title: str
    question: str
    build: Build
    notes: tuple[str, ...] = ()
    tells_of_nobody: bool = False
