"""Who owes a month's return and has not sent it: the list that a Local Partnership Manager works from, and as CSV."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query, Response

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.contact_log import queries as contact_log
from app.contact_log.models import ContactEntry
from app.core import clock
from app.core.db import Session
from app.core.errors import Refused
from app.core.spreadsheet.csv_writing import Value, csv_table
from app.http.deps import Reading
from app.http.downloads import CSV, download
from app.periods.calendar import Period
from app.reminders.sent import Sent, sent
from app.submissions import service
from app.submissions.not_submitted import MONTHS, Line, Sort, addresses, not_submitted, ordered
from app.submissions.rules.due import in_words
from app.submissions.standings import Lpm
from app.submissions.troubles import Trouble, troubles
from app.web.page_route import pages
from app.web.render import page
from app.web.visit import May, Visit
from app.web.words import contact_kind, state_word

missing = pages()
Reader = Annotated[Visit, May(Permission.SUBMISSION_READ)]
Named = Annotated[str, Query(max_length=254)]
MONTHS_BACK = 24
MINE, EVERYBODY = "mine", "all"
NEVER, SOME = "never", "some"
SORTS = [
    (Sort.NAME.value, "Name"),
    (Sort.SILENCE.value, "Longest silent first"),
    (Sort.LATENESS.value, "Most often late or missing first"),
    (Sort.ROWS.value, "Most rows to mend first"),
]
HEARD = [("", "All"), (NEVER, "Never"), (SOME, "At least once")]
HEADINGS = (
    "Code", "Organisation", "Nation", "Region", "Local Partnership Manager", "State", "Due", "Officers", "Office", "Phone",
    "Write to", "Last return for", "Last return received", "Months owed", "Late", "Missing", "Rows to mend",
    "Last contact on", "Last contact", "Reminded on",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """The texts of an address. `lpm` is an e-mail address, “mine” or “all”; empty: the own portfolio of whoever has one."""

    period: Named = ""
    region: Named = ""
    nation: Named = ""
    lpm: Named = ""
    heard: Named = ""
    sort: Named = ""

    @property
    def month(self) -> Period:
        return Period.parse(self.period) if self.period else Period.containing(clock.today()).previous()

    @property
    def order(self) -> Sort:
        if self.sort and self.sort not in set(Sort):
            raise Refused("There is no such order. Choose one on the list.")
        return Sort(self.sort or Sort.NAME)

    def address(self, path: str) -> str:
        kept = {name: text for name, text in asdict(self).items() if text}
        return f"{path}?{urlencode(kept)}" if kept else path


AskedFor = Annotated[Asked, Depends()]


@missing.get("/submissions/missing")
def get_missing(visit: Reader, db: Reading, asked: AskedFor) -> Response:
    month, today = asked.month, clock.today()
    portfolio = _portfolio(visit.actor)
    everybody = not_submitted(db, visit.actor.scope(Permission.SUBMISSION_READ), month)
    found = _narrowed(everybody, asked, portfolio)
    to = addresses(found)
    return page(
        visit, "submissions/missing.html", month=month, asked=asked, lpm=_chosen(asked, portfolio), months=_months(month),
        found=found, back={line.code: line.last.ago(today) for line in found if line.last}, last_months=MONTHS,
        due={line.cell.due_on: in_words(line.cell.due_on, today) for line in found},
        addresses="; ".join(to), address_count=len(to), without=[line.cell.name for line in found if not line.addresses],
        troubles=_troubles(db, visit.actor, asked, portfolio), csv=asked.address("/submissions/missing.csv"),
        others=len(everybody) - len(found), all_of_them=_all(month), sorts=SORTS, heard=HEARD,
        nations=_choices(line.cell.nation for line in everybody), regions=_choices(line.cell.region for line in everybody),
        lpms=_lpms(everybody, portfolio),
        contacted=_contacted(db, visit.actor, found), reminded=_reminded(db, visit.actor, found, month), logs=visit.actor.scope(Permission.CONTACT_LOG_READ),
    )  # fmt: skip


@missing.get("/submissions/missing.csv")
def get_missing_csv(visit: Reader, db: Reading, asked: AskedFor) -> Response:
    everybody = not_submitted(db, visit.actor.scope(Permission.SUBMISSION_READ), asked.month)
    found = _narrowed(everybody, asked, _portfolio(visit.actor))
    contacted, reminded = _contacted(db, visit.actor, found), _reminded(db, visit.actor, found, asked.month)
    rows = (_as_row(line, contacted.get(line.code), reminded.get(line.code)) for line in found)
    return download(csv_table(HEADINGS, rows), f"not-submitted-{asked.month}.csv", CSV)


def _portfolio(actor: Actor) -> frozenset[str]:
    """The organisations that a Local Partnership Manager looks after; none of anybody else."""
    return actor.scope(Permission.CONTACT_LOG_KEEP) or frozenset()


def _chosen(asked: Asked, portfolio: frozenset[str]) -> str:
    return asked.lpm or (MINE if portfolio else EVERYBODY)


def _narrowed(everybody: Sequence[Line], asked: Asked, portfolio: frozenset[str]) -> list[Line]:
    if asked.heard not in {"", NEVER, SOME}:
        raise Refused("There is no such choice. Choose one on the list.")
    found = [
        line
        for line in everybody
        if _is_in(asked, portfolio, line.code, line.cell.region, line.cell.nation, line.cell.lpms)
        and (not asked.heard or (asked.heard == NEVER) is (line.last is None))
    ]
    return ordered(found, asked.order)


def _is_in(  # each is one of the filter's own words
    asked: Asked, portfolio: frozenset[str], code: str, region: str, nation: str, lpms: Sequence[Lpm]
) -> bool:
    lpm = _chosen(asked, portfolio)
    theirs = code in portfolio if lpm == MINE else lpm == EVERYBODY or any(one.is_called(lpm) for one in lpms)
    return theirs and asked.region in {"", region} and asked.nation in {"", nation}


def _troubles(db: Session, actor: Actor, asked: Asked, portfolio: frozenset[str]) -> list[Trouble]:
    found = service.concerns(db, actor.scope(Permission.SUBMISSION_READ), asked.month)
    return troubles(
        db, [one for one in found if _is_in(asked, portfolio, one.organisation, one.region, one.nation, one.lpms)]
    )


def _all(month: Period) -> str:
    return "/submissions/missing?" + urlencode({"period": str(month), "lpm": EVERYBODY})


def _months(chosen: Period) -> list[tuple[str, str]]:
    now = Period.containing(clock.today())
    return [(str(one), one.label) for one in sorted({*Period.span(now.plus(-MONTHS_BACK), now), chosen}, reverse=True)]


def _choices(found: Iterable[str]) -> list[tuple[str, str]]:
    return [("", "All"), *((one, one) for one in sorted(set(found)))]


def _lpms(everybody: Sequence[Line], portfolio: frozenset[str]) -> list[tuple[str, str]]:
    found = {(lpm.email, lpm.name or lpm.email) for line in everybody for lpm in line.cell.lpms}
    own = [(MINE, "My portfolio")] if portfolio else []
    return [*own, (EVERYBODY, "All organisations"), *sorted(found, key=lambda one: one[1].casefold())]


def _contacted(db: Session, actor: Actor, found: Sequence[Line]) -> dict[str, ContactEntry]:
    """The newest contact with each, where this person may read the log."""
    return (
        contact_log.last_of(db, actor, [line.code for line in found]) if actor.may(Permission.CONTACT_LOG_READ) else {}
    )


def _reminded(db: Session, actor: Actor, found: Sequence[Line], month: Period) -> dict[str, Sent]:
    """The newest reminder of the month to each, for whoever reads reminders."""
    if not actor.may(Permission.REMINDER_READ):
        return {}
    newest_first = sent(db, month, [line.code for line in found])
    return {one.organisation: one for one in reversed(newest_first)}


def _as_row(line: Line, contact: ContactEntry | None, reminder: Sent | None) -> list[Value]:
    cell, office, last = line.cell, line.office, line.last
    return [
        cell.organisation, cell.name, cell.nation, cell.region, cell.lpm, state_word(cell.state), cell.due_on,
        "; ".join(one.name for one in line.officers), office.office if office else None, office.phone if office else None,
        "; ".join(line.addresses), last.period.label if last else "never", clock.uk_date(last.at) if last else None,
        line.owed, line.late, line.missing, line.rows,
        contact.day if contact else None, contact_kind(contact.kind) if contact else None,
        reminder.on if reminder else None,
    ]  # fmt: skip
