"""What the rules may know besides the row: the policy in force, the days that matter, and answers a trust has given."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from app.policy.tables import Policy


@dataclass(frozen=True)
class Context:
    """`reporting_day` is the earlier of the period's last day and the day of upload (docs/promises.md, As-at).

    `confirmed` says whether the trust has confirmed that this very text is an address and not clinical (R17).
    """

    policy: Policy
    period: str
    reporting_day: date
    upload_day: date
    confirmed: Callable[[str], bool] = lambda _text: False


def context_for(policy: Policy, period: str, last_day: date, upload_day: date, **more: object) -> Context:
    return Context(policy, period, min(last_day, upload_day), upload_day, **more)  # type: ignore[arg-type]
