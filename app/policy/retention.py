"""How long each kind of thing is kept before it is purged: the rows of retention.csv."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.core.months import months_later
from app.policy.reading import BrokenTable, Line

COLUMNS = ("since", "kind", "keep", "unit")


class Kept(StrEnum):
    """What has a time of its own, and from which day that is counted."""

    ORIGINAL = "original"  # a file as it was sent and its name, from the day it was submitted
    REJECTED_ROW = "rejected_row"  # what a row said that went back, from its closing
    REPAID_DEBT = "repaid_debt"  # from its status date or the newest event, whichever is later
    WITHDRAWN_DEBT = "withdrawn_debt"  # the same
    REFUSED_UPLOAD = "refused_upload"  # that a file was refused, from that day
    STATUS_CHECK = "status_check"  # that a debt was told to somebody at the border, from that day
    MESSAGE = "message"  # the text of a mail to staff, from the day it was written
    MAIL = "mail"  # that it was written, to whom and why, the same
    ENDED_ACCESS = "ended_access"  # links and tokens that let nobody in any more, from their end
    CONTACT_LOG = "contact_log"  # how an organisation was contacted, from that day
    RELEASE_FILE = "release_file"  # the files of a release, from the day it was released
    RELEASE_LINE = "release_line"  # what its lines said, the same, where no debt still rests on it
    ABANDONED_RELEASE = "abandoned_release"  # what the lines of one said that never left, from the day it was given up
    AWAITED_REMOVAL = (
        "awaited_removal"  # a debt whose removal a recipient awaits, from the last release to that recipient
    )


@dataclass(frozen=True)
class Term:
    """From a day on, things are kept for so many days or calendar months."""

    since: date
    keep: int
    unit: str

    def over_on(self, today: date) -> date:
        """What is of this day or an earlier one has been kept long enough today."""
        if self.unit == "days":
            return today - timedelta(days=self.keep)
        return months_later(today, -self.keep)


Retention = Mapping[Kept, Sequence[Term]]


def term_on(retention: Retention, kind: Kept, today: date) -> Term:
    """The row in force on a day: the newest that has begun, and before all of them the first."""
    terms = retention[kind]
    return next((term for term in reversed(terms) if term.since <= today), terms[0])


def retention(lines: Sequence[Line]) -> Retention:
    """The rows of each kind in order of their day. Raises BrokenTable for a kind that is missing or twice from one day."""
    found: dict[Kept, dict[date, Term]] = {kind: {} for kind in Kept}
    for line in lines:
        kind, since = Kept(line.choice("kind", Kept)), line.day("since")
        if since in found[kind]:
            raise line.fault(f"a second row of {kind} from {since}. Keep one.")
        found[kind][since] = Term(since, line.whole("keep"), line.choice("unit", ("days", "months")))
    if missing := [kind.value for kind, terms in found.items() if not terms]:
        raise BrokenTable("retention.csv", None, f"it lacks {', '.join(missing)}.")
    return {kind: [terms[since] for since in sorted(terms)] for kind, terms in found.items()}
