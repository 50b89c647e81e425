"""The one list of reports, in the order in which they are offered."""

from app.reports.ageing import AGEING
from app.reports.concentration import CONCENTRATION
from app.reports.debt_by_status import DEBT_BY_STATUS
from app.reports.disputes import DISPUTES
from app.reports.movements import MOVEMENTS
from app.reports.recovery import RECOVERY
from app.reports.rejection_reasons import REJECTION_REASONS
from app.reports.release_quality import RELEASE_QUALITY
from app.reports.report import Report
from app.reports.submission_rates import SUBMISSION_RATES

REPORTS: tuple[Report, ...] = (
    SUBMISSION_RATES,
    REJECTION_REASONS,
    DEBT_BY_STATUS,
    AGEING,
    MOVEMENTS,
    RECOVERY,
    CONCENTRATION,
    DISPUTES,
    RELEASE_QUALITY,
)
BY_SLUG = {report.slug: report for report in REPORTS}
