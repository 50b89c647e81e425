"""What this process counts for those who watch it. Labels are of few values: routes, codes, jobs, never a thing or a person.

With several processes each counts into files of PROMETHEUS_MULTIPROC_DIR, and `watching.listener` adds them up.
"""

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second number beside each, which nobody watches
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS = Histogram(
    "debtor_returns_request_seconds",
    "Requests answered, by the route's pattern, and how long they took.",
    ["method", "route", "status"],
    buckets=_SECONDS,
)
TROUBLES = Counter(
    "debtor_returns_troubles_total", "Requests answered with a trouble, by status and code.", ["status", "code"]
)
UPLOADS = Counter(
    "debtor_returns_uploads_total",
    "Files judged, by what became of them; of a refused one also the code.",
    ["outcome", "code"],
)
READERS_REPLACED = Counter(
    "debtor_returns_readers_replaced_total", "Processes for reading workbooks that died or were overdue, and replaced."
)
JOB_ROUNDS = Counter("debtor_returns_job_rounds_total", "Rounds of the worker's jobs.", ["job", "outcome"])
JOB_SECONDS = Counter("debtor_returns_job_seconds_total", "Time spent in the worker's jobs.", ["job"])
JOB_ENDED = Gauge(
    "debtor_returns_job_last_ended_timestamp_seconds", "When a job last ended without a trouble.", ["job"]
)
