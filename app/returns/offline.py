"""Checks a file without a register: the service's own rules, and the names of those that need one."""

from dataclasses import dataclass

from app.core import clock
from app.core.spreadsheet.packing import Packed
from app.core.spreadsheet.reading import readers
from app.periods import service as periods
from app.periods.calendar import Period
from app.policy.in_force import policy_in_force
from app.return_template.columns import KEYS
from app.return_template.stamp import TEMPLATE_VERSION, Stamp
from app.returns.assessing import Assessment, rows_of
from app.returns.judging import Register, Result, judge
from app.returns.parsing import parse
from app.returns.reading import Sheet, read, stamp_refusals
from app.returns.rejection_workbook import RejectedRow
from app.returns.rules.context import context_for
from app.returns.rules.engine import RULES, Finding, Rule, Scope
from app.returns.rules.row import Row
from app.settings import get_settings


@dataclass(frozen=True)
class Checked:
    """A refusal, or the rows as judged; `stamp` is for the workbook of the rows to mend."""

    refusal: tuple[Finding, ...]
    assessment: Assessment | None
    stamp: Stamp

    def rejected(self) -> list[RejectedRow]:
        judged = self.assessment.judged if self.assessment else []
        return [
            RejectedRow(one.row.number, _cells(one.row), one.row.findings)
            for one in judged
            if one.result is Result.REJECTED
        ]


def check(data: bytes, organisation: str | None, period: Period | None) -> Checked:
    """Judges a file as if the register were empty. What is not said is taken from the stamp inside the file."""
    policy, today = policy_in_force(), clock.today()
    sheet = read(data, readers(), policy, get_settings().max_upload_mb)
    stamp = sheet.stamp if isinstance(sheet, Sheet) else None
    organisation = organisation or (stamp.organisation if stamp else None) or ""
    period = period or Period.parse(
        stamp.period if stamp and stamp.period else str(Period.containing(today).previous())
    )
    wanted = Stamp("rejection", organisation, str(period), TEMPLATE_VERSION, None)
    refusal = stamp_refusals(sheet, [organisation], organisation, period, periods.is_open(period, today))
    if isinstance(sheet, list) or refusal:
        return Checked((*(sheet if isinstance(sheet, list) else ()), *refusal), None, wanted)
    rows = rows_of(sheet)
    context = context_for(policy, str(period), period.last_day, today)
    judged = judge(parse(rows.cells, rows.place, context), Register(), context)
    return Checked((), Assessment(rows, context, judged, 0), wanted)


def _cells(row: Row) -> dict[str, Packed]:
    return {key: cell for key, cell in zip(KEYS, row.cells, strict=True) if cell is not None}


def rules_that_need_the_register() -> list[Rule]:
    """What an offline check cannot say. R09 and W08 look at the file alone here."""
    return [rule for rule in RULES.values() if rule.scope is Scope.REGISTER]
