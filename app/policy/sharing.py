"""On what each outgoing flow of data rests, who owns it and when it is reviewed: the rows of data_sharing.csv."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.policy.reading import BrokenTable, Line

COLUMNS = ("since", "flow", "legal_basis", "source", "owner", "review_on")


class Flow(StrEnum):
    """Every way by which data about people leaves."""

    CONSOLIDATED = "consolidated"
    MIDAS = "midas"
    WARNINGS_INDEX = "warnings_index"
    FEED = "feed"
    EXTRACTS = "extracts"
    STATUS_CHECKS = "status_checks"
    ACCESS_REQUESTS = "access_requests"


@dataclass(frozen=True)
class Terms:
    """`source` is where the legal basis is said; `review_on` the last day by which it is to be looked at again."""

    since: date
    legal_basis: str
    source: str
    owner: str
    review_on: date

    def is_overdue(self, today: date) -> bool:
        return today > self.review_on


Sharing = Mapping[Flow, Sequence[Terms]]


def terms_on(sharing: Sharing, flow: Flow, today: date) -> Terms:
    """The row in force on a day: the newest that has begun, and before all of them the first."""
    terms = sharing[flow]
    return next((each for each in reversed(terms) if each.since <= today), terms[0])


def sharing(lines: Sequence[Line]) -> Sharing:
    """The rows of each flow in order of their day. Raises BrokenTable for a flow that is missing or twice from one day."""
    found: dict[Flow, dict[date, Terms]] = {flow: {} for flow in Flow}
    for line in lines:
        flow, since, review_on = Flow(line.choice("flow", Flow)), line.day("since"), line.day("review_on")
        if since in found[flow]:
            raise line.fault(f"a second row of {flow} from {since}. Keep one.")
        if review_on <= since:
            raise line.fault(f"review_on {review_on} is not after {since}. Enter a later day.")
        found[flow][since] = Terms(since, line.text("legal_basis"), line.text("source"), line.text("owner"), review_on)
    if missing := [flow.value for flow, terms in found.items() if not terms]:
        raise BrokenTable("data_sharing.csv", None, f"it lacks {', '.join(missing)}.")
    return {flow: [terms[since] for since in sorted(terms)] for flow, terms in found.items()}
