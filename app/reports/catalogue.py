"""The one list of reports, in the order in which they are offered."""

from app.reports.ageing import AGEING
from app.reports.concentration import CONCENTRATION
from app.reports.debt_by_status import DEBT_BY_STATUS
from app.reports.movements import MOVEMENTS
from app.reports.recovery import RECOVERY
from app.reports.report import Report

REPORTS: tuple[Report, ...] = (DEBT_BY_STATUS, AGEING, MOVEMENTS, RECOVERY, CONCENTRATION)
BY_SLUG = {report.slug: report for report in REPORTS}
