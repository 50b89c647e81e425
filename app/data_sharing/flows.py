"""The outgoing flows, one list: to whom, what for, and which fields, which are read from the layouts that write them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from app.debts.flag_event import FlagEvent
from app.policy.sharing import Flow
from app.releases.outputs import midas, warnings_index
from app.releases.outputs.consolidated import LAYOUT
from app.return_template.columns import BY_KEY, COLUMNS
from app.status_checks.service import Standing


@dataclass(frozen=True)
class Outgoing:
    """One flow. `file` is the file of a release that it is, if it is one."""

    flow: Flow
    name: str
    recipient: str
    purpose: str
    fields: tuple[str, ...]
    file: str | None = None


def _in_words(names: Iterable[str]) -> tuple[str, ...]:
    """Names as programs write them, as people read them: as in the return, where they stand there too."""
    return tuple(BY_KEY[name].heading if name in BY_KEY else name.replace("_", " ").capitalize() for name in names)


_ANSWERED: Mapping[str, str] = {
    "status": "Status", "owed": "Amount outstanding", "words": "What that means", "last_confirmed": "Last confirmed",
    "unconfirmed": "Unconfirmed", "held": "Held", "caution": "Why not to rely on it", "organisation": "Organisation",
    "contact": "Whom to ask there: office, phone, e-mail address, hours", "contact_of": "Whose contact that is",
}  # fmt: skip
_CONSOLIDATED = tuple(field.heading for field in LAYOUT)

FLOWS: tuple[Outgoing, ...] = (
    Outgoing(
        Flow.CONSOLIDATED, "Consolidated release", "Whom the release names",
        "One signed copy of the debts reported by all organisations", _CONSOLIDATED, "consolidated.xlsx",
    ),
    Outgoing(
        Flow.MIDAS, "MIDAS load file", "The Home Office’s MIDAS team",
        "Adds date of debt and invoice number to the person’s record in the casework system",
        _in_words(column.name for column in midas.LAYOUT), midas.NAME,
    ),
    Outgoing(
        Flow.WARNINGS_INDEX, "Warnings Index file", "The Warnings Index",
        "Tells the border whose debt is outstanding, and whose is not any more",
        _in_words(column.name for column in warnings_index.LAYOUT), warnings_index.NAME,
    ),
    Outgoing(
        Flow.FEED, "Warnings Index feed", "The Warnings Index",
        "Takes a flag off as soon as a debt is paid, arranged, withdrawn or in doubt, and puts it on after a release",
        _in_words(FlagEvent.model_fields),
    ),
    Outgoing(
        Flow.EXTRACTS, "Live extracts of the register", "Whom the Debtors Team names for each",
        "What the Debtors Team names for each; not for enforcement tasking", _CONSOLIDATED,
    ),
    Outgoing(
        Flow.STATUS_CHECKS, "Urgent status checks", "Officers at the border",
        "Tells whether the debt of a passenger who has been stopped is still owed, and whom to ask",
        tuple(_ANSWERED[field.name] for field in fields(Standing)),
    ),
    Outgoing(
        Flow.ACCESS_REQUESTS, "Answers to access requests", "The person whom the data is about",
        "Gives people a copy of what is held about them",
        (*(column.heading for column in COLUMNS if column.leaves),
         "Where each debt came from, what happened to it, and who received it"),
    ),
)  # fmt: skip
