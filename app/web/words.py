"""How pages write values: money, days, instants, numbers with their noun, and the tags of statuses and states."""

from datetime import date, datetime

from app.contact_log.rules.entry import Kind
from app.contact_log.rules.entry import Outcome as ContactOutcome
from app.core import clock
from app.disputes.models import Dispute
from app.disputes.rules.cases import Outcome, Reason
from app.policy.countries import country_name
from app.return_template.choices import Status
from app.returns.models import Lifecycle, Return
from app.returns.models import Outcome as ReturnOutcome
from app.submissions.rules.state import State

# Colours of the design system's tag. The word always stands in it: never colour alone.
_STATUS_COLOURS = {
    Status.OUTSTANDING: "red",
    Status.ARRANGEMENT: "yellow",
    Status.DEFAULTED: "orange",
    Status.REPAID: "green",
    Status.WITHDRAWN: "grey",
}

# Of a month's return: the word and the colour.
_STATES = {
    State.NOT_OWED: ("Not owed", "grey"),
    State.NOT_DUE: ("Not due yet", "blue"),
    State.MISSING: ("Missing", "red"),
    State.SUBMITTED: ("Submitted", "green"),
    State.SUBMITTED_LATE: ("Submitted late", "yellow"),
    State.NIL: ("Nil return", "green"),
    State.NIL_LATE: ("Nil return, late", "yellow"),
    State.EXCUSED: ("Excused", "grey"),
}


def money(pence: int | None) -> str:
    """125000 becomes £1,250.00."""
    return "" if pence is None else f"{'−' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def day(value: date | None) -> str:
    """3 April 2026, in UK time where it is an instant."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = clock.uk_date(value)
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime | None) -> str:
    """3 April 2026, 2:05pm, in UK time."""
    if value is None:
        return ""
    here = value.astimezone(clock.UK)
    return f"{day(here)}, {here.hour % 12 or 12}:{here:%M}{'am' if here.hour < 12 else 'pm'}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 20th."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """“1 row”, “2,100 rows”."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def status_tag(status: str) -> dict[str, str]:
    """The parameters of a tag."""
    known = Status(status)
    return {"text": known.label.split(" - ")[0], "classes": f"govuk-tag--{_STATUS_COLOURS[known]}"}


def state_word(state: str) -> str:
    return _STATES[State(state)][0]


def state_tag(state: str) -> dict[str, str]:
    """The parameters of a tag for where a month's return stands."""
    word, colour = _STATES[State(state)]
    return {"text": word, "classes": f"govuk-tag--{colour}"}


def contact_kind(kind: str) -> str:
    return Kind(kind).label


def contact_outcome(outcome: str) -> str:
    return ContactOutcome(outcome).label


def dispute_reason(code: str) -> str:
    return Reason(code).label


def dispute_tag(dispute: Dispute) -> dict[str, str]:
    """The parameters of a tag for where a dispute stands, or how it ended."""
    if dispute.outcome is not None:
        outcome = Outcome(dispute.outcome)
        return {"text": outcome.label.split(":")[0], "classes": f"govuk-tag--{_OUTCOMES_OF_DISPUTES[outcome]}"}
    if dispute.answer is not None:
        return {"text": "To be settled", "classes": "govuk-tag--blue"}
    return {"text": "Waits for answer", "classes": "govuk-tag--yellow"}


_OUTCOMES_OF_DISPUTES = {
    Outcome.UPHELD: "orange",
    Outcome.PARTLY_UPHELD: "orange",
    Outcome.NOT_UPHELD: "green",
    Outcome.ABANDONED: "grey",
}


def country(code: str | None) -> str:
    return country_name(code) if code else ""


_OUTCOMES = {
    ReturnOutcome.ACCEPTED: ("All rows taken", "green"),
    ReturnOutcome.ACCEPTED_WITH_REJECTIONS: ("Some rows sent back", "yellow"),
    ReturnOutcome.REJECTED: ("All rows sent back", "red"),
    ReturnOutcome.NIL: ("Nil return", "blue"),
}


def outcome_tag(return_: Return) -> dict[str, str]:
    """The parameters of a tag for what became of a return."""
    if return_.lifecycle == Lifecycle.WITHDRAWN:
        return {"text": "Replaced" if return_.superseded_by else "Withdrawn", "classes": "govuk-tag--grey"}
    word, colour = _OUTCOMES[ReturnOutcome(return_.outcome)]
    return {"text": word, "classes": f"govuk-tag--{colour}"}
