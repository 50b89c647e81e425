"""Pages of a large register that do not depend on one debt, and who looks at them."""

from app.debts.queries import Sort
from app.reports.catalogue import REPORTS
from bench.million.making import AUDITOR, BOARD, OFFICER, TEAM, manager

MANAGER = manager(0)
# Each filter that the list offers, alone; then some together; then every order; then a page far behind.
FILTERS = (
    "", "?status=open", "?status=defaulted", "?status=withdrawn", "?held=yes", "?held=no", "?region=London",
    "?nationality=Ghana", "?min_amount=5000", "?max_amount=600", "?min_total=10000", "?older=1800", "?newer=100",
    "?changed-day=1&changed-month=11&changed-year=2026", "?min_total=10000&status=open&sort=amount",
    "?region=London&status=open&min_amount=2000", "?nationality=Ghana&older=400",
    "?held=yes&region=London", "?min_amount=5000&sort=family-name", "?region=London&sort=amount",
    "?status=defaulted&sort=last-changed", *(f"?sort={sort}" for sort in Sort), "?page=100", "?page=100&sort=amount",
)  # fmt: skip
PLACES: tuple[tuple[str, str], ...] = (
    *((email, "/") for email in (TEAM, OFFICER, MANAGER, BOARD, AUDITOR)),
    (OFFICER, "/debts"),
    (OFFICER, "/returns"),
    (OFFICER, "/open-rows"),
    (OFFICER, "/submissions"),
    (TEAM, "/returns"),
    (TEAM, "/matches"),
    (TEAM, "/disputes"),
    (TEAM, "/releases"),
    (TEAM, "/warnings-index"),
    (TEAM, "/data-sharing"),
    (TEAM, "/organisations/RJ1"),
    *((email, "/submissions") for email in (TEAM, MANAGER)),
    (TEAM, "/submissions?from=2024-11&to=2026-10"),
    (TEAM, "/submissions?period=2026-10"),
    *((email, "/submissions/missing") for email in (TEAM, MANAGER)),
    *((TEAM, f"/submissions/rates{what}") for what in ("", "?by=organisation", "?from=2021-11&to=2026-10&by=lpm")),
    (BOARD, "/submissions/rates"),
    *((TEAM, f"/reports/{report.slug}") for report in REPORTS),
    *((AUDITOR, f"/audit{what}") for what in (
        "", "?action=personal-data%3Aview", "?organisation=RJ1", "?subject=debt", "?outcome=refused",
        "?from=2026-10-01&to=2026-10-31", "?from=2020-10-01&to=2020-10-31",
    )),
)  # fmt: skip
