"""What moved in each month and at each organisation, so that opening figures and movements add up to closing figures."""

from collections import defaultdict
from collections.abc import Iterable

from sqlmodel import Session

from app.periods.calendar import Period
from app.reports import places
from app.reports.lives import Life, lives
from app.reports.places import Place
from app.reports.report import Asked, Reader, Report
from app.reports.rules.movements import Movement, Stand, movements
from app.reports.stock import MonthEnds
from app.reports.table import Across, Chart, Column, Row, Shape, Table, Unit, Value
from app.reports.tally import Figures, Tally, together

START, END = "at_start", "at_end"
_NAMES = {
    START: ("At the start", "Open at the beginning."),
    Movement.NEW: ("New", "Debts reported for the first time, and open."),
    Movement.TAKEN_OVER: ("Taken over", "Open debts loaded from the register before this service."),
    Movement.REINSTATED: ("Reinstated", "Debts that had ended and were opened again by the Debtors Team."),
    Movement.REPAID: ("Repaid", "Open debts recorded as repaid; the money is what was outstanding just before."),
    Movement.WITHDRAWN: ("Withdrawn", "Open debts withdrawn as reported in error, with what was outstanding then."),
    Movement.PART_PAID: ("Paid in part", "Amounts that went down on debts that stayed open; each time counts as one."),
    Movement.CORRECTED: (
        "Corrections",
        "What corrected statuses and amounts, amounts that went up and withdrawn returns added or took away.",
    ),
    END: ("At the end", "Open at the end: the start and what was added, less what was taken away."),
    Movement.ARRANGED: ("To arrangement", "Open debts for which a repayment arrangement began."),
    Movement.DEFAULTED: ("Defaulted", "Open debts on which somebody defaulted."),
}
_CHANGING = tuple(one for one in Movement if one not in {Movement.ARRANGED, Movement.DEFAULTED})
_MEASURES = (("debts", "Debts", Unit.COUNT), ("people", "People", Unit.COUNT), ("money", "Money", Unit.MONEY))
_CHARTED = (Movement.NEW, Movement.REPAID, Movement.PART_PAID)


class _Ledger:
    """Movements by organisation and month, and what stood at the end of each month."""

    def __init__(self, found: Iterable[Life], months: int) -> None:
        self.months = months
        self.ends = MonthEnds((), months)
        self._moved: dict[tuple[str, int, Movement], Tally] = defaultdict(Tally)
        for life in found:
            self.ends.add(life)
            self._note(life)
        self.kinds = {movement for _, _, movement in self._moved}

    def _note(self, life: Life) -> None:
        was: Stand | None = None
        for step in life.steps:
            now = Stand(step.status, step.pence)
            if 1 <= step.month <= self.months:
                for movement, debts, pence in movements(step.kind, was, now, step.is_taken_over):
                    self._moved[life.code, step.month, movement].add(life.person, pence, debts)
            was = now

    def moved(self, codes: Iterable[str], months: Iterable[int], movement: Movement) -> Figures:
        wanted = list(months)
        keys = ((code, month, movement) for code in codes for month in wanted)
        return together(self._moved[key] for key in keys if key in self._moved)

    def values(self, place: Place, stood: list[Figures], first: int, last: int) -> dict[str, Value]:
        """Of the months from the first to the last, both counted from 1. `stood` is how the place stood at every point."""
        found: dict[str, Figures] = {START: stood[first - 1], END: stood[last]}
        for movement in Movement:
            found[movement] = self.moved(place.codes, range(first, last + 1), movement)
        values: dict[str, Value] = {}
        for key, one in found.items():
            values |= {f"debts_{key}": one.debts, f"money_{key}": one.pence, f"people_{key}": one.people}
        return values


def build(db: Session, reader: Reader, asked: Asked) -> list[Table]:
    """Three tables by month, then three by organisation where there is more than one."""
    ledger = _Ledger(lives(db, reader, asked), len(asked.months))
    whole = places.everywhere(reader)
    months = _months(ledger, whole, asked.months)
    total = _total(ledger, whole, months, asked.months)
    tables = [_table("months", measure, ledger, months, total if len(months) > 1 else None) for measure in _MEASURES]
    if len(reader.organisations) > 1:
        rows = [_organisation(ledger, place) for place in places.organisations(reader)]
        moved = [row for row in rows if any(row.values.values())]
        tables += [_table("organisations", measure, ledger, moved, total) for measure in _MEASURES]
    return tables


def _months(ledger: _Ledger, whole: Place, months: list[Period]) -> list[Row]:
    """A month starts with the figure with which the one before it ended."""
    stood, rows, before = ledger.ends.over(whole.codes), list[Row](), ""
    for number, month in enumerate(months, start=1):
        same = {f"people_{START}": (before, f"people_{END}")} if before else {}
        rows.append(Row(month.label, ledger.values(whole, stood, number, number), same=same))
        before = month.label
    return rows


def _total(ledger: _Ledger, whole: Place, rows: list[Row], months: list[Period]) -> Row:
    values = ledger.values(whole, ledger.ends.over(whole.codes), 1, len(months))
    same = {f"people_{START}": (rows[0].name, f"people_{START}"), f"people_{END}": (rows[-1].name, f"people_{END}")}
    if len(rows) == 1:
        same |= {f"people_{movement}": (rows[0].name, f"people_{movement}") for movement in Movement}
    return Row("All", values, same=same)


def _organisation(ledger: _Ledger, place: Place) -> Row:
    return Row(place.name, ledger.values(place, ledger.ends.over(place.codes), 1, ledger.months), code=place.code)


def _table(key: str, measure: tuple[str, str, Unit], ledger: _Ledger, rows: list[Row], total: Row | None) -> Table:
    what, name, unit = measure
    columns = tuple(
        Column(f"{what}_{one}", heading, unit, definition, behind=f"people_{one}")
        for one, (heading, definition) in _NAMES.items()
        if one != Movement.TAKEN_OVER or one in ledger.kinds
    )
    by, heading = ("by month", "Month") if key == "months" else ("by organisation", "Organisation")
    chart = None
    if key == "months" and what == "money" and len(rows) > 1:
        chart = Chart(
            Shape.LINES, tuple(f"money_{one}" for one in _CHARTED), "Money that was new, repaid and paid in part"
        )
    across = Across(tuple(f"people_{one}" for one in _CHANGING))  # start and end stand in the report by status too
    return Table(f"{key}-{what}", f"{name} {by}", heading, columns, tuple(rows), total, (across,), chart)


MOVEMENTS = Report(
    "movements", "Movements", "What came in, what was paid, and what is left?", build,
    notes=(
        "A movement belongs to the month in which the register was told of it. At the end = at the start + new + taken over "
        "+ reinstated − repaid − withdrawn − paid in part (money only) + corrections.",
        "What was recorded by mistake stays in the month in which it was recorded; putting it right is a correction of the "
        "month in which that was done.",
        "Moves to arrangement and default leave a debt open and so are not part of the sum. People count once in each figure "
        "and do not add up.",
    ),
)  # fmt: skip
