"""The words of the mails about returns: a receipt, and rows to mend. Numbers and links only, never a word out of a file."""

from dataclasses import dataclass

from app.accounts.letters import Letter, when
from app.periods.calendar import Period
from app.returns.models import Outcome, Return


@dataclass(frozen=True)
class About:
    """A return as its mails speak of it. `to_mend` are the rows that the organisation has to do something about."""

    return_: Return
    organisation: str
    to_mend: int
    link: str
    sign_off: str

    @property
    def month(self) -> Period:
        return Period.parse(self.return_.period)

    @property
    def reference(self) -> str:
        return self.return_.reference or ""


def receipt(about: About) -> Letter:
    """For whoever sent the return."""
    sent = about.return_
    assert sent.submitted_at is not None
    return Letter(
        f"Return {about.reference} received",
        f"""Hello

The return of {about.organisation} for {about.month.label} was received at {when(sent.submitted_at)}. Its reference is {about.reference}.

{_numbers(sent)}

{_next(about)}

The return and its receipt:
{about.link}

{about.sign_off}""",
        about.link,
    )


def rows_to_mend(about: About) -> Letter:
    """For everybody who reports for the organisation."""
    rows, one = _rows(about.to_mend), about.to_mend == 1
    return Letter(
        f"{rows} to mend in the return for {about.month.label}",
        f"""Hello

{rows} of the return {about.reference} of {about.organisation} for {about.month.label} went back. {"It is" if one else "They are"} not in the register until {"it is" if one else "they are"} mended.

See what is wrong and how to mend it, or download what went back as a workbook:
{about.link}

Keep details of patients out of e-mails: mend the rows in the service.

{about.sign_off}""",
        about.link,
    )


def _numbers(sent: Return) -> str:
    if sent.outcome == Outcome.NIL:
        return "It is a nil return: no new debts and no changes."
    lines = [
        f"Rows read: {sent.read:,}",
        f"Accepted: {sent.accepted:,}",
        f"Unchanged: {sent.unchanged:,}",
        f"Rejected: {sent.rejected:,}",
    ]
    return "\n".join([*lines, *([f"Blank rows, which do not count: {sent.blank:,}"] if sent.blank else [])])


def _next(about: About) -> str:
    sent, month = about.return_, about.month
    mend = f"{_rows(about.to_mend)} must be mended: see what is wrong, mend it and send it again."
    if sent.outcome == Outcome.REJECTED:
        return f"What to do next: no row was accepted, so this is not yet your return for {month.label}." + (
            f" {mend}" if about.to_mend else " See why on the page of the return."
        )
    if not sent.qualifies:
        day = f"{month.last_day:%-d %B %Y}"
        return (
            f"What to do next: it came before the end of the month. For it to count, send it again on or after {day}."
            + (f" {mend}" if about.to_mend else "")
        )
    if about.to_mend:
        return f"What to do next: {mend}"
    if sent.rejected:
        return "There is nothing to mend now: the page of the return says why rows were rejected."
    return "There is nothing else to do."


def _rows(number: int) -> str:
    return f"{number:,} {'row' if number == 1 else 'rows'}"
