"""The one list of reports, in the order in which they are offered."""

from app.reports.concentration import CONCENTRATION
from app.reports.report import Report

REPORTS: tuple[Report, ...] = (CONCENTRATION,)
BY_SLUG = {report.slug: report for report in REPORTS}
