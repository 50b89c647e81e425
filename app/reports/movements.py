"""What moved in each month and at each organisation, so that opening figures and movements add up to closing figures."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlmodel import Session

from app.periods.calendar import Period
from app.reports import places
from app.reports.lives import Life, lives
from app.reports.places import Place
from app.reports.report import Asked, Reader, Report
from app.reports.rules.movements import Movement, Stand, movements, net
from app.reports.stock import MonthEnds
from app.reports.table import Across, Chart, Column, Row, Shape, Table, Unit, Value
from app.reports.tally import Figures, Tally, together

START, END, OTHER = "at_start", "at_end", "other"
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
    OTHER: (
        "Other changes",
        "What else changed what was open, added up: taken over + reinstated − withdrawn − paid in part + corrections.",
    ),
    END: ("At the end", "Open at the end: the start and what was added, less what was taken away."),
    Movement.ARRANGED: ("To arrangement", "Open debts for which a repayment arrangement began."),
    Movement.DEFAULTED: ("Defaulted", "Open debts on which somebody defaulted."),
}
_BESIDE = (Movement.ARRANGED, Movement.DEFAULTED)  # not part of the sum
_EVERY: tuple[str, ...] = tuple(Movement)
_FEW: tuple[str, ...] = (Movement.NEW, Movement.REPAID, OTHER, *_BESIDE)  # what is seldom would hide what is not
_MEASURES = (("debts", "Debts", Unit.COUNT), ("people", "People", Unit.COUNT), ("money", "Money", Unit.MONEY))
_CHARTED = (Movement.NEW, Movement.REPAID, Movement.PART_PAID)


class _Ledger:
    """Movements by organisation and month, and what stood at the end of each month. `kinds` are told apart, others are OTHER."""

    def __init__(self, found: Iterable[Life], months: int, kinds: Sequence[str]) -> None:
        self.months, self.kinds = months, kinds
        self.ends = MonthEnds((), months)
        self._moved: dict[tuple[str, int, str], Tally] = defaultdict(Tally)
        for life in found:
            self.ends.add(life)
            self._note(life)
        self.happened = {movement for _, _, movement in self._moved}

    def _note(self, life: Life) -> None:
        was: Stand | None = None
        for step in life.steps:
            now = Stand(step.status, step.pence)
            if 1 <= step.month <= self.months:
                for one in movements(step.kind, was, now, step.is_taken_over):
                    told = one.movement in self.kinds
                    debts, pence = (one.debts, one.pence) if told else net(one)
                    kind = one.movement if told else OTHER
                    self._moved[life.code, step.month, kind].add(life.person, pence, debts)
            was = now

    def moved(self, codes: Iterable[str], months: Iterable[int], kind: str) -> Figures:
        wanted = list(months)
        keys = ((code, month, kind) for code in codes for month in wanted)
        return together(self._moved[key] for key in keys if key in self._moved)

    def values(self, place: Place, stood: list[Figures], first: int, last: int) -> dict[str, Value]:
        """Of the months from the first to the last, both counted from 1. `stood` is how the place stood at every point."""
        found: dict[str, Figures] = {START: stood[first - 1], END: stood[last]}
        for kind in self.kinds:
            found[kind] = self.moved(place.codes, range(first, last + 1), kind)
        values: dict[str, Value] = {}
        for key, one in found.items():
            values |= {f"debts_{key}": one.debts, f"money_{key}": one.pence, f"people_{key}": one.people}
        return values


def build(db: Session, reader: Reader, asked: Asked) -> list[Table]:
    """Three tables by month, then three by organisation where there is more than one.

    Protected readers see months alone: sums of two spans could be subtracted from each other, and would tell of one month.
    """
    ledger = _Ledger(lives(db, reader, asked), len(asked.months), _EVERY if reader.is_exact else _FEW)
    whole = places.everywhere(reader)
    months = _months(ledger, whole, asked.months)
    if not reader.is_exact:
        return [_table("months", measure, ledger, months, None) for measure in _MEASURES]
    stood = ledger.ends.over(whole.codes)
    total = Row("All", ledger.values(whole, stood, 1, ledger.months))
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


def _organisation(ledger: _Ledger, place: Place) -> Row:
    return Row(place.name, ledger.values(place, ledger.ends.over(place.codes), 1, ledger.months), code=place.code)


def _table(key: str, measure: tuple[str, str, Unit], ledger: _Ledger, rows: list[Row], total: Row | None) -> Table:
    what, name, unit = measure
    columns = tuple(
        Column(f"{what}_{one}", heading, unit, definition, behind=f"people_{one}")
        for one, (heading, definition) in _NAMES.items()
        if one in {START, END, *ledger.kinds} and (one != Movement.TAKEN_OVER or one in ledger.happened)
    )
    by, heading = ("by month", "Month") if key == "months" else ("by organisation", "Organisation")
    chart = None
    if key == "months" and what == "money" and len(rows) > 1:
        charted = tuple(f"money_{one}" for one in _CHARTED if one in ledger.kinds)
        chart = Chart(Shape.LINES, charted, "What was new and what was paid in each month, in money")
    # The start and the end stand in the report by status too, and cannot be hidden here.
    across = Across(tuple(f"people_{one}" for one in ledger.kinds if one not in _BESIDE))
    return Table(f"{key}-{what}", f"{name} {by}", heading, columns, tuple(rows), total, (across,), chart)


MOVEMENTS = Report(
    "movements", "Movements", "What came in, what was paid, and what is left?", build,
    notes=(
        "A movement belongs to the month in which the register was told of it. At the end = at the start + new − repaid + what "
        "else changed, which is taken over + reinstated − withdrawn − paid in part (money only) + corrections. Where small "
        "numbers are not shown, all this is put together as other changes: below zero where more was taken away than added.",
        "What was recorded by mistake stays in the month in which it was recorded; putting it right is a correction of the "
        "month in which that was done.",
        "Moves to arrangement and default leave a debt open and so are not part of the sum. People count once in each figure "
        "and do not add up.",
    ),
)  # fmt: skip
