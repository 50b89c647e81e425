"""How much of what was invoiced came back: by organisation and, for those who see exact figures, by hospital site."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlmodel import Session, col

from app.debts.models import Debt
from app.reports.lives import persons
from app.reports.report import Asked, Body, Reader, Report
from app.reports.stock import details_then, standing
from app.reports.table import Across, Chart, Column, Row, Shape, Table, Unit
from app.return_template.choices import Status

NO_SITE = "Site not given"

_COLUMNS = (
    Column("people", "People", definition="Different people who were invoiced.", behind="people"),
    Column("invoices", "Invoices", definition="Invoices first reported in these months, without those withdrawn since.",
           behind="people"),
    Column("invoiced", "Invoiced", Unit.MONEY, "The amounts of these invoices.", behind="payers", out_of="people"),
    Column("payers", "People who paid", definition="Those of them who have paid all or a part.", behind="payers"),
    Column("recovered", "Recovered", Unit.MONEY, "What has been paid of these amounts, wholly or in part.",
           behind="payers"),
    Column("unpaid", "Not recovered", Unit.MONEY, "What is still owed of these amounts.", behind="owing",
           out_of="payers"),
    Column("rate", "Recovered of invoiced", Unit.SHARE, "Recovered ÷ invoiced.", behind="payers", out_of="people"),
)  # fmt: skip
# What is outstanding stands in other reports too: invoiced less outstanding is what was paid. So all money is about payers.
_ACROSS = (Across(("payers", "owing"), "people"),)  # invoiced = recovered + not recovered


@dataclass(slots=True)
class _Recovery:
    invoices: int = 0
    invoiced: int = 0
    recovered: int = 0
    people: set[str] = field(default_factory=set)
    payers: set[str] = field(default_factory=set)
    owing: set[str] = field(default_factory=set)
    spelt: Counter[str] = field(default_factory=Counter)

    def add(self, person: str, invoiced: int, recovered: int, spelt: str) -> None:
        self.invoices += 1
        self.invoiced += invoiced
        self.recovered += recovered
        self.people.add(person)
        self.spelt[spelt] += 1
        if recovered > 0:
            self.payers.add(person)
        if recovered < invoiced:
            self.owing.add(person)

    def row(self, name: str, code: str = "") -> Row:
        rate = self.recovered / self.invoiced if self.invoiced else None
        people = {"people": len(self.people), "payers": len(self.payers), "owing": len(self.owing)}
        money = {"invoiced": self.invoiced, "recovered": self.recovered, "unpaid": self.invoiced - self.recovered}
        return Row(name, {**people, **money, "invoices": self.invoices, "rate": rate}, code=code)


def build(db: Session, reader: Reader, asked: Asked) -> list[Table]:
    """Organisations, those with most invoiced first. Sites only where no number is hidden: a site may be very small."""
    found = _recoveries(db, reader, asked)
    bodies = {body.code: body for body in reader.organisations}
    by_trust = {code: _sum(sites.values()) for code, sites in found.items()}
    ranked = sorted(by_trust, key=lambda code: (-by_trust[code].invoiced, bodies[code].name))
    rows = tuple(by_trust[code].row(bodies[code].name, code) for code in ranked)
    chart = Chart(Shape.BARS, ("rate",), "What was recovered of what was invoiced, where most was invoiced")
    total = _sum(by_trust.values()).row("All") if len(rows) > 1 else None
    table = Table(
        "organisations", "By organisation", "Organisation", _COLUMNS, rows, total, _ACROSS, chart, ranked=True
    )
    return [table, _by_site(found, bodies)] if reader.is_exact else [table]


def _recoveries(db: Session, reader: Reader, asked: Asked) -> dict[str, dict[str, _Recovery]]:
    """By organisation and site, whose spelling is taken loosely."""
    found: dict[str, dict[str, _Recovery]] = defaultdict(lambda: defaultdict(_Recovery))
    more = (col(Debt.id), col(Debt.invoice_amount), col(Debt.first_reported_on), col(Debt.site))
    first, last, joined = asked.first.first_day, asked.last.last_day, persons(db)
    then = details_then(db, reader, asked.last)
    for code, debtor, status, pence, id_, invoiced_now, reported, site_now in standing(db, reader, asked.last, *more):
        if status == Status.WITHDRAWN or not first <= reported <= last:
            continue
        were = then.get(id_, {})
        invoiced, site = were.get("invoice_amount", invoiced_now), were.get("site", site_now)
        recovered = invoiced - (0 if status == Status.REPAID else pence)
        spelt = " ".join((site or "").split())
        found[code][spelt.casefold()].add(joined.get(debtor, debtor), invoiced, recovered, spelt)
    return found


def _sum(recoveries: Iterable[_Recovery]) -> _Recovery:
    whole = _Recovery()
    for one in recoveries:
        whole.invoices += one.invoices
        whole.invoiced += one.invoiced
        whole.recovered += one.recovered
        whole.people |= one.people
        whole.payers |= one.payers
        whole.owing |= one.owing
    return whole


def _by_site(found: dict[str, dict[str, _Recovery]], bodies: dict[str, Body]) -> Table:
    rows = []
    for code in sorted(found, key=lambda code: bodies[code].name):
        for _, one in sorted(found[code].items(), key=lambda pair: -pair[1].invoiced):
            spelt = min(one.spelt, key=lambda spelt: (-one.spelt[spelt], spelt)) or NO_SITE
            rows.append(one.row(spelt if len(found) == 1 else f"{bodies[code].name}: {spelt}"))
    notes = ("Sites are put together where they differ only in capitals and spaces.",)
    return Table("sites", "By hospital site", "Hospital site", _COLUMNS, tuple(rows), across=_ACROSS, notes=notes)


RECOVERY = Report(
    "recovery", "Recovery", "How much of what was invoiced has been paid?", build,
    notes=(
        "Of the invoices that were first reported in the chosen months, what had been paid by the end of the last of them. "
        "Invoices of recent months have had little time to be paid: compare spans of the same length.",
    ),
)  # fmt: skip
