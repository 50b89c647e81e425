"""The one list of reports, in the order in which they are offered."""

from app.reports.concentration import CONCENTRATION
from app.reports.disputes import DISPUTES
from app.reports.rejection_reasons import REJECTION_REASONS
from app.reports.report import Report
from app.reports.submission_rates import SUBMISSION_RATES

REPORTS: tuple[Report, ...] = (SUBMISSION_RATES, CONCENTRATION, REJECTION_REASONS, DISPUTES)
BY_SLUG = {report.slug: report for report in REPORTS}
